package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** The daemon as a process: what it says, and how it starts, reloads and stops. */
class ServeTest {
  /** So long that a stop which waited for them would not be over in time. */
  private static final String[] LONG_DEADLINES = {
    "server.client-deadline = '1m'",
    "lookup.deadline = '1m'",
    "upstream.try-timeout = '10s'",
    "upstream.least-try-timeout = '10s'"
  };

  @TempDir static Path directory;
  private static @Nullable StubNameServer stub;
  private static @Nullable Serve shared;

  @BeforeAll
  static void start() throws Exception {
    StubNameServer upstream = StubNameServer.start();
    stub = upstream;
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    upstream.on("silent.example.org", "A").silent();
    Path own = Files.createDirectory(directory.resolve("shared"));
    shared = Serve.in(own).settings("cache.size = '10MiB'").upstream(upstream.address()).start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (shared != null) {
      shared.close();
    }
    if (stub != null) {
      stub.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void stopsAtASignalAndFailsWhatIsInFlight(String signal) throws Exception {
    int before = stub().count();
    try (Serve serve =
            Serve.in(directory).settings(LONG_DEADLINES).upstream(stub().address()).start();
        DatagramSocket udp = new DatagramSocket();
        Socket tcp = serve.client().connect()) {
      Message overUdp = DnsClient.query("silent.example.org.", "A");
      Message overTcp = DnsClient.query("silent.example.org.", "A");
      udp.setSoTimeout(10_000);
      udp.connect(serve.address());
      byte[] octets = overUdp.toWire();
      udp.send(new DatagramPacket(octets, octets.length));
      tcp.getOutputStream().write(DnsClient.frame(overTcp.toWire()));
      stub().awaitQueries(before + 1);
      // What comes behind it on its connection is answered, so the one before was read.
      tcp.getOutputStream()
          .write(DnsClient.frame(DnsClient.query("www.example.org.", "A").toWire()));
      assertThat(DnsClient.parse(DnsClient.readFrame(tcp)).getRcode()).isEqualTo(Rcode.NOERROR);

      serve.signal(signal);

      for (byte[] reply : List.of(DnsClient.receive(udp), DnsClient.readFrame(tcp))) {
        assertThat(DnsClient.parse(reply).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(DnsClient.parse(reply).getHeader().getID())
            .isIn(overUdp.getHeader().getID(), overTcp.getHeader().getID());
      }
      assertThat(serve.exit()).isZero();
    }
  }

  @Test
  void saysInADozenLinesWhatItIsAndDoes() throws Exception {
    Serve serve = shared();
    List<String> said = serve.said();

    assertThat(said).hasSizeLessThanOrEqualTo(12);
    assertThat(said.get(0))
        .matches("resolver +[0-9.]+ \\(.+\\), Java " + Runtime.version().feature() + "[. ].*");
    assertThat(said)
        .anyMatch(line -> line.matches("listening +127\\.0\\.0\\.1:" + serve.port() + " .*"))
        .anyMatch(line -> line.matches("upstream +" + Addresses.format(stub().address()) + " .+"))
        .anyMatch(line -> line.matches("cache +10MiB"))
        .anyMatch(line -> line.matches("settings +" + serve.settings()));
    if (FreePort.has("::1")) {
      assertThat(said).anyMatch(line -> line.matches("listening +\\[::1]:" + serve.port() + " .*"));
    }
    assertThat(said.get(said.size() - 1)).matches("ready +[0-9]+ ms .*");
  }

  @Test
  void readsItsSettingsAgainAtSighupAndKeepsThemWhereTheNewAreWrong() throws Exception {
    Serve serve = shared();
    assertThat(rcode(serve)).isEqualTo(Rcode.NOERROR);

    String told =
        reload(
            serve,
            "settings read again",
            "server.allow = ['192.0.2.0/24']",
            "cache.size = '11MiB'",
            "upstream.try-timeout = '10s'");
    assertThat(told).contains(serve.settings().toString());
    serve.log().await("try-timeout: 10s leaves no time");
    assertThat(serve.log().await("cache.size: ")).contains("10MiB", "11MiB", "restart");
    assertThat(rcode(serve)).isEqualTo(Rcode.REFUSED);

    told =
        reload(
            serve,
            "not changed",
            "[server]",
            "allow = ['127.0.0.0/8']",
            "alow = ['::1']",
            "threads = -1");
    assertThat(told)
        .contains(
            serve.settings() + ":3", "alow", "allow", serve.settings() + ":4", "threads", "-1");
    assertThat(rcode(serve)).isEqualTo(Rcode.REFUSED);

    Files.delete(serve.settings());
    int seen = serve.log().soFar().size();
    serve.signal("HUP");
    assertThat(serve.log().await("not changed", seen)).contains(serve.settings().toString());
    assertThat(rcode(serve)).isEqualTo(Rcode.REFUSED);

    reload(serve, "settings read again", "cache.size = '10MiB'");
    assertThat(rcode(serve)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void doesNotShareAPortWithAnother() throws Exception {
    Serve serve = shared();
    Ran second = serve("--listen", "127.0.0.1:" + serve.port());

    assertThat(second.status()).isEqualTo(1);
    assertThat(second.err())
        .singleElement()
        .asString()
        .contains("127.0.0.1:" + serve.port(), "java (pid " + serve.pid() + ")", "--listen");
    assertThat(second.out()).noneMatch(line -> line.contains("ready"));
    assertThat(rcode(serve)).as("the first goes on").isEqualTo(Rcode.NOERROR);
  }

  @Test
  void doesNotStartOnAnAddressThatTheMachineDoesNotHave() throws Exception {
    Ran ran = serve("--listen", "203.0.113.249:5300");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .last()
        .asString()
        .contains("203.0.113.249:5300", "no such address", "--listen");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lisen 127.0.0.1        | --lisen    | --listen",
        "--config /missing.toml   | /missing.toml | no such file",
        "53                       | 53         | serve --help",
      })
  void tellsWhatIsWrongWithTheCommandLineAndTheWayOut(String flags, String wrong, String wayOut)
      throws Exception {
    Ran ran = serve(flags.split(" "));

    assertThat(ran.status()).as(ran.said()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(String.join("\n", ran.err())).contains(wrong).contains(wayOut);
  }

  @Test
  void tellsAllThatIsWrongWithTheFlagsAtOnce() throws Exception {
    Path settings = Files.writeString(directory.resolve("wrong.toml"), "[cache]\nsise = 1\n");

    Ran ran =
        Ran.resolve(
            Map.of(),
            "serve",
            "--config=" + settings,
            "--listen=127.0.0.1:99999",
            "--upstream=localhost",
            "--cache-size=much");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .anyMatch(line -> line.matches(".*wrong\\.toml:2: .*sise.*cache\\.size.*"))
        .anyMatch(line -> line.matches(".*--listen: .*99999.*65535.*"))
        .anyMatch(line -> line.matches(".*--upstream: .*localhost.*a server such as.*"))
        .anyMatch(line -> line.matches(".*--cache-size: .*much.*MiB.*"));
  }

  /** Runs one that is not to start, without settings of its own. */
  private static Ran serve(String... flags) throws Exception {
    Path none = Files.write(directory.resolve("empty.toml"), List.of());
    List<String> words = new ArrayList<>(List.of("serve"));
    words.addAll(List.of(flags));
    return Ran.resolve(Map.of("RESOLVER_CONFIG", none.toString()), words.toArray(String[]::new));
  }

  private static StubNameServer stub() {
    return Objects.requireNonNull(stub);
  }

  private static Serve shared() {
    return Objects.requireNonNull(shared);
  }

  /** Writes these settings, sends SIGHUP, and waits for a line of the log with this text. */
  private static String reload(Serve serve, String text, String... settings) throws Exception {
    Files.write(serve.settings(), List.of(settings));
    int seen = serve.log().soFar().size();
    serve.signal("HUP");
    return serve.log().await(text, seen);
  }

  private static int rcode(Serve serve) {
    return serve.client().udp(DnsClient.query("www.example.org.", "A")).getRcode();
  }
}
