package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** {@code resolve doctor} as a process, with servers on loopback alone. */
class DoctorTest {
  @TempDir Path directory;

  private Path settings = Path.of("");

  @BeforeEach
  void settings() {
    settings = directory.resolve("doctor.toml");
  }

  @Test
  void aServerThatRespondsIsWellAndTheDaemonIsKnown() throws Exception {
    try (StubNameServer upstream = StubNameServer.start();
        Serve serve = Serve.in(directory).upstream(upstream.address()).start()) {
      write("127.0.0.1:" + serve.port(), upstream.address());
      Ran ran = doctor();
      assertThat(ran.status()).as(ran.said()).isZero();
      assertThat(ran.out())
          .anyMatch(
              line ->
                  line.startsWith(
                      "ok    port         127.0.0.1:"
                          + serve.port()
                          + ": resolve serve, pid "
                          + serve.pid()))
          .anyMatch(line -> line.contains(Addresses.format(upstream.address()) + " over UDP: "))
          .anyMatch(line -> line.contains(Addresses.format(upstream.address()) + " over TCP: "))
          .noneMatch(line -> line.startsWith("FAIL"));
    }
  }

  @Test
  void whereNobodyRespondsItFailsAndSaysSoInJson() throws Exception {
    int port = FreePort.on("127.0.0.1");
    write("127.0.0.1:" + FreePort.on("127.0.0.1"), Addresses.parse("127.0.0.1", port));
    Ran ran = doctor("--json");
    assertThat(ran.status()).as(ran.said()).isEqualTo(1);
    assertThat(ran.out()).hasSize(1);
    assertThat(ran.out().get(0))
        .startsWith("{\"schema\":1,\"findings\":[{\"grade\":\"ok\",\"topic\":\"settings\",")
        .contains("{\"grade\":\"fail\",\"topic\":\"reach\",\"what\":\"no server responds\",")
        .endsWith("],\"exitCode\":1}");
  }

  @Test
  void wrongSettingsAreAMistakeOfTheirOwn() throws Exception {
    Files.writeString(settings, "[server]\nlisten = \"nowhere\"\n");
    Ran ran = doctor();
    assertThat(ran.status()).as(ran.said()).isEqualTo(2);
  }

  private void write(String listen, InetSocketAddress upstream) throws Exception {
    Files.writeString(
        settings,
        "[server]\nlisten = [\"%s\"]\n[upstream]\nservers = [\"%s\"]\n"
            .formatted(listen, Addresses.format(upstream)));
  }

  private Ran doctor(String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("doctor", "--config", settings.toString()));
    words.addAll(List.of(more));
    return Ran.resolve(Map.of(), words.toArray(String[]::new));
  }
}
