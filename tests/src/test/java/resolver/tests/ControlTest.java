package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.ControlSocketClient;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;

/** The control socket of a daemon, and the commands on it, as processes. */
class ControlTest {
  @TempDir Path directory;

  @Test
  void theSocketIsWhereSystemdHasItAndCommandsFindIt() throws Exception {
    Path socket = directory.resolve("control");
    try (StubNameServer upstream = StubNameServer.start()) {
      upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
      try (Serve serve =
          Serve.in(directory)
              .environment("RUNTIME_DIRECTORY", directory.toString())
              .upstream(upstream.address())
              .start()) {
        serve.log().await("control socket at " + socket);
        serve.client().udp(DnsClient.query("www.example.org", "A"));

        Ran status = resolve("status", "--socket", socket.toString());
        assertThat(status.status()).as(status.said()).isZero();
        assertThat(status.out()).anyMatch(line -> line.endsWith(", process " + serve.pid()));
        assertThat(status.out()).anyMatch(line -> line.matches("ledger +leader 1, .*"));
        Ran json = resolve("lookup", "www.example.org", "--socket", socket.toString(), "--json");
        assertThat(json.status()).as(json.said()).isZero();
        assertThat(json.out()).singleElement().asString().contains("\"leftSeconds\":");

        Files.writeString(serve.settings(), "[control]\nsocket = \"" + socket + "\"\n");
        String file = serve.settings().toString();
        Ran reload = resolve("reload", "--config", file);
        assertThat(reload.status()).as(reload.said()).isZero();
        assertThat(reload.out()).anyMatch(line -> line.startsWith("restart  control.socket  "));
        assertThat(resolve("flush", "--all", "--config", file).out())
            .containsExactly("forgotten  1, left 0");
        assertThat(resolve("log-level", "debug", "--config", file).status()).isZero();
        serve.log().await("log.level is debug now");
      }
      assertThat(socket).as("removed at the stop").doesNotExist();
      Ran nobody = resolve("status", "--socket", socket.toString());
      assertThat(nobody.status()).isEqualTo(11);
      assertThat(nobody.err())
          .singleElement()
          .asString()
          .contains("no daemon listens at " + socket);
    }
  }

  @Test
  void reloadsBySignalAndSocketAreAllAnsweredAndMerged() throws Exception {
    Path socket = directory.resolve("control");
    try (StubNameServer upstream = StubNameServer.start();
        Serve serve =
            Serve.in(directory)
                .environment("RUNTIME_DIRECTORY", directory.toString())
                .upstream(upstream.address())
                .start()) {
      serve.log().await("control socket at ");
      List<ControlSocketClient> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        clients.add(new ControlSocketClient(socket).say("[\"reload\"]\n"));
        if (i % 4 == 0) {
          serve.signal("HUP");
        }
      }
      for (ControlSocketClient client : clients) {
        assertThat(client.rest()).singleElement().asString().contains("\"plan\":false");
        client.close();
      }
      serve.log().await("settings read again");
    }
  }

  private static Ran resolve(String... words) throws Exception {
    return Ran.resolve(Map.of(), words);
  }
}
