package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.Upstreams;
import resolver.fixtures.With;
import resolver.query.QueryObserver.Send;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** What a daemon sends upstream, and to whom. */
class UpstreamHygieneTest {
  private static final byte[] THEIRS = {9, 9, 9, 9, 8, 8, 8, 8};

  private final StubNameServer upstream = StubNameServer.start();
  private final List<Daemon> started = new ArrayList<>();
  @TempDir Path root;

  @AfterEach
  void stop() {
    started.forEach(Daemon::close);
    upstream.close();
  }

  @Test
  void nothingOfAClientsOptionsGoesUpstream() throws Exception {
    upstream.otherwise().answers("www.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start(true, upstream.address());
    Message query = DnsClient.query("www.example.org", "A");
    query.addRecord(
        new OPTRecord(
            1400,
            0,
            0,
            0,
            List.of(
                new ClientSubnetOption(24, InetAddress.getByName("198.51.100.0")),
                new CookieOption(THEIRS),
                new GenericEDNSOption(65_001, new byte[] {1, 2, 3}))),
        Section.ADDITIONAL);
    new DnsClient(daemon.addresses().get(0)).udp(query);
    Message sent = upstream.received().get(0).message();
    OPTRecord opt = sent.getOPT();
    assertThat(opt.getPayloadSize()).isEqualTo(1232);
    assertThat(opt.getOptions())
        .singleElement()
        .isInstanceOfSatisfying(
            CookieOption.class,
            cookie -> assertThat(cookie.getClientCookie()).isNotEqualTo(THEIRS));
    assertThat(opt.getOptions(EDNSOption.Code.CLIENT_SUBNET)).isEmpty();
  }

  @Test
  void whoForwardsToUsIsNamedAndLeftOutWhileAnotherServes() throws Exception {
    upstream.otherwise().answers("www.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start(true, upstream.address());
    Daemon behind = start(false, daemon.addresses().get(0));
    InetSocketAddress loop = behind.addresses().get(0);
    try (LogCatcher log = new LogCatcher(LoopWatch.class)) {
      daemon.reload(settings(true, loop, upstream.address()));
      await(() -> String.join("\n", daemon.describe()).contains("leads back"));
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains(Addresses.format(loop), "leads back to this resolver");
    }
    Message answer =
        new DnsClient(daemon.addresses().get(0)).udp(DnsClient.query("www.example.org", "A"));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(upstream.count("www.example.org", "A")).isEqualTo(1);
    assertThat(behind.ledger().get(Send.FIRST)).as("asked about nothing but loops").isEqualTo(1);
    assertThat(daemon.ledger().get(Send.PROBE)).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theOnlyServerStaysEvenIfItLeadsBack() throws Exception {
    Daemon daemon = start(true, upstream.address());
    Daemon behind = start(false, daemon.addresses().get(0), upstream.address());
    InetSocketAddress loop = behind.addresses().get(0);
    try (LogCatcher log = new LogCatcher(LoopWatch.class)) {
      daemon.reload(settings(true, loop));
      await(() -> !log.messages().isEmpty());
    }
    assertThat(String.join("\n", daemon.describe()))
        .contains("upstream   " + Addresses.format(loop));
  }

  private Daemon start(boolean loopProbes, InetSocketAddress... servers) throws StartException {
    Daemon daemon = Daemon.start(settings(loopProbes, servers), root);
    started.add(daemon);
    return daemon;
  }

  private static Settings settings(boolean loopProbes, InetSocketAddress... servers) {
    Settings defaults = Settings.DEFAULTS;
    UpstreamSettings base = UpstreamSettings.DEFAULTS;
    UpstreamSettings plain =
        new UpstreamSettings(
            new Servers(Upstreams.plain(servers)),
            Duration.ofSeconds(10),
            base.tries(),
            base.udpSize(),
            base.tcpIdle());
    UpstreamSettings asking = With.component(plain, "loopProbes", loopProbes);
    return new Settings(
        ServerSettings.DEFAULTS.withListen(List.of(Addresses.parse("127.0.0.1", 0))),
        defaults.cache(),
        defaults.lookup(),
        asking,
        defaults.local(),
        defaults.policy(),
        defaults.log());
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("ten seconds are over").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
