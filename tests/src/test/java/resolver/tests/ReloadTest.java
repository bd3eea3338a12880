package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** Other addresses to listen on, while queries come. */
class ReloadTest {
  private static final int PER_SECOND = 5000;
  private static final int RELOADS = 50;
  private static final int BETWEEN_RELOADS = 500;

  @TempDir Path directory;
  private final StubNameServer upstream = StubNameServer.start();
  private final List<String> names =
      IntStream.range(0, 200).mapToObj(i -> "n" + i + ".example.org").toList();
  private Path settings;
  private int port;

  @BeforeEach
  void prepare() throws Exception {
    settings = directory.resolve("resolver.toml");
    port = FreePort.on("127.0.0.1", "127.0.0.2", "127.0.0.3");
    names.forEach(name -> upstream.on(name, "A").answers(name + ". 3600 IN A 192.0.2.1"));
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void fiftyReloadsUnderLoadLoseNothingOnTheAddressThatStays() throws Exception {
    listenOn("127.0.0.1");
    try (Started serve = Started.serve("-c", settings.toString()).ready();
        Load load = Load.on(Addresses.parse("127.0.0.1", port), names, PER_SECOND)) {
      load.awaitMore(PER_SECOND);
      int before = upstream.count();
      // Or more, where this machine is so busy that the daemon asks again.
      assertThat(before).isGreaterThanOrEqualTo(names.size());
      for (int i = 0; i < RELOADS; i++) {
        boolean more = i % 2 == 0;
        if (more) {
          listenOn("127.0.0.1", "127.0.0.2");
        } else {
          listenOn("127.0.0.3", "127.0.0.1");
        }
        reload(serve, "settings read again");
        assertThat(client(more ? "127.0.0.2" : "127.0.0.3").udp(question()).getRcode()).isZero();
        load.awaitMore(BETWEEN_RELOADS);
      }
      load.endWithoutLoss();
      assertThat(upstream.count()).as("the cache was kept").isEqualTo(before);
    }
  }

  @Test
  void anAddressThatCannotBeHadChangesNothing() throws Exception {
    listenOn("127.0.0.1");
    try (Started serve = Started.serve("-c", settings.toString()).ready()) {
      Files.writeString(
          settings,
          Files.readString(settings)
              .replace(
                  "listen = [",
                  "allow = ['192.0.2.0/24']\nlisten = ['127.0.0.2:"
                      + port
                      + "', '198.51.100.1:"
                      + port
                      + "', "));
      assertThat(reload(serve, "not changed")).contains("wrong");
      assertThat(serve.log().await("server.listen: cannot listen on 198.51.100.1:" + port))
          .contains("no such address");
      assertThat(client("127.0.0.1").udp(question()).getRcode()).isZero();
      assertThat(FreePort.on("127.0.0.2")).as("none is left open").isPositive();

      listenOn("127.0.0.2");
      reload(serve, "settings read again");
      assertThat(client("127.0.0.2").tcp(question()).getRcode()).isZero();
    }
  }

  private Message question() {
    return DnsClient.query(names.get(0), "A");
  }

  private DnsClient client(String address) {
    return new DnsClient(Addresses.parse(address, port));
  }

  private void listenOn(String... addresses) throws Exception {
    String list =
        List.of(addresses).stream()
            .map(address -> "'" + address + ":" + port + "'")
            .collect(Collectors.joining(", "));
    String server = Addresses.format(upstream.address());
    Files.writeString(
        settings, "[server]\nlisten = [" + list + "]\n[upstream]\nservers = ['" + server + "']\n");
  }

  private static String reload(Started serve, String told) throws Exception {
    int seen = serve.log().soFar().size();
    serve.signal("HUP");
    return serve.log().await(told, seen);
  }
}
