package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.HttpAsked;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.With;
import resolver.metrics.MetricsSettings;
import resolver.settings.Addresses;
import resolver.upstream.Server;
import resolver.upstream.ServerWords;
import resolver.upstream.Servers;

/** What a whole daemon tells over HTTP. */
class MetricsTest {
  private static final Path DASHBOARD = Path.of("..", "conf", "grafana.json");

  private final StubNameServer upstream = StubNameServer.start();
  @TempDir Path root;
  private Daemon daemon;

  @BeforeEach
  void start() throws StartException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    daemon = Daemon.start(settings(Addresses.parse("127.0.0.1", 0)), root);
  }

  @AfterEach
  void stop() {
    daemon.close();
    upstream.close();
  }

  @Test
  void readingsAreWellFormedAndCountersOnlyGrow() {
    PrometheusText first = read();
    ask(5);
    PrometheusText second = read();

    assertThat(second.samples().keySet()).containsAll(first.samples().keySet());
    first
        .samples()
        .forEach(
            (series, value) -> {
              if (first.grows(series)) {
                assertThat(second.get(series)).as(series).isGreaterThanOrEqualTo(value);
              }
            });
    assertThat(second.get("resolver_received_total{transport=\"udp\"}")).isEqualTo(4);
    assertThat(second.get("resolver_received_total{transport=\"tcp\"}")).isEqualTo(1);
    assertThat(second.get("resolver_queries_total{outcome=\"hit\"}")).isEqualTo(4);
    assertThat(second.get("resolver_queries_total{outcome=\"leader\"}")).isEqualTo(1);
    assertThat(second.get("resolver_upstream_sends_total{reason=\"first\"}")).isEqualTo(1);
    assertThat(second.get("resolver_cache_entries")).isEqualTo(1);
    assertThat(second.get("resolver_memory_bytes{area=\"cache\"}")).isPositive();
    assertThat(second.get("resolver_memory_bytes{area=\"heap\"}")).isPositive();
  }

  @Test
  void latenciesAreToldByTransportOutcomeAndServer() {
    ask(5);
    PrometheusText told = readOnceTimed();
    String clients = "resolver_client_latency_seconds_count{outcome=\"%s\",transport=\"%s\"}";
    assertThat(told.get(clients.formatted("leader", "udp"))).isEqualTo(1);
    assertThat(told.get(clients.formatted("at_once", "udp"))).isEqualTo(3);
    assertThat(told.get(clients.formatted("at_once", "tcp"))).isEqualTo(1);
    String server = Addresses.format(upstream.address());
    assertThat(told.get("resolver_upstream_latency_seconds_count{server=\"" + server + "\"}"))
        .isPositive();
    assertThat(told.get("resolver_upstream_up{route=\".\",server=\"" + server + "\"}"))
        .isEqualTo(1);
  }

  /** They differ in what they have to prove, and have one name. */
  @Test
  void twoServersOfOneNameAreToldOnce() throws StartException {
    daemon.close();
    List<Server> pinned =
        List.of(
            ServerWords.parse("tls://127.0.0.1:1?pin-sha256=" + "A".repeat(43) + "="),
            ServerWords.parse("tls://127.0.0.1:1?pin-sha256=" + "B".repeat(42) + "A="));
    Settings one = settings(Addresses.parse("127.0.0.1", 0));
    daemon =
        Daemon.start(
            With.component(
                one, "upstream", With.component(one.upstream(), "servers", new Servers(pinned))),
            root);
    assertThat(daemon.upstreamStatus().get(".")).hasSize(2);
    assertThat(read().get("resolver_upstream_up{route=\".\",server=\"tls://127.0.0.1:1\"}"))
        .isEqualTo(1);
  }

  @Test
  void thoseWhoTakeOpenMetricsGetIt() {
    HttpAsked told =
        HttpAsked.raw(
            address(),
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept:"
                + " application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n\r\n");
    assertThat(told.header("content-type")).startsWith("application/openmetrics-text");
    assertThat(told.body()).endsWith("# EOF\n").contains("# TYPE resolver_queries counter");
    assertThat(HttpAsked.get(address(), "/metrics").header("content-type"))
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  void everyMetricOfTheDashboardExists() throws IOException {
    ask(5);
    Set<String> told = new TreeSet<>();
    PrometheusText reading = read();
    reading.samples().keySet().forEach(series -> told.add(series.replaceFirst("\\{.*", "")));
    String dashboard = Files.readString(DASHBOARD);
    JsonObject parsed = JsonParser.parseString(dashboard).getAsJsonObject();
    assertThat(parsed.getAsJsonArray("panels")).hasSizeGreaterThan(8);
    Set<String> named = new TreeSet<>();
    Matcher names = Pattern.compile("\\b(?:resolver|process)_[a-z_]+").matcher(dashboard);
    while (names.find()) {
      named.add(names.group());
    }
    assertThat(named).hasSizeGreaterThan(15);
    assertThat(told).containsAll(named);
  }

  /** Pages and boards count as {@code resolve status} does, see Shares. */
  @Test
  void hitsAndMergedMeanTheSameOnTheDashboardAndThePage() throws IOException {
    String queries = "sum(rate(resolver_queries_total{instance=~\\\"$instance\\\",outcome=";
    String hits = "~\\\"hit|stale|failure_hit\\\"}[$__rate_interval]))";
    String all = "~\\\"hit|stale|failure_hit|leader|follower\\\"}[$__rate_interval]))";
    String merged = "\\\"follower\\\"}[$__rate_interval]))";
    String misses = "~\\\"leader|follower\\\"}[$__rate_interval]))";
    assertThat(Files.readString(DASHBOARD))
        .contains("\"" + queries + hits + " / " + queries + all + "\"")
        .contains("\"" + queries + merged + " / " + queries + misses + "\"");
    assertThat(HttpAsked.get(address(), "/").body())
        .contains("of: d => d.shares.hits}", "of: d => d.shares.merged}")
        .contains("percent(hits, hits + misses)", "percent(merged, misses)");
  }

  @Test
  void theStatusTellsTheSame() {
    CountDownLatch gate = new CountDownLatch(1);
    upstream
        .on("slow<b>.example.org", "A")
        .gatedBy(gate)
        .answers("slow<b>.example.org. 300 IN A 192.0.2.1");
    ask(5);
    Thread asker = new Thread(() -> client().udp(DnsClient.query("slow<b>.example.org", "A")));
    asker.start();
    try {
      upstream.awaitQueries(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    JsonObject status = status();
    assertThat(status.get("received").getAsLong()).isEqualTo(6);
    assertThat(status.getAsJsonObject("outcomes").get("hit").getAsLong()).isEqualTo(4);
    assertThat(status.getAsJsonObject("shares").get("hits").getAsLong()).isEqualTo(4);
    assertThat(status.getAsJsonObject("shares").get("misses").getAsLong()).isBetween(1L, 2L);
    assertThat(status.get("ready").getAsBoolean()).isTrue();
    assertThat(status.getAsJsonObject("flights").get("underWay").getAsInt()).isEqualTo(1);
    assertThat(status.getAsJsonObject("flights").getAsJsonArray("oldest").toString())
        .contains("slow<b>.example.org. IN A");
    assertThat(status.getAsJsonArray("slowest").toString()).contains("www.example.org. IN A");
    assertThat(status.getAsJsonArray("upstreams")).hasSize(1);
    gate.countDown();
    try {
      asker.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void thePageMayRunItsOwnScriptAndNothingElse() throws Exception {
    HttpAsked page = HttpAsked.get(address(), "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
    String policy = page.header("content-security-policy");
    assertThat(policy).startsWith("default-src 'none'; connect-src 'self'").contains("'sha256-");
    String body = page.body();
    String script =
        body.substring(body.indexOf("<script>") + "<script>".length(), body.indexOf("</script>"));
    byte[] hash =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(script.getBytes(StandardCharsets.UTF_8));
    assertThat(policy)
        .contains("script-src 'sha256-" + java.util.Base64.getEncoder().encodeToString(hash) + "'");
    assertThat(body).doesNotContain("http://www.googleapis").doesNotContain("src=\"http");
  }

  @Test
  void aHeadHasTheLengthOfWhatAGetWouldBring() {
    HttpAsked head = HttpAsked.raw(address(), "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    int length = HttpAsked.get(address(), "/").body().getBytes(StandardCharsets.UTF_8).length;
    assertThat(head.header("content-length")).isEqualTo(String.valueOf(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"})
  void nothingCanBeChanged(String method) {
    HttpAsked refused =
        HttpAsked.raw(
            address(), method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    assertThat(refused.head().toLowerCase(java.util.Locale.ROOT)).doesNotContain("access-control");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | GET /healthz HTTP/1.1~Host: 127.0.0.1:9153~~",
        "200 | GET /readyz?a=b HTTP/1.1~Host: [::1]~~",
        "200 | GET /healthz HTTP/1.0~~",
        "200 | GET http://localhost/healthz HTTP/1.1~Host: evil.example~~",
        "200 | GET http://127.0.0.1 HTTP/1.1~Host: localhost~~",
        "404 | GET /metrics/ HTTP/1.1~Host: localhost~~",
        "404 | GET /../etc/passwd HTTP/1.1~Host: localhost~~",
        "404 | GET /%2e%2e/ HTTP/1.1~Host: localhost~~",
        "404 | GET //metrics HTTP/1.1~Host: localhost~~",
        "403 | GET /metrics HTTP/1.1~Host: evil.example~~",
        "403 | GET http://evil.example/metrics HTTP/1.1~Host: localhost~~",
        "400 | GET /metrics HTTP/1.1~~",
        "400 | GET /metrics HTTP/1.1~Host: localhost~Host: localhost~~",
        "400 | GET * HTTP/1.1~Host: localhost~~",
        "400 | GET metrics HTTP/1.1~Host: localhost~~",
        "400 | nonsense~~",
        "400 | GET /metrics SPDY/9~Host: localhost~~",
        "413 | GET /metrics HTTP/1.1~Host: localhost~Content-Length: 5~~hello",
        "413 | GET /metrics HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~0~~"
      })
  void requestsAreJudged(int status, String request) {
    assertThat(HttpAsked.raw(address(), request.replace("~", "\r\n")).status()).isEqualTo(status);
  }

  @Test
  void whatIsTooLongIsRefusedAndNotKept() {
    String target = "GET /" + "a".repeat(4000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(HttpAsked.raw(address(), target).status()).isEqualTo(414);
    String header = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n";
    assertThat(HttpAsked.raw(address(), header).status()).isEqualTo(431);
  }

  @Test
  void aConnectionHasOneResponseWhateverComesBehindItsRequest() {
    String request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    HttpAsked told = HttpAsked.raw(address(), request.repeat(200));
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.body()).isEqualTo("alive\n");
    assertThat(told.header("connection")).isEqualTo("close");
  }

  @Test
  void aClientThatSendsNoMoreStillGetsItsResponse() throws IOException {
    try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200 OK")
          .endsWith("</html>\n");
    }
  }

  @Test
  void connectionsAreBoundedAndThoseBeyondAreClosed() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      int closed = 0;
      for (int i = 0; i < 80; i++) {
        Socket socket = new Socket(address().getAddress(), address().getPort());
        idle.add(socket);
      }
      for (Socket socket : idle.subList(64, 80)) {
        socket.setSoTimeout(5_000);
        closed += socket.getInputStream().read() < 0 ? 1 : 0;
      }
      assertThat(closed).isEqualTo(16);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    assertThat(getOnceThereIsRoom()).isEqualTo(200);
  }

  /** That a connection has ended is seen a moment later. */
  private int getOnceThereIsRoom() {
    long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        return HttpAsked.get(address(), "/healthz").status();
      } catch (UncheckedIOException | AssertionError e) {
        assertThat(System.nanoTime()).as("no room").isLessThan(giveUp);
      }
    }
  }

  @Test
  void aReloadOpensAndClosesAddressesAndKeepsThoseThatStay() throws IOException {
    InetSocketAddress first = Addresses.parse("127.0.0.1", 0);
    InetSocketAddress second = Addresses.parse("127.0.0.2", 0);
    InetSocketAddress real = address();
    daemon.reload(settings(first, second));
    assertThat(daemon.metricsAddresses()).hasSize(2).contains(real);
    try (ServerSocket taken = new ServerSocket(0, 1, real.getAddress())) {
      InetSocketAddress where = (InetSocketAddress) taken.getLocalSocketAddress();
      daemon.reload(settings(Addresses.parse("127.0.0.3", 0), where));
      assertThat(daemon.metricsAddresses()).as("nothing has changed").hasSize(2).contains(real);
    }
    daemon.reload(settings());
    assertThat(daemon.metricsAddresses()).isEmpty();
    daemon.reload(settings(second));
    assertThat(HttpAsked.get(address(), "/readyz").status()).isEqualTo(200);
  }

  @Test
  void anAddressThatIsTakenIsNamedAtTheStartAndDnsIsServedAllTheSame() throws Exception {
    InetSocketAddress where;
    Daemon hindered;
    try (LogCatcher log = new LogCatcher(MetricsDoor.class);
        ServerSocket taken = new ServerSocket(0, 1, address().getAddress())) {
      where = (InetSocketAddress) taken.getLocalSocketAddress();
      hindered = Daemon.start(settings(where), root);
      assertThat(log.messages())
          .singleElement()
          .asString()
          .startsWith("metrics.listen: " + Addresses.format(where))
          .contains("in use", "choose another address", "DNS is served");
      assertThat(hindered.metricsAddresses()).isEmpty();
    }
    try (hindered) {
      DnsClient asking = new DnsClient(hindered.addresses().get(0));
      assertThat(asking.udp(DnsClient.query("www.example.org", "A")).getRcode()).isZero();
      long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (hindered.metricsAddresses().isEmpty()) {
        assertThat(System.nanoTime()).as("nobody has tried again").isLessThan(giveUp);
        Thread.onSpinWait();
      }
      assertThat(hindered.metricsAddresses()).containsExactly(where);
      assertThat(hindered.metricsTrouble()).isEmpty();
    }
  }

  @Test
  void withoutAnAddressNothingListensAndNoThreadIsThere() throws StartException {
    try (Daemon silent = Daemon.start(settings(), root)) {
      assertThat(silent.metricsAddresses()).isEmpty();
      assertThat(silent.describe()).noneMatch(line -> line.startsWith("metrics"));
    }
  }

  private PrometheusText read() {
    HttpAsked told = HttpAsked.get(address(), "/metrics");
    assertThat(told.status()).isEqualTo(200);
    return PrometheusText.parse(told.body());
  }

  /** A hit over TCP is timed once its response is on its way. */
  private PrometheusText readOnceTimed() {
    String tcp = "resolver_client_latency_seconds_count{outcome=\"at_once\",transport=\"tcp\"}";
    long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    PrometheusText told = read();
    while (told.get(tcp) == 0 && System.nanoTime() < giveUp) {
      told = read();
    }
    return told;
  }

  private JsonObject status() {
    HttpAsked told = HttpAsked.get(address(), "/status.json");
    assertThat(told.header("content-type")).isEqualTo("application/json");
    return JsonParser.parseString(told.body()).getAsJsonObject();
  }

  /** All the same question, the last of them over TCP. */
  private void ask(int times) {
    for (int i = 0; i < times - 1; i++) {
      client().udp(DnsClient.query("www.example.org", "A"));
    }
    client().tcp(DnsClient.query("www.example.org", "A"));
  }

  private DnsClient client() {
    return new DnsClient(daemon.addresses().get(0));
  }

  private InetSocketAddress address() {
    return daemon.metricsAddresses().get(0);
  }

  private Settings settings(InetSocketAddress... metrics) {
    Settings d = Settings.DEFAULTS;
    Map<String, Object> changes =
        Map.of(
            "server",
            d.server().withListen(List.of(Addresses.parse("127.0.0.1", 0))),
            "upstream",
            With.component(d.upstream(), "servers", new Servers(plain(upstream.address()))),
            "metrics",
            new MetricsSettings(List.of(metrics), List.of()));
    Settings changed = d;
    for (Map.Entry<String, Object> each : changes.entrySet()) {
      changed = With.component(changed, each.getKey(), each.getValue());
    }
    return changed;
  }
}
