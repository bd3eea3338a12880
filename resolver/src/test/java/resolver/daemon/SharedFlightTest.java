package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubNameServer.Received;
import resolver.flight.FlightSettings;
import resolver.query.QueryObserver.Outcome;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** One flight, many clients of all sorts, and the whole daemon between them and the upstream. */
@Timeout(60)
class SharedFlightTest {
  private static final String NAME = "cold.example.org";
  private static final String ADDRESS = NAME + ". 300 IN A 192.0.2.1";
  private static final String SIGNATURE =
      NAME + ". 300 IN RRSIG A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA";

  private final StubNameServer upstream = StubNameServer.start();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Asker> askers = new ArrayList<>();
  private @TempDir Path root;

  /** Somebody with a socket of his own. */
  private interface Asker extends AutoCloseable {
    void send(Message query) throws IOException;

    Message answer() throws IOException;

    @Override
    void close() throws IOException;
  }

  @AfterEach
  void stop() throws IOException {
    for (Asker each : askers) {
      each.close();
    }
    gate.countDown();
    upstream.close();
  }

  @Test
  void t27aCrowdShowsASpooferOnePairOfPortAndIdForTheName() throws Exception {
    upstream.on(NAME, "A").gatedBy(gate).answers(ADDRESS);
    try (Daemon daemon = start(settings())) {
      for (int i = 0; i < 300; i++) {
        Asker asker = i % 3 == 2 ? tcp(daemon) : udp(daemon);
        asker.send(DnsClient.query(NAME, "A"));
      }
      upstream.awaitQueries(1);
      awaitWaiting(daemon, 300);
      assertThat(pairsSeen()).as("while all wait").hasSize(1);
      gate.countDown();
      for (Asker each : askers) {
        assertThat(each.answer().getSection(Section.ANSWER)).hasSize(1);
      }
      assertThat(pairsSeen()).as("in all").hasSize(1);
      assertThat(upstream.count()).isEqualTo(1);
    }
  }

  /** What a forger of answers has to guess: any one of these would be taken. */
  private Set<String> pairsSeen() {
    return upstream.received().stream()
        .filter(query -> query.asks(NAME, "A"))
        .map(SharedFlightTest::pair)
        .collect(Collectors.toSet());
  }

  private static String pair(Received query) {
    return query.client().getPort() + "/" + query.message().getHeader().getID();
  }

  @Test
  void t13t19clientsOfAllSortsShareOneFlightAndEachIsAnsweredInItsOwnWay() throws Exception {
    upstream.on(NAME, "A").gatedBy(gate).answers(ADDRESS, SIGNATURE);
    Message plain = DnsClient.query(NAME, "A");
    Message spelt = DnsClient.query("COLD.Example.ORG", "A");
    Message signed = DnsClient.query(NAME, "A", 1232, ExtendedFlags.DO);
    Message subnet = DnsClient.query(NAME, "A");
    InetAddress somewhere = Inet4Address.getByName("192.0.2.0");
    subnet.addRecord(
        new OPTRecord(4096, 0, 0, 0, new ClientSubnetOption(24, somewhere)), Section.ADDITIONAL);
    Message authentic = DnsClient.query(NAME, "A");
    authentic.getHeader().setFlag(Flags.AD);
    Message overTcp = DnsClient.query("cold.EXAMPLE.org", "A");
    try (Daemon daemon = start(settings())) {
      List<Message> queries = List.of(plain, spelt, signed, subnet, authentic, overTcp);
      for (Message query : queries) {
        Asker asker = query == overTcp ? tcp(daemon) : udp(daemon);
        asker.send(query);
      }
      awaitWaiting(daemon, queries.size());
      gate.countDown();
      for (int i = 0; i < queries.size(); i++) {
        Message query = queries.get(i);
        Message answer = askers.get(i).answer();
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(answer.getQuestion().getName().toString())
            .isEqualTo(query.getQuestion().getName().toString());
        assertThat(answer.getSection(Section.ANSWER)).hasSize(query == signed ? 2 : 1);
        assertThat(answer.getOPT() != null).isEqualTo(query.getOPT() != null);
      }
      assertThat(daemon.ledger().get(Outcome.LEADER)).isEqualTo(1);
      assertThat(daemon.ledger().get(Outcome.FOLLOWER)).isEqualTo(queries.size() - 1);
    }
    assertThat(upstream.received())
        .singleElement()
        .satisfies(
            query -> {
              OPTRecord opt = query.message().getOPT();
              assertThat(opt.getFlags() & ExtendedFlags.DO).isNotZero();
              assertThat(opt.getOptions(EDNSOption.Code.CLIENT_SUBNET)).isEmpty();
            });
  }

  @Test
  void t17whoWaitsTooLongIsAnsweredOverBothTransportsAndTheFlightFillsTheCache() throws Exception {
    upstream.on(NAME, "A").gatedBy(gate).answers(ADDRESS);
    Settings usual = settings();
    Settings hasty = with(withDeadline(usual.server(), Duration.ofMillis(200)), usual.lookup());
    try (Daemon daemon = start(hasty)) {
      udp(daemon).send(DnsClient.query(NAME, "A", 1232, 0));
      tcp(daemon).send(DnsClient.query(NAME, "A", 1232, 0));
      for (Asker each : askers) {
        Message late = each.answer();
        assertThat(late.getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(errorsOf(late)).containsExactly("22 no answer in time");
      }
      gate.countDown();
      // Nobody waits any more; whoever comes now joins what is under way, or finds what it left.
      Message after =
          Stream.generate(() -> ask(daemon)).filter(SharedFlightTest::isGood).findFirst().get();
      assertThat(after.getSection(Section.ANSWER)).hasSize(1);
      long hits = daemon.ledger().get(Outcome.HIT);
      ask(daemon);
      assertThat(daemon.ledger().get(Outcome.HIT)).isEqualTo(hits + 1);
    }
    assertThat(upstream.count()).isEqualTo(1);
  }

  private static Message ask(Daemon daemon) {
    return new DnsClient(daemon.addresses().get(0)).udp(DnsClient.query(NAME, "A"));
  }

  private static boolean isGood(Message answer) {
    return answer.getRcode() == Rcode.NOERROR;
  }

  @Test
  void t25overTheMemoryNewcomersAreToldSoAndTheOthersAnswered() throws Exception {
    upstream.on(NAME, "A").gatedBy(gate).answers(ADDRESS);
    FlightSettings base = FlightSettings.DEFAULTS;
    FlightSettings small =
        new FlightSettings(base.deadline(), base.maxFlights(), 64 << 10, base.maxDetached());
    try (Daemon daemon = start(with(settings().server(), small))) {
      int crowd = 250;
      for (int i = 0; i < crowd; i++) {
        udp(daemon).send(DnsClient.query(NAME, "A", 1232, 0));
        // One after another, so that it is known who came too late.
        awaitWaiting(daemon, i + 1);
      }
      tcp(daemon).send(DnsClient.query(NAME, "A", 1232, 0));
      awaitWaiting(daemon, crowd + 1);
      gate.countDown();
      List<Message> answers = new ArrayList<>();
      for (Asker each : askers) {
        answers.add(each.answer());
      }
      int room = (int) daemon.ledger().get(Outcome.FOLLOWER) + 1;
      assertThat(room).isBetween(75, 110);
      assertThat(answers.subList(0, room))
          .allSatisfy(answer -> assertThat(answer.getSection(Section.ANSWER)).hasSize(1));
      assertThat(answers.subList(room, crowd + 1))
          .allSatisfy(
              answer -> {
                assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
                assertThat(errorsOf(answer)).containsExactly("0 too many waiting");
              });
      assertThat(daemon.ledger().get(Outcome.SPILLED)).isEqualTo(crowd + 1 - room);
    }
    assertThat(upstream.count()).isEqualTo(1);
  }

  private static List<String> errorsOf(Message message) {
    return message.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
        .map(option -> (ExtendedErrorCodeOption) option)
        .map(error -> error.getErrorCode() + " " + error.getText())
        .toList();
  }

  /** The ledger counts what arrives on the event loops; it is only read here. */
  private static void awaitWaiting(Daemon daemon, long queries) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (daemon.ledger().get(Outcome.LEADER)
            + daemon.ledger().get(Outcome.FOLLOWER)
            + daemon.ledger().get(Outcome.SPILLED)
        < queries) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }

  private Daemon start(Settings settings) throws StartException {
    return Daemon.start(settings, root);
  }

  private Settings settings() {
    ServerSettings server =
        ServerSettings.DEFAULTS.withListen(List.of(Addresses.parse("127.0.0.1", 0)));
    return with(withDeadline(server, Duration.ofMinutes(1)), FlightSettings.DEFAULTS);
  }

  private Settings with(ServerSettings server, FlightSettings lookup) {
    UpstreamSettings base = UpstreamSettings.DEFAULTS;
    // No retry while a test holds back an answer.
    UpstreamSettings patient =
        new UpstreamSettings(
            new Servers(plain(upstream.address())),
            Duration.ofSeconds(10),
            base.tries(),
            base.udpSize(),
            base.tcpIdle());
    FlightSettings patiently =
        new FlightSettings(
            Duration.ofMinutes(1), lookup.maxFlights(), lookup.memory(), lookup.maxDetached());
    Settings defaults = Settings.DEFAULTS;
    return new Settings(
        server,
        defaults.cache(),
        patiently,
        patient,
        defaults.local(),
        defaults.policy(),
        defaults.log());
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

  private Asker udp(Daemon daemon) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(20_000);
    socket.connect(daemon.addresses().get(0));
    Asker asker =
        new Asker() {
          @Override
          public void send(Message query) throws IOException {
            byte[] octets = query.toWire();
            socket.send(new DatagramPacket(octets, octets.length));
          }

          @Override
          public Message answer() throws IOException {
            return DnsClient.parse(DnsClient.receive(socket));
          }

          @Override
          public void close() {
            socket.close();
          }
        };
    askers.add(asker);
    return asker;
  }

  private Asker tcp(Daemon daemon) throws IOException {
    Socket socket = new DnsClient(daemon.addresses().get(0)).connect();
    socket.setSoTimeout(20_000);
    Asker asker =
        new Asker() {
          @Override
          public void send(Message query) throws IOException {
            socket.getOutputStream().write(DnsClient.frame(query.toWire()));
          }

          @Override
          public Message answer() throws IOException {
            return DnsClient.parse(DnsClient.readFrame(socket));
          }

          @Override
          public void close() throws IOException {
            socket.close();
          }
        };
    askers.add(asker);
    return asker;
  }
}
