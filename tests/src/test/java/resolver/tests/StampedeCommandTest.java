package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resolver.settings.Addresses;

/** {@code resolve stampede} as a process that a signal, a pipe or a limit of the machine ends. */
class StampedeCommandTest {
  private static final int PATIENCE_SECONDS = 10;

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void aSignalWhileTheServerIsTriedOutEndsItWithAnEmptyCard(String signal, int status)
      throws Exception {
    // Nobody listens on that port.
    String nobody = "127.0.0.1:" + FreePort.on("127.0.0.1");
    Process process = start("--server", nobody, "--json");
    Lines out = Lines.of("stampede", process.getInputStream());
    Lines err = Lines.of("stampede on standard error", process.getErrorStream());
    err.await("trying again for a while");

    assertThat(endedBy(process, signal)).isEqualTo(status);

    assertThat(out.all())
        .singleElement()
        .asString()
        .contains("\"questions\":0,\"answers\":0")
        .endsWith("\"exitCode\":" + status + "}");
    assertThat(err.all()).noneMatch(line -> line.contains("Exception") || line.contains("LEAK"));
  }

  @Test
  void aSignalAmongRoundsEndsItWithTheWholeOnes() throws Exception {
    String listen = "127.0.0.1:" + FreePort.on("127.0.0.1");
    // The upstream as its own server: it forwards nothing, and so merges nothing.
    Process process =
        start(
            "--server=" + listen,
            "--upstream-listen=" + listen,
            "--clients=60",
            "--molecule=2udp+1tcp",
            "--rounds=100000",
            "--delay=1ms",
            "--json");
    Lines out = Lines.of("stampede", process.getInputStream());
    Lines err = Lines.of("stampede on standard error", process.getErrorStream());
    // Wherever it is by now, it must end well.
    err.await("our upstream listens on");

    assertThat(endedBy(process, "INT")).isEqualTo(130);

    assertThat(out.all())
        .singleElement()
        .asString()
        .contains("\"wrong\":0,\"missing\":0")
        .endsWith("\"exitCode\":130}");
    assertThat(err.all()).noneMatch(line -> line.contains("Exception") || line.contains("LEAK"));
  }

  @Test
  void aReaderThatGoesAwayIsNoDefect() throws Exception {
    Ran ran =
        Ran.program(
            "sh",
            List.of(
                "-c",
                "{ '"
                    + Ran.launcher()
                    + "' stampede --clients=3 --rounds=1 --delay=1ms; echo status $? >&2; }"
                    + " | true"));
    assertThat(ran.err()).containsExactly("status 0");
  }

  @ParameterizedTest
  @CsvSource({"64, 1250", "256, 1250"})
  void withoutDescriptorsItSaysWhatToSet(int limit, int needed) throws Exception {
    Ran ran =
        Ran.program(
            "sh", List.of("-c", "ulimit -n " + limit + "; exec '" + Ran.launcher() + "' stampede"));
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().get(0)).contains("the limit is " + limit).contains("ulimit -n " + needed);
  }

  @Test
  void aDaemonOfOursIsMeasuredLikeAnyServer(@TempDir Path directory) throws Exception {
    String listen = "127.0.0.1:" + FreePort.on("127.0.0.1");
    try (Serve serve =
        Serve.in(directory)
            .settings("upstream.try-timeout = '5s'", "upstream.least-try-timeout = '5s'")
            .upstream(Addresses.parse(listen, 53))
            .start()) {
      Ran ran =
          Ran.resolve(
              Map.of(),
              "stampede",
              "--server=" + Addresses.format(serve.address()),
              "--upstream-listen=" + listen,
              "--clients=60",
              "--molecule=2udp+1tcp",
              "--rounds=5");
      assertThat(ran.status()).as(ran.said()).isZero();
      assertThat(ran.out())
          .anyMatch(line -> line.matches("answers +300   right 300   wrong 0   missing 0"))
          .anyMatch(line -> line.matches("upstream queries +5 .* max 1"));
    }
  }

  private static Process start(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Ran.launcher().toString(), "stampede"));
    command.addAll(List.of(options));
    return Ran.start(
        command, Map.of("RESOLVER_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid"));
  }

  private static int endedBy(Process process, String signal) throws Exception {
    Ran kill = Ran.program("sh", List.of("-c", "kill -" + signal + " " + process.pid()));
    assertThat(kill.status()).as(kill.said()).isZero();
    if (!process.waitFor(PATIENCE_SECONDS, SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("stampede has not ended at " + signal);
    }
    assertThat(process.descendants()).isEmpty();
    return process.exitValue();
  }
}
