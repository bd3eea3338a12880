package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resolver.fixtures.Programs;

/** {@code resolve serve} with flags of the test's choice, perhaps below a parent with sockets. */
final class Started implements AutoCloseable {
  private static final int STOP_SECONDS = 20;
  private static final String JAVA_OPTIONS =
      "-Dio.netty.leakDetection.level=paranoid -XX:TieredStopAtLevel=1";

  private final Process process;
  private final Lines out;
  private final Lines err;

  private Started(Process process) {
    this.process = process;
    this.out = Lines.of("serve", process.getInputStream());
    this.err = Lines.of("serve on standard error", process.getErrorStream());
  }

  /** Starts it, and does not wait. */
  static Started serve(String... flags) throws IOException {
    return new Started(Ran.start(serveCommand(flags), environment()));
  }

  /** The same, with one more option for its Java. */
  static Started serveWithJava(String option, String... flags) throws IOException {
    return new Started(
        Ran.start(serveCommand(flags), Map.of("RESOLVER_JAVA_OPTS", JAVA_OPTIONS + " " + option)));
  }

  /**
   * Starts it with passed sockets.
   *
   * @param sockets in the words of {@code passing.py}
   */
  static Started withSockets(List<String> sockets, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Programs.need("python3").toString());
    command.add(Ran.ROOT.resolve("tests/src/test/resources/passing.py").toString());
    command.addAll(sockets);
    command.add("--");
    command.addAll(serveCommand(flags));
    return new Started(Ran.start(command, environment()));
  }

  private static List<String> serveCommand(String... flags) {
    List<String> command = new ArrayList<>(List.of(Ran.launcher().toString(), "serve"));
    command.addAll(List.of(flags));
    return command;
  }

  private static Map<String, String> environment() {
    return Map.of("RESOLVER_JAVA_OPTS", JAVA_OPTIONS);
  }

  Started ready() throws InterruptedException {
    try {
      out.await("ready");
    } catch (AssertionError e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("serve did not start:\n" + err, e);
    }
    return this;
  }

  Lines out() {
    return out;
  }

  Lines log() {
    return err;
  }

  /** Says a line to the parent with the sockets. */
  void tell(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Sends a signal to the daemon itself, such as HUP. */
  void signal(String name) throws Exception {
    Ran kill = Ran.program("sh", List.of("-c", "kill -" + name + " " + process.pid()));
    assertThat(kill.status()).as(kill.said()).isZero();
  }

  /** Waits for its end and tells the exit status. */
  int exit() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(STOP_SECONDS, SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("serve has not stopped within " + STOP_SECONDS + " s:\n" + err);
    }
    return process.exitValue();
  }

  /** Stops it; it must end well, and have found no defect in itself. */
  @Override
  public void close() throws IOException {
    // A parent ends with its standard input, and takes the daemon with it.
    if (process.info().command().orElse("").contains("java")) {
      process.toHandle().destroy();
    }
    try {
      assertThat(exit()).as("exit status; it said:\n" + err).isZero();
      assertThat(err.all()).noneMatch(line -> line.contains("LEAK") || line.contains("Exception"));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
