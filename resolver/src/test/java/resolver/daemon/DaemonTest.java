package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static resolver.fixtures.Upstreams.plain;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;
import resolver.query.Transport;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.settings.Network;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** The whole daemon on loopback, with a stub name server as its upstream. */
class DaemonTest {
  private final StubNameServer upstream = StubNameServer.start();
  private final List<Daemon> started = new ArrayList<>();
  @TempDir Path root;

  @AfterEach
  void stop() {
    started.forEach(Daemon::close);
    upstream.close();
  }

  @Test
  void answersOverUdpAndTcpWhatTheUpstreamAnswers() throws StartException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    upstream.on("example.org", "MX").answers("example.org. 300 IN MX 10 mail.example.org.");
    upstream
        .on("odd.example.org", "TYPE65280")
        .answers("odd.example.org. 300 IN TYPE65280 \\# 2 0102");
    for (String address : List.of("127.0.0.1", "::1")) {
      DnsClient client = client(start(address), 0);
      assertThat(client.udp(DnsClient.query("www.example.org", "A")).getSection(Section.ANSWER))
          .singleElement()
          .asString()
          .contains("192.0.2.1");
      assertThat(client.tcp(DnsClient.query("example.org", "MX")).getSection(Section.ANSWER))
          .singleElement()
          .asString()
          .contains("10 mail.example.org.");
      assertThat(
              client
                  .tcp(DnsClient.query("odd.example.org", "TYPE65280"))
                  .getSection(Section.ANSWER))
          .singleElement()
          .asString()
          .contains("\\# 2 0102");
    }
  }

  @Test
  void aSecondQuestionIsAnsweredFromTheCache() throws StartException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start();
    DnsClient client = client(daemon, 0);
    client.udp(DnsClient.query("www.example.org", "A"));
    Message again = client.udp(DnsClient.query("WWW.example.ORG", "A"));
    assertThat(again.getSection(Section.ANSWER))
        .singleElement()
        .satisfies(record -> assertThat(record.getTTL()).isBetween(290L, 300L));
    assertThat(again.getQuestion()).asString().startsWith("WWW.example.ORG.");
    assertThat(upstream.count()).isEqualTo(1);
    assertThat(daemon.ledger().get(Outcome.HIT)).isEqualTo(1);
    assertThat(daemon.ledger().get(Outcome.LEADER)).isEqualTo(1);
  }

  @Test
  void nxdomainAndNodataAreKeptApart() throws StartException {
    String soa = "example.org. 60 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";
    upstream.on("nosuch.example.org", "A").nxdomain(soa);
    upstream.on("www.example.org", "AAAA").nodata(soa);
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    DnsClient client = client(start(), 0);
    for (int i = 0; i < 2; i++) {
      Message nxdomain = client.udp(DnsClient.query("nosuch.example.org", "A"));
      assertThat(nxdomain.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(nxdomain.getSection(Section.AUTHORITY)).hasSize(1);
      Message nodata = client.udp(DnsClient.query("www.example.org", "AAAA"));
      assertThat(nodata.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(nodata.getSection(Section.ANSWER)).isEmpty();
    }
    assertThat(client.udp(DnsClient.query("nosuch.example.org", "MX")).getRcode())
        .as("NXDOMAIN holds for the name")
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(client.udp(DnsClient.query("www.example.org", "A")).getRcode()).isZero();
    assertThat(upstream.count()).isEqualTo(3);
  }

  @Test
  void aThousandAskersOfOneColdNameMakeOneUpstreamQuery() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    upstream
        .on("cold.example.org", "A")
        .gatedBy(gate)
        .answers("cold.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start();
    byte[] query = DnsClient.query("cold.example.org", "A").toWire();
    List<DatagramSocket> udp = new ArrayList<>();
    List<Socket> tcp = new ArrayList<>();
    try {
      for (int i = 0; i < 900; i++) {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout(10_000);
        socket.connect(daemon.addresses().get(0));
        udp.add(socket);
      }
      for (int i = 0; i < 100; i++) {
        tcp.add(client(daemon, 0).connect());
      }
      for (DatagramSocket socket : udp) {
        socket.send(new java.net.DatagramPacket(query, query.length));
      }
      for (Socket socket : tcp) {
        socket.getOutputStream().write(DnsClient.frame(query));
      }
      upstream.awaitQueries(1);
      awaitReceived(daemon, 1000);
      gate.countDown();
      for (DatagramSocket socket : udp) {
        assertThat(DnsClient.parse(DnsClient.receive(socket)).getSection(Section.ANSWER))
            .hasSize(1);
      }
      for (Socket socket : tcp) {
        assertThat(DnsClient.parse(DnsClient.readFrame(socket)).getSection(Section.ANSWER))
            .hasSize(1);
      }
    } finally {
      udp.forEach(DatagramSocket::close);
      for (Socket socket : tcp) {
        socket.close();
      }
    }
    assertThat(upstream.count()).isEqualTo(1);
    assertThat(daemon.ledger().get(Outcome.LEADER)).isEqualTo(1);
    assertThat(daemon.ledger().get(Outcome.FOLLOWER)).isEqualTo(999);
    assertThat(daemon.ledger().get(Send.FIRST)).isEqualTo(1);
  }

  @Test
  void sf15aRepeatedDatagramWaitsOnceAndIsAnsweredOnce() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    upstream
        .on("slow.example.org", "A")
        .gatedBy(gate)
        .answers("slow.example.org. 0 IN A 192.0.2.1");
    upstream.on("other.example.org", "A").answers("other.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start();
    byte[] query = DnsClient.query("slow.example.org", "A").toWire();
    byte[] other = DnsClient.query("other.example.org", "A").toWire();
    try (DatagramSocket udp = new DatagramSocket()) {
      udp.setSoTimeout(10_000);
      udp.connect(daemon.addresses().get(0));
      for (int i = 0; i < 3; i++) {
        udp.send(new java.net.DatagramPacket(query, query.length));
      }
      udp.send(new java.net.DatagramPacket(other, other.length));
      DnsClient.receive(udp);
      assertThat(daemon.ledger().get(Outcome.DUPLICATE)).isEqualTo(2);
      gate.countDown();
      assertThat(DnsClient.parse(DnsClient.receive(udp)).getQuestion().getName())
          .isEqualTo(Answers.name("slow.example.org"));
      udp.send(new java.net.DatagramPacket(other, other.length));
      assertThat(DnsClient.parse(DnsClient.receive(udp)).getQuestion().getName())
          .as("no second answer to the repeated one")
          .isEqualTo(Answers.name("other.example.org"));
      udp.send(new java.net.DatagramPacket(query, query.length));
      DnsClient.receive(udp);
    }
    assertThat(daemon.ledger().get(Outcome.LEADER))
        .as("once answered, it may ask again")
        .isEqualTo(3);
  }

  @Test
  void eachClientGetsItsOwnIdSpellingAndSize() throws StartException {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      records.add("big.example.org. 300 IN A 192.0.2." + i);
    }
    upstream.on("big.example.org", "A").truncatedOverUdp().answers(records.toArray(String[]::new));
    DnsClient client = client(start(), 0);
    Message small = client.udp(DnsClient.query("big.example.org", "A"));
    assertThat(small.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(small.getSection(Section.ANSWER)).isEmpty();
    assertThat(small.getOPT()).isNull();
    Message large = client.udp(DnsClient.query("BIG.example.org", "A", 4096, 0));
    assertThat(large.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(large.getSection(Section.ANSWER)).hasSize(60);
    assertThat(large.getOPT().getPayloadSize()).isEqualTo(1232);
    Message overTcp = client.tcp(DnsClient.query("big.example.org", "A"));
    assertThat(overTcp.getSection(Section.ANSWER)).hasSize(60);
    assertThat(upstream.count(Transport.TCP)).isEqualTo(1);
  }

  @Test
  void rfc3225signaturesGoToThoseWhoSetDo() throws StartException {
    upstream
        .on("www.example.org", "A")
        .answers(
            "www.example.org. 300 IN A 192.0.2.1",
            "www.example.org. 300 IN RRSIG A 13 3 300 20300101000000 20200101000000 1 example.org."
                + " AAAA");
    DnsClient client = client(start(), 0);
    assertThat(client.udp(DnsClient.query("www.example.org", "A")).getSection(Section.ANSWER))
        .hasSize(1);
    Message signed = client.udp(DnsClient.query("www.example.org", "A", 1232, ExtendedFlags.DO));
    assertThat(signed.getSection(Section.ANSWER)).hasSize(2);
    assertThat(signed.getOPT().getFlags() & ExtendedFlags.DO).isNotZero();
    assertThat(upstream.count()).isEqualTo(1);
  }

  @Test
  void whatCannotBeReadIsAnsweredAsTheRfcsSay() throws StartException {
    DnsClient client = client(start(), 0);
    Message status = DnsClient.query("www.example.org", "A");
    status.getHeader().setOpcode(Opcode.STATUS);
    assertThat(client.udp(status).getRcode()).isEqualTo(Rcode.NOTIMP);
    Message newer = DnsClient.query("www.example.org", "A");
    newer.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
    assertThat(client.udp(newer).getRcode()).isEqualTo(Rcode.BADVERS);
    byte[] broken = DnsClient.query("www.example.org", "A").toWire();
    broken[12] = 0x40;
    assertThat(DnsClient.parse(client.udp(broken)).getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(upstream.count()).isZero();
  }

  @Test
  void localRulesNeverReachTheUpstream() throws StartException {
    DnsClient client = client(start(), 0);
    Message any = client.udp(DnsClient.query("www.example.org", "ANY"));
    assertThat(any.getSection(Section.ANSWER))
        .singleElement()
        .asString()
        .contains("HINFO", "RFC8482");
    assertThat(client.tcp(DnsClient.query("example.org", "AXFR")).getRcode())
        .isEqualTo(Rcode.REFUSED);
    Message noRecursion = DnsClient.query("www.example.org", "A", 1232, 0);
    noRecursion.getHeader().unsetFlag(Flags.RD);
    Message refused = client.udp(noRecursion);
    assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(errorOf(refused).getErrorCode()).isEqualTo(20);
    assertThat(upstream.count()).isZero();
  }

  @Test
  void aClientOffTheListIsRefused() throws StartException {
    Settings settings = settings("127.0.0.1", Servers.AUTO);
    ServerSettings server = withAllow(settings.server(), List.of(Network.parse("192.0.2.0/24")));
    Daemon daemon =
        start(
            new Settings(
                server,
                settings.cache(),
                settings.lookup(),
                settings.upstream(),
                settings.local(),
                settings.policy(),
                settings.log()));
    Message refused = client(daemon, 0).udp(DnsClient.query("www.example.org", "A", 1232, 0));
    assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(errorOf(refused).getErrorCode()).isEqualTo(18);
    assertThat(daemon.ledger().get(Outcome.REFUSED)).isEqualTo(1);
  }

  @Test
  void withoutUpstreamItServesAndSaysSo() throws StartException {
    Daemon daemon = start(settings("127.0.0.1", Servers.AUTO));
    assertThat(daemon.describe()).anyMatch(line -> line.startsWith("upstream   none"));
    Message failed = client(daemon, 0).udp(DnsClient.query("www.example.org", "A", 1232, 0));
    assertThat(failed.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(errorOf(failed).getText()).isEqualTo("no upstream server is known");
  }

  @Test
  void aReloadFollowsResolvConfAndTheClientList() throws Exception {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    Settings settings = settings("127.0.0.1", Servers.AUTO);
    Daemon daemon = start(settings);
    DnsClient client = client(daemon, 0);
    assertThat(client.udp(DnsClient.query("www.example.org", "A")).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
    Settings pinned = settings("127.0.0.1", new Servers(plain(upstream.address())));
    assertThat(daemon.reload(pinned)).isEmpty();
    assertThat(client.udp(DnsClient.query("www.example.org", "A")).getRcode()).isZero();
    ServerSettings closed = withAllow(settings.server(), List.of(Network.parse("192.0.2.0/24")));
    daemon.reload(
        new Settings(
            closed,
            settings.cache(),
            settings.lookup(),
            settings.upstream(),
            settings.local(),
            settings.policy(),
            settings.log()));
    assertThat(client.udp(DnsClient.query("www.example.org", "A")).getRcode())
        .isEqualTo(Rcode.REFUSED);
  }

  @Test
  void everyReloadTellsWhatWaitsForARestart() throws StartException {
    Settings settings = settings("127.0.0.1", Servers.AUTO);
    Daemon daemon = start(settings);
    ServerSettings hasty = withDeadline(settings.server(), Duration.ofMillis(300));
    Settings next =
        new Settings(
            hasty,
            settings.cache(),
            settings.lookup(),
            settings.upstream(),
            settings.local(),
            settings.policy(),
            settings.log());
    for (int i = 0; i < 2; i++) {
      assertThat(daemon.reload(next))
          .extracting(Settings.Change::key)
          .containsExactly("server.client-deadline");
    }
    assertThat(daemon.reload(settings)).isEmpty();
  }

  /** The kernel takes the wildcard address for loopback's. */
  @Test
  void theWildcardAddressIsThisResolverItselfWhereLoopbackIs() throws Exception {
    for (String address : List.of("127.0.0.1", "::1")) {
      Daemon daemon = start(address);
      int port = daemon.addresses().get(0).getPort();
      InetSocketAddress wildcard = Addresses.parse(address.equals("::1") ? "::" : "0.0.0.0", port);
      daemon.reload(settings(address, new Servers(plain(wildcard))));
      assertThat(daemon.describe()).anyMatch(line -> line.startsWith("upstream   none"));
      InetSocketAddress other = Addresses.parse("0.0.0.0", port == 53 ? 54 : port - 1);
      daemon.reload(settings(address, new Servers(plain(other))));
      assertThat(daemon.describe()).noneMatch(line -> line.startsWith("upstream   none"));
    }
  }

  @Test
  void serversOfTheSystemAreFollowedAsTheirFileChanges() throws IOException, StartException {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 127.0.0.77\n");
    Daemon daemon = start(settings("127.0.0.1", Servers.AUTO));
    assertThat(daemon.describe())
        .anyMatch(line -> line.contains("127.0.0.77:53") && line.contains("etc/resolv.conf"));
    Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 127.0.0.78\n");
    daemon.reload(settings("127.0.0.1", Servers.AUTO));
    assertThat(daemon.describe()).anyMatch(line -> line.contains("127.0.0.78:53"));
  }

  @Test
  void whatIsInFlightAtTheStopGetsServfail() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    upstream
        .on("slow.example.org", "A")
        .gatedBy(gate)
        .answers("slow.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start();
    byte[] query = DnsClient.query("slow.example.org", "A", 1232, 0).toWire();
    try (DatagramSocket udp = new DatagramSocket();
        Socket tcp = client(daemon, 0).connect()) {
      udp.setSoTimeout(10_000);
      udp.connect(daemon.addresses().get(0));
      udp.send(new java.net.DatagramPacket(query, query.length));
      tcp.getOutputStream().write(DnsClient.frame(query));
      awaitReceived(daemon, 2);
      daemon.close();
      Message overUdp = DnsClient.parse(DnsClient.receive(udp));
      assertThat(overUdp.getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(errorOf(overUdp).getErrorCode()).isEqualTo(14);
      assertThat(DnsClient.parse(DnsClient.readFrame(tcp)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }
    gate.countDown();
  }

  @Test
  void aSilentUpstreamEndsInServfailAtTheClientsDeadline() throws StartException {
    upstream.on("slow.example.org", "A").silent();
    Settings settings = settings("127.0.0.1", new Servers(plain(upstream.address())));
    ServerSettings hasty = withDeadline(settings.server(), Duration.ofMillis(300));
    Daemon daemon =
        start(
            new Settings(
                hasty,
                settings.cache(),
                settings.lookup(),
                settings.upstream(),
                settings.local(),
                settings.policy(),
                settings.log()));
    Message late = client(daemon, 0).tcp(DnsClient.query("slow.example.org", "A", 1232, 0));
    assertThat(late.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(errorOf(late).getErrorCode()).isEqualTo(22);
  }

  @Test
  void aPortThatIsTakenIsAnErrorThatNamesItsHolder() throws StartException {
    Daemon first = start();
    InetSocketAddress taken = first.addresses().get(0);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start(settings(Addresses.format(taken), Servers.AUTO)))
        .withMessageContaining(Addresses.format(taken))
        .withMessageContaining("(pid " + ProcessHandle.current().pid() + ")")
        .withMessageContaining("--listen");
  }

  @Test
  void anAddressOfAnotherMachineIsAnErrorThatSaysSo() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start(settings("198.51.100.1:5300", Servers.AUTO)))
        .withMessageContaining("198.51.100.1:5300")
        .withMessageContaining("no such address");
  }

  @Test
  void aWildcardBecomesOneSocketForEachAddress() throws StartException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    Daemon daemon = start(settings("0.0.0.0", new Servers(plain(upstream.address()))));
    assertThat(daemon.addresses()).noneMatch(a -> a.getAddress().isAnyLocalAddress());
    assertThat(daemon.addresses()).anyMatch(a -> a.getAddress().isLoopbackAddress());
  }

  @Test
  void thePipelineAnswersThroughDnsjavasResolver() throws IOException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    try (LocalResolver resolver =
        LocalResolver.open(settings("127.0.0.1", new Servers(plain(upstream.address()))))) {
      Message answer = resolver.asResolver().send(DnsClient.query("www.example.org", "A"));
      assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
      assertThat(answer.getQuestion().getName()).isEqualTo(Answers.name("www.example.org"));
    }
  }

  @Test
  void whatTheDaemonAnswersByRuleThePipelineAnswersToo() throws IOException {
    try (LocalResolver resolver =
        LocalResolver.open(settings("127.0.0.1", new Servers(plain(upstream.address()))))) {
      assertThat(
              resolver
                  .asResolver()
                  .send(DnsClient.query("www.example.org", "ANY"))
                  .getSection(Section.ANSWER))
          .singleElement()
          .asString()
          .contains("RFC8482");
      assertThat(resolver.asResolver().send(DnsClient.query("example.org", "AXFR")).getRcode())
          .isEqualTo(Rcode.REFUSED);
    }
    assertThat(upstream.count()).isZero();
  }

  private static ExtendedErrorCodeOption errorOf(Message message) {
    List<EDNSOption> options = message.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR);
    assertThat(options).isNotEmpty();
    return (ExtendedErrorCodeOption) options.get(0);
  }

  /** The ledger counts what arrives on the event loops; it is only read here. */
  private static void awaitReceived(Daemon daemon, long queries) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (daemon.ledger().get(Outcome.LEADER) + daemon.ledger().get(Outcome.FOLLOWER) < queries) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }

  private Daemon start(String address) throws StartException {
    return start(settings(address, new Servers(plain(upstream.address()))));
  }

  private Daemon start() throws StartException {
    return start("127.0.0.1");
  }

  private Daemon start(Settings settings) throws StartException {
    Daemon daemon = Daemon.start(settings, root);
    started.add(daemon);
    return daemon;
  }

  private static DnsClient client(Daemon daemon, int address) {
    return new DnsClient(daemon.addresses().get(address));
  }

  private static Settings settings(String listen, Servers servers) {
    ServerSettings server = ServerSettings.DEFAULTS.withListen(List.of(Addresses.parse(listen, 0)));
    UpstreamSettings base = UpstreamSettings.DEFAULTS;
    // No retry while a test holds back an answer.
    UpstreamSettings upstream =
        new UpstreamSettings(
            servers, Duration.ofSeconds(10), base.tries(), base.udpSize(), base.tcpIdle());
    Settings defaults = Settings.DEFAULTS;
    return new Settings(
        server,
        defaults.cache(),
        defaults.lookup(),
        upstream,
        defaults.local(),
        defaults.policy(),
        defaults.log());
  }

  private static ServerSettings withAllow(ServerSettings s, List<Network> allow) {
    return new ServerSettings(
        s.listen(),
        allow,
        s.threads(),
        s.clientDeadline(),
        s.udpSize(),
        s.receiveBuffer(),
        s.waitingPerClient(),
        s.tcpConnections(),
        s.tcpConnectionsPerClient(),
        s.tcpIdle(),
        s.tcpPipeline());
  }

  private static ServerSettings withDeadline(ServerSettings s, Duration deadline) {
    return new ServerSettings(
        s.listen(),
        s.allow(),
        s.threads(),
        deadline,
        s.udpSize(),
        s.receiveBuffer(),
        s.waitingPerClient(),
        s.tcpConnections(),
        s.tcpConnectionsPerClient(),
        s.tcpIdle(),
        s.tcpPipeline());
  }
}
