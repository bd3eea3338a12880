package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.QueryObserver.Outcome;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/**
 * What the ledger promises: every query in one class, every flight and every send accounted for.
 */
class LedgerIdentitiesTest {
  private static final int QUERIES = 3000;

  @TempDir Path root;

  @Test
  void theyHoldUnderLoadAndThroughAStopWithFlightsUnderWay() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    CountDownLatch gate = new CountDownLatch(1);
    try (StubNameServer upstream = StubNameServer.start();
        DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 40; i++) {
        String name = "n" + i + ".example.org";
        switch (i % 4) {
          case 0 -> upstream.on(name, "A").answers(name + ". 300 IN A 192.0.2.1");
          case 1 -> upstream.on(name, "A").answers(name + ". 0 IN A 192.0.2.1");
          case 2 -> upstream.on(name, "A").rcode(Rcode.SERVFAIL);
          default -> upstream.on(name, "A").gatedBy(gate).answers(name + ". 300 IN A 192.0.2.1");
        }
      }
      Daemon daemon = Daemon.start(settings(upstream), root);
      socket.connect(daemon.addresses().get(0));
      for (int i = 0; i < QUERIES; i++) {
        byte[] packet = packet(random);
        socket.send(new DatagramPacket(packet, packet.length));
        if (i % 50 == 49) {
          awaitReceived(daemon.ledger(), i + 1);
          Identities.assertPartition(daemon.ledger(), "seed " + seed);
        }
      }
      assertThat(daemon.ledger().get(Outcome.LEADER)).as("some are still under way").isPositive();
      daemon.close();
      gate.countDown();
      assertAtRest(daemon.ledger(), "seed " + seed);
    }
  }

  /** Whoever waits is told, or leaves. */
  private static void assertAtRest(Ledger ledger, String about) {
    Identities.assertAtRest(ledger, about);
    assertThat(ledger.get(Count.WAITERS_DELIVERED) + ledger.get(Count.WAITERS_LEFT))
        .as("%s: who waits is told, or leaves", about)
        .isEqualTo(ledger.get(Outcome.LEADER) + ledger.get(Outcome.FOLLOWER));
  }

  private static byte[] packet(Random random) {
    Message query = DnsClient.query("n" + random.nextInt(40) + ".example.org", "A");
    query.getHeader().setID(random.nextInt(500));
    switch (random.nextInt(12)) {
      case 0 -> query.getHeader().setFlag(Flags.QR);
      case 1 -> query.getHeader().setOpcode(random.nextInt(15) + 1);
      case 2 -> query.getHeader().unsetFlag(Flags.RD);
      default -> {}
    }
    byte[] octets = query.toWire();
    return random.nextInt(15) == 0
        ? java.util.Arrays.copyOf(octets, 1 + random.nextInt(octets.length - 1))
        : octets;
  }

  private static void awaitReceived(Ledger ledger, long queries) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (ledger.received() < queries || Identities.classified(ledger) < queries) {
      assertThat(System.nanoTime()).as("time is up: %s", ledger.summary()).isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }

  private static Settings settings(StubNameServer upstream) {
    Settings d = Settings.DEFAULTS;
    ServerSettings server = d.server().withListen(List.of(Addresses.parse("127.0.0.1", 0)));
    UpstreamSettings u = d.upstream();
    return new Settings(
        server,
        d.cache(),
        d.lookup(),
        new UpstreamSettings(
            new Servers(plain(upstream.address())),
            Duration.ofSeconds(10),
            u.tries(),
            u.udpSize(),
            u.tcpIdle()),
        d.local(),
        d.policy(),
        d.log());
  }
}
