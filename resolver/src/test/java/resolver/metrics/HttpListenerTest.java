package resolver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import resolver.fixtures.Programs;
import resolver.flight.FlightSettings;
import resolver.flight.LookupGroup;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.QueryObserver;
import resolver.server.LocalAddresses;
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

  @Test
  void addressesOfAWildcardAreFollowedOnceTheMachineTellsThem() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    listen(Addresses.parse("0.0.0.0", port));
    InetSocketAddress first = Addresses.parse("127.0.0.1", port);
    InetSocketAddress second = Addresses.parse("127.0.0.2", port);
    List<InetAddress> both = List.of(first.getAddress(), second.getAddress());
    assertThat(listener.follow(() -> Optional.of(both))).isTrue();
    assertThat(listener.addresses()).containsExactlyInAnyOrder(first, second);
    assertThat(HttpAsked.get(second, "/readyz").status()).isEqualTo(200);
    assertThat(listener.follow(Optional::empty)).as("it does not tell").isFalse();
    assertThat(listener.follow(() -> Optional.of(both))).as("the same ones").isFalse();
    assertThat(listener.addresses()).containsExactlyInAnyOrder(first, second);
    assertThat(listener.follow(() -> Optional.of(List.of(first.getAddress())))).isTrue();
    assertThat(listener.addresses()).containsExactly(first);
  }

  @Test
  void whoTellsNoRequestIsLetGoLongBeforeTheOthers() throws IOException {
    InetSocketAddress address = listen();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout((HttpListener.MOST_SECONDS - HttpListener.HEAD_SECONDS) * 1000);
      send(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Those who have their response and do not hang up have a place until their time is over. */
  @Test
  void oneAddressCannotTakeEveryPlace() throws IOException {
    InetSocketAddress address = listen(new InetSocketAddress(notLoopback(), 0));
    List<Socket> held = new ArrayList<>();
    try {
      for (int i = 0; i < HttpListener.MOST_OF_ONE; i++) {
        held.add(new Socket(address.getAddress(), address.getPort()));
        send(held.get(i), "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(held.get(i).getInputStream().read()).isEqualTo('H');
      }
      try (Socket beyond = new Socket(address.getAddress(), address.getPort())) {
        beyond.setSoTimeout(5_000);
        assertThat(isClosed(beyond)).isTrue();
      }
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  private static InetAddress notLoopback() {
    Optional<InetAddress> found =
        LocalAddresses.all().stream()
            .filter(Inet4Address.class::isInstance)
            .filter(each -> !each.isLoopbackAddress())
            .findFirst();
    Programs.need("an IPv4 address that is not loopback", found.isPresent());
    return found.orElseThrow();
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether it ends without a response to its request. */
  private static boolean isClosed(Socket socket) {
    try {
      send(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private InetSocketAddress listen() throws IOException {
    return listen(Addresses.parse("127.0.0.1", 0));
  }

  private InetSocketAddress listen(InetSocketAddress address) throws IOException {
    listener.use(
        new MetricsSettings(List.of(address), List.of(Name.fromConstantString("dns.example."))));
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
