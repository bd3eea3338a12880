package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.Upstreams;
import resolver.fixtures.With;
import resolver.net.Sockets;
import resolver.policy.Edition;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.TtlLimits;
import resolver.settings.Addresses;
import resolver.upstream.BootstrapWord;
import resolver.upstream.Forwarder;
import resolver.upstream.Server;
import resolver.upstream.ServerWords;
import resolver.upstream.Servers;
import resolver.upstream.SystemServers;
import resolver.upstream.UpstreamSettings;

/** The forwarder's servers follow the settings and the files of the system. */
class UpstreamWatchTest {
  private static final InetSocketAddress OURS = Addresses.parse("127.0.0.1", 53);

  private final Set<InetSocketAddress> routeless = new HashSet<>();
  private final Set<Server> leadingBack = new HashSet<>();
  private final EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private final StubNameServer server = StubNameServer.start();
  private final Forwarder forwarder =
      new Forwarder(
          loops,
          Sockets.best(),
          new SystemTicker(),
          UpstreamSettings.DEFAULTS,
          question -> new TtlLimits(0, 86_400, 900),
          Duration.ofSeconds(5),
          Runnable::run,
          QueryObserver.NONE);
  @TempDir Path root;

  @BeforeEach
  void answer() throws IOException {
    Files.createDirectories(root.resolve("etc"));
    server.otherwise().rcode(Rcode.NXDOMAIN);
  }

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    server.close();
  }

  @Test
  void theForwarderAsksTheServersOfTheSettings() {
    UpstreamWatch watch = watch(new Servers(plain(server.address())));
    assertThat(ask()).as("before anything was looked at").isEqualTo(Rcode.SERVFAIL);
    watch.refresh();
    assertThat(ask()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(watch.describe())
        .isEqualTo(Addresses.format(server.address()) + " (from the settings)");
  }

  @Test
  void aServerKnownByNameIsAskedAtTheAddressThatIsFoundForIt() {
    AtomicReference<List<Server>> known = new AtomicReference<>();
    Server named = ServerWords.parse("tls://dns.example");
    UpstreamWatch watch =
        new UpstreamWatch(
            forwarder,
            new SystemServers(root, OURS::equals),
            OURS::equals,
            address -> true,
            leadingBack::contains,
            new Edition(),
            new Servers(List.of(named)),
            servers -> known.get() == null ? servers : known.get(),
            UnaryOperator.identity());
    watch.refresh();
    assertThat(ask()).as("it has no address").isEqualTo(Rcode.SERVFAIL);
    assertThat(watch.arePrivate()).as("it is out there").isFalse();
    known.set(plain(server.address()));
    watch.refresh();
    assertThat(ask()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(watch.arePrivate()).isTrue();
    assertThat(watch.describe()).isEqualTo("tls://dns.example (from the settings)");
  }

  @Test
  void inAnotherNetworkAddressesAreAskedForAnew() throws Exception {
    Servers named = new Servers(List.of(ServerWords.parse("tls://dns.example")));
    BootstrapWord word = BootstrapWord.parse(Addresses.format(server.address()));
    CountDownLatch taken = new CountDownLatch(2);
    UpstreamWatch watch =
        UpstreamWatch.of(
            With.component(
                With.component(UpstreamSettings.DEFAULTS, "servers", named),
                "bootstrap",
                List.of(word)),
            forwarder,
            new SystemServers(root, OURS::equals),
            OURS::equals,
            address -> true,
            leadingBack::contains,
            new Edition(),
            new ManualClock(),
            run -> {
              run.run();
              taken.countDown();
            });
    watch.refresh();
    assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
    watch.refresh();
    watch.startAnew();
    watch.refresh();
    server.awaitQueries(4);
    assertThat(server.count("dns.example", "A")).isEqualTo(2);
    assertThat(server.count("dns.example", "AAAA")).isEqualTo(2);
  }

  /** The site's own server knows the site, whoever stands in for it. */
  @Test
  void whoStandsInForAServerIsAskedInItsPlace() {
    UpstreamWatch watch =
        new UpstreamWatch(
            forwarder,
            new SystemServers(root, OURS::equals),
            OURS::equals,
            address -> true,
            leadingBack::contains,
            new Edition(),
            new Servers(plain(Addresses.parse("10.0.0.1", 53))),
            UnaryOperator.identity(),
            servers -> plain(server.address()));
    watch.refresh();
    assertThat(ask()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(watch.arePrivate()).isTrue();
    assertThat(watch.describe()).isEqualTo("10.0.0.1:53 (from the settings)");
  }

  /** resolver-use looks for this beginning. */
  @Test
  void settingsThatNameNobodyButOurselvesLeaveNobodyToAsk() {
    UpstreamWatch watch = watch(new Servers(plain(OURS)));
    watch.refresh();
    assertThat(watch.describe()).startsWith("none: the settings; ");
  }

  @Test
  void ourselvesAreLeftOutOfTheSettings() {
    UpstreamWatch watch = watch(new Servers(plain(OURS, server.address())));
    watch.refresh();
    assertThat(watch.current().servers()).isEqualTo(plain(server.address()));
    assertThat(watch.current().warnings())
        .containsExactly("upstream 127.0.0.1:53 is this resolver itself: left out");
  }

  @Test
  void aServerWithoutARouteOrALoopIsSetAsideUntilThatIsOver() {
    InetSocketAddress six = Addresses.parse("2001:db8::53", 53);
    UpstreamWatch watch = watch(new Servers(Upstreams.plain(six, server.address(), OURS)));
    routeless.add(six);
    watch.refresh();
    assertThat(watch.current().servers()).containsExactly(Server.plain(server.address()));
    assertThat(watch.all()).containsExactlyElementsOf(Upstreams.plain(six, server.address()));
    assertThat(watch.describe())
        .startsWith(Addresses.format(server.address()) + " (from the settings); ")
        .contains("upstream [2001:db8::53]:53 has no route: set aside until it has");
    routeless.clear();
    leadingBack.add(Server.plain(server.address()));
    watch.refresh();
    assertThat(watch.current().servers()).containsExactly(Server.plain(six));
    assertThat(watch.describe()).contains("leads back to this resolver");
    leadingBack.clear();
    watch.refresh();
    assertThat(watch.current().servers())
        .containsExactlyElementsOf(Upstreams.plain(six, server.address()));
  }

  @Test
  void newServersOfTheSettingsHoldFromTheNextLookOn() {
    UpstreamWatch watch = watch(Servers.AUTO);
    watch.refresh();
    assertThat(watch.describe()).startsWith("none: ");
    watch.follow(new Servers(plain(server.address())));
    watch.refreshAndTell();
    assertThat(ask()).isEqualTo(Rcode.NXDOMAIN);
    watch.follow(Servers.AUTO);
    watch.refreshAndTell();
    assertThat(ask()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void theFileIsFollowedAsItChanges() throws IOException {
    UpstreamWatch watch = watch(Servers.AUTO);
    for (String address : List.of("127.0.0.77", "127.0.0.78")) {
      resolvConf("nameserver " + address + "\n");
      watch.refreshAndTell();
      assertThat(watch.describe()).startsWith(address + ":53 (from ");
    }
  }

  @Test
  void thatTheFileNamesNobodyMustBeSeenTwice() throws IOException {
    UpstreamWatch watch = watch(Servers.AUTO);
    resolvConf("nameserver 127.0.0.77\n");
    watch.refresh();
    resolvConf("");
    watch.refreshAndTell();
    assertThat(watch.current().servers()).as("it may be half written").hasSize(1);
    watch.refreshAndTell();
    assertThat(watch.current().servers()).isEmpty();
  }

  @Test
  void aLookThatThrowsLeavesTheServersAsTheyWere() throws IOException {
    resolvConf("nameserver 127.0.0.77\n");
    boolean[] broken = {false};
    UpstreamWatch watch =
        watch(
            Servers.AUTO,
            address -> {
              if (broken[0]) {
                throw new IllegalStateException("as a test wants it");
              }
              return false;
            });
    watch.refreshAndTell();
    broken[0] = true;
    watch.refreshAndTell();
    assertThat(watch.describe()).startsWith("127.0.0.77:53 (from ");
  }

  @Test
  void serversAreOfTheSiteWhereNoneIsPublic() throws IOException {
    UpstreamWatch watch = watch(Servers.AUTO);
    watch.refresh();
    assertThat(watch.arePrivate()).as("none is known: the site's names shall not vanish").isTrue();
    resolvConf("nameserver 192.168.178.1\nnameserver 127.0.0.77\n");
    watch.refresh();
    assertThat(watch.arePrivate()).isTrue();
    watch.follow(
        new Servers(plain(Addresses.parse("10.0.0.1", 53), Addresses.parse("192.0.2.53", 53))));
    watch.refresh();
    assertThat(watch.arePrivate()).isFalse();
  }

  private void resolvConf(String text) throws IOException {
    Files.writeString(root.resolve("etc/resolv.conf"), text);
  }

  private int ask() {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(Answers.question("www.example.org", "A"), 0), catcher);
    Answer answer = catcher.answer();
    return answer.rcode();
  }

  private UpstreamWatch watch(Servers servers) {
    return watch(servers, OURS::equals);
  }

  private UpstreamWatch watch(Servers servers, Predicate<InetSocketAddress> isOurs) {
    return new UpstreamWatch(
        forwarder,
        new SystemServers(root, isOurs),
        isOurs,
        server -> !routeless.contains(server),
        leadingBack::contains,
        new Edition(),
        servers,
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }
}
