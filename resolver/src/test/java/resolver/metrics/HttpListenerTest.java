package resolver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import resolver.cache.AnswerCache;
import resolver.cache.CacheRules;
import resolver.cache.CacheSettings;
import resolver.cache.FailureCache;
import resolver.fixtures.HttpAsked;
import resolver.fixtures.ManualClock;
import resolver.flight.FlightSettings;
import resolver.flight.LookupGroup;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.QueryObserver;
import resolver.settings.Addresses;

class HttpListenerTest {
  private final ManualClock clock = new ManualClock();
  private final CountDownLatch twice = new CountDownLatch(2);
  private volatile boolean hangs;
  private final HttpListener listener = new HttpListener(Sockets.best(), subject());

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void aLoopThatHangsShowsAsIllHealth() throws Exception {
    hangs = true;
    InetSocketAddress address = listen();
    // The second asking begins once the first is known.
    twice.await();
    assertThat(HttpAsked.get(address, "/healthz").status()).isEqualTo(503);
    assertThat(HttpAsked.get(address, "/readyz").status()).isEqualTo(200);
    assertThat(HttpAsked.get(address, "/status.json").body()).contains("\"alive\":false");
  }

  @Test
  void whoIsAboutToStopIsNotReady() throws IOException {
    InetSocketAddress address = listen();
    assertThat(HttpAsked.get(address, "/readyz").status()).isEqualTo(200);
    listener.stopping();
    assertThat(HttpAsked.get(address, "/readyz").status()).isEqualTo(503);
    assertThat(HttpAsked.get(address, "/healthz").status()).isEqualTo(200);
  }

  @Test
  void aNameOfTheSettingsMayBeCalled() throws IOException {
    InetSocketAddress address = listen();
    String request = "GET /healthz HTTP/1.1\r\nHost: dns.example\r\n\r\n";
    assertThat(HttpAsked.raw(address, request).status()).isEqualTo(200);
    assertThat(HttpAsked.raw(address, request.replace("dns.", "dns2.")).status()).isEqualTo(403);
  }

  private InetSocketAddress listen() throws IOException {
    listener.use(
        new MetricsSettings(
            List.of(Addresses.parse("127.0.0.1", 0)),
            List.of(Name.fromConstantString("dns.example."))));
    return listener.addresses().get(0);
  }

  private boolean beat() {
    boolean hanging = hangs;
    if (hanging) {
      twice.countDown();
    }
    return !hanging;
  }

  private Subject subject() {
    CacheSettings kept = CacheSettings.DEFAULTS;
    return new Subject(
        "1",
        "unknown",
        "17",
        new Ledger(),
        new AnswerCache(kept, new CacheRules(kept), clock),
        new FailureCache(
            clock, Duration.ofSeconds(5), Duration.ofMinutes(1), any -> Long.MIN_VALUE),
        new LookupGroup(FlightSettings.DEFAULTS, clock, clock, QueryObserver.NONE).flights(),
        FlightSettings.DEFAULTS,
        Map::of,
        clock,
        this::beat);
  }
}
