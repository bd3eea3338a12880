package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Rcode;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Programs;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** The daemon below a parent that opens its sockets, and keeps them while the daemon restarts. */
class PassedSocketsTest {
  private static final int PER_SECOND = 5000;
  private static final int NAMES = 200;

  @TempDir Path directory;
  private final StubNameServer upstream = StubNameServer.start();
  private final List<String> names =
      IntStream.range(0, NAMES).mapToObj(i -> "n" + i + ".example.org").toList();

  /** Names that nobody asks for while the daemon starts again. */
  private final List<String> quiet =
      IntStream.range(0, NAMES).mapToObj(i -> "quiet" + i + ".example.org").toList();

  private int port;

  @BeforeEach
  void prepare() throws Exception {
    port = FreePort.on("127.0.0.1", "127.0.0.2");
    for (List<String> some : List.of(names, quiet)) {
      some.forEach(name -> upstream.on(name, "A").answers(name + ". 3600 IN A 192.0.2.1"));
    }
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void takesThemInWhateverOrderAndTellsSo() throws Exception {
    try (Started serve =
        start("tcp:127.0.0.2", "udp:127.0.0.1", "tcp:127.0.0.1", "udp:127.0.0.1")) {
      serve.ready();
      for (DnsClient client : List.of(client("127.0.0.1"), client("127.0.0.1"))) {
        assertThat(client.udp(DnsClient.query(names.get(0), "A")).getRcode())
            .isEqualTo(Rcode.NOERROR);
        assertThat(client.tcp(DnsClient.query(names.get(1), "A")).getRcode())
            .isEqualTo(Rcode.NOERROR);
      }
      assertThat(client("127.0.0.2").tcp(DnsClient.query(names.get(2), "A")).getRcode())
          .isEqualTo(Rcode.NOERROR);
      assertThat(serve.out().soFar())
          .contains(
              "listening  127.0.0.1:" + port + " (2 times UDP passed, TCP passed)",
              "listening  127.0.0.2:" + port + " (TCP passed)")
          .noneMatch(line -> line.contains("5300"));
    }
  }

  @Test
  void opensWhatTheSettingsSayBesideThemAndNothingTwice() throws Exception {
    try (Started serve =
        start(
            List.of("udp:127.0.0.1"), "--listen", "127.0.0.1:" + port, "-l", "127.0.0.2:" + port)) {
      serve.ready();
      assertThat(serve.out().soFar())
          .contains(
              "listening  127.0.0.1:" + port + " (UDP passed, TCP)",
              "listening  127.0.0.2:" + port + " (UDP and TCP)");
      for (String address : List.of("127.0.0.1", "127.0.0.2")) {
        assertThat(client(address).udp(DnsClient.query(names.get(0), "A")).getRcode()).isZero();
        assertThat(client(address).tcp(DnsClient.query(names.get(0), "A")).getRcode()).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "udp-blocking:127.0.0.1, NonBlocking=yes",
    "udp:0.0.0.0, ListenDatagram=127.0.0.1:",
    "tcp-deaf:127.0.0.1, Accept=no",
    "file:127.0.0.1, it is no socket"
  })
  void refusesWhatWouldNotDoAndSaysTheWayOut(String socket, String wayOut) throws Exception {
    Started serve = start("tcp:127.0.0.1", socket);
    assertThat(serve.log().await("passed socket 4 (name-1)")).contains(wayOut);
    serve.exit();
  }

  @Test
  void aRestartUnderLoadLosesNoQueryAndKeepsTheCache() throws Exception {
    Programs.needRoot();
    Path snapshot = directory.resolve("cache");
    Path settings = directory.resolve("resolver.toml");
    Files.writeString(settings, "[server]\nthreads = 2\n[snapshot]\nfile = \"" + snapshot + "\"\n");
    try (Started serve = start("udp:127.0.0.1", "udp:127.0.0.1", "tcp:127.0.0.1").ready();
        Load load = Load.on(Addresses.parse("127.0.0.1", port), names, PER_SECOND)) {
      for (String name : quiet) {
        assertThat(client("127.0.0.1").udp(DnsClient.query(name, "A")).getRcode()).isZero();
      }
      load.awaitMore(PER_SECOND);
      int said = serve.out().soFar().size();

      serve.tell("restart");

      assertThat(serve.out().await("ended with", said)).endsWith(" 0");
      serve.out().await("ready", said);
      serve.log().await("answers of an earlier run are in the cache");
      load.awaitMore(PER_SECOND / 2);
      load.endWithoutLoss();
      for (String name : quiet) {
        assertThat(client("127.0.0.1").udp(DnsClient.query(name, "A")).getRcode()).isZero();
        assertThat(upstream.count(name, "A")).as("the cache was kept").isEqualTo(1);
      }
    }
    assertThat(snapshot).isNotEmptyFile();
  }

  private DnsClient client(String address) {
    return new DnsClient(Addresses.parse(address, port));
  }

  private Started start(String... sockets) throws Exception {
    return start(List.of(sockets));
  }

  private Started start(List<String> sockets, String... flags) throws Exception {
    Path settings = directory.resolve("resolver.toml");
    if (!Files.exists(settings)) {
      Files.createFile(settings);
    }
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("-c", settings.toString()));
    all.addAll(List.of("--upstream", Addresses.format(upstream.address())));
    return Started.withSockets(
        sockets.stream().map(socket -> socket + ":" + port).toList(), all.toArray(String[]::new));
  }
}
