package resolver.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.fixtures.DnsClient;
import resolver.fixtures.EchoNameServer;
import resolver.fixtures.StubNameServer;
import resolver.query.Transport;

class FaultProxyTest {
  private static final String NAME = "www.example.org.";
  private static final int SEED = 7;

  /** How long nothing has to come for it to count as silence. */
  private static final int SILENCE_MILLIS = 150;

  private final StubNameServer server = StubNameServer.start();
  private final FaultProxy proxy = FaultProxy.before(server.address(), SEED);
  private final DnsClient client = new DnsClient(proxy.address());

  @BeforeEach
  void script() {
    server.on(NAME, "A").answers(NAME + " 300 IN A 192.0.2.1");
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.close();
  }

  @Test
  void withoutFaultsEverythingPasses() {
    Message query = query();

    assertThat(client.udp(query).getSection(1)).hasSize(1);
    assertThat(client.udp(query).getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(client.tcp(query).getSection(1)).hasSize(1);
    assertThat(proxy.counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0));
    assertThat(server.count(Transport.UDP)).isEqualTo(2);
  }

  @Test
  void whatIsLostFollowsFromTheSeed() throws Exception {
    Set<Integer> answered = answeredUnderLoss(SEED);

    assertThat(answered).hasSizeBetween(80, 120); // 0.7 x 0.7 of 200
    assertThat(answeredUnderLoss(SEED)).isEqualTo(answered);
    assertThat(answeredUnderLoss(SEED + 1)).isNotEqualTo(answered);
  }

  /** Which of 200 questions are answered, each asked once. */
  private static Set<Integer> answeredUnderLoss(long seed) throws IOException {
    try (EchoNameServer echo = EchoNameServer.start();
        FaultProxy proxy = FaultProxy.before(echo.address(), seed);
        DatagramSocket socket = new DatagramSocket()) {
      proxy.set("loss=30%");
      socket.connect(proxy.address());
      socket.setSoTimeout(SILENCE_MILLIS);
      Set<Integer> answered = new TreeSet<>();
      for (int i = 0; i < 200; i++) {
        Message query = DnsClient.query("n" + i + ".example.org.", "A");
        query.getHeader().setID(i);
        send(socket, query);
      }
      while (answered.size() + proxy.counts().lost() < 200) {
        try {
          answered.add(Packet.id(DnsClient.receive(socket)));
        } catch (SocketTimeoutException e) {
          // Look at the count of those that were lost again.
        }
      }
      return answered;
    }
  }

  @Test
  void delaysWhatComesBackOverBothTransports() {
    proxy.set("delay=80ms");
    long start = System.nanoTime();
    client.udp(query());
    long afterUdp = System.nanoTime();
    client.tcp(query());

    assertThat(afterUdp - start).isGreaterThanOrEqualTo(80_000_000);
    assertThat(System.nanoTime() - afterUdp).isGreaterThanOrEqualTo(80_000_000);
  }

  @Test
  void duplicates() throws Exception {
    proxy.set("duplicate=100%");
    try (DatagramSocket socket = connected()) {
      send(socket, query());

      assertThat(DnsClient.receive(socket)).isEqualTo(DnsClient.receive(socket));
      assertThat(server.count()).isEqualTo(1);
    }
  }

  @Test
  void letsTheNextOvertake() throws Exception {
    proxy.set("servfail=100% reorder=100%");
    try (DatagramSocket socket = connected()) {
      Message first = query();
      Message second = query();
      send(socket, first);
      send(socket, second);

      assertThat(Packet.id(DnsClient.receive(socket))).isEqualTo(second.getHeader().getID());
      assertThat(Packet.id(DnsClient.receive(socket))).isEqualTo(first.getHeader().getID());
      // Where no other comes, it arrives all the same.
      send(socket, first);
      assertThat(Packet.id(DnsClient.receive(socket))).isEqualTo(first.getHeader().getID());
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersInTheServersPlace(Faults.Reply reply) {
    proxy.set(Faults.NONE.reply(reply, 1));
    Message answer = client.udp(query());

    assertThat(answer.getRcode()).isEqualTo(reply.rcode());
    assertThat(answer.getHeader().getFlag(Flags.TC)).isEqualTo(reply == Faults.Reply.TRUNCATED);
    assertThat(answer.getQuestion()).isEqualTo(query().getQuestion());
    assertThat(server.count()).isZero();
    assertThat(proxy.counts().replies()).isEqualTo(1);
  }

  @Test
  void deadIsSilentAndWhatTcpWasToldComesLater() throws Exception {
    try (DatagramSocket udp = connected();
        Socket tcp = client.connect()) {
      tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
      DnsClient.readFrame(tcp);
      proxy.set("dead");
      tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
      send(udp, query());
      await(() -> proxy.counts().lost() == 1);
      assertSilent(tcp);

      proxy.set("none");

      tcp.setSoTimeout(10_000);
      assertThat(DnsClient.parse(DnsClient.readFrame(tcp)).getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(server.count(Transport.UDP)).isZero();
      assertThat(client.udp(query()).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void closedRefusesUntilItIsOpenAgain() throws Exception {
    try (DatagramSocket udp = connected();
        Socket tcp = client.connect()) {
      // Not earlier: what the kernel has taken is not yet ours.
      await(() -> proxy.counts().connections() == 1);
      proxy.set("closed");

      send(udp, query());
      assertThatThrownBy(() -> DnsClient.receive(udp)).isInstanceOf(PortUnreachableException.class);
      assertThatThrownBy(client::connect).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> DnsClient.readFrame(tcp)).isInstanceOf(SocketException.class);
    }

    proxy.set("none");

    assertThat(client.udp(query()).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(client.tcp(query()).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @ParameterizedTest
  @EnumSource
  void resets(When when) throws Exception {
    try (Socket tcp = when == When.WHILE_OPEN ? client.connect() : new Socket()) {
      proxy.set(when == When.WITHIN_A_MESSAGE ? "reset=20" : "reset");
      if (!tcp.isConnected()) {
        tcp.setSoTimeout(10_000);
        tcp.connect(proxy.address());
      }

      // Not the end of the stream, which is an EOFException.
      assertThatThrownBy(
              () -> {
                tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
                DnsClient.readFrame(tcp);
              })
          .isInstanceOf(SocketException.class);
      assertThat(proxy.counts().resets()).isEqualTo(1);
      assertThat(server.count()).isEqualTo(when == When.WITHIN_A_MESSAGE ? 1 : 0);
    }
  }

  enum When {
    AT_CONNECT,
    WHILE_OPEN,
    WITHIN_A_MESSAGE
  }

  @Test
  void halfOpenNeverAnswers() throws Exception {
    proxy.set("half-open");
    try (Socket tcp = client.connect()) {
      tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
      await(() -> proxy.counts().messages() == 1);

      assertSilent(tcp);
      assertThat(server.count()).isZero();
    }
  }

  @Test
  void goesSilentAfterSomeQueries() throws Exception {
    proxy.set("half-open=1");
    try (Socket tcp = client.connect()) {
      byte[] frame = DnsClient.frame(query().toWire());
      tcp.getOutputStream().write(frame);
      DnsClient.readFrame(tcp);
      tcp.getOutputStream().write(frame);
      await(() -> proxy.counts().messages() == 2);

      assertSilent(tcp);
      assertThat(server.count()).isEqualTo(1);
    }
    // Another connection has its own count.
    assertThat(client.tcp(query()).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void passesMuchOverOneConnection() throws Exception {
    try (Socket tcp = client.connect()) {
      byte[] frame = DnsClient.frame(query().toWire());
      for (int i = 0; i < 500; i++) {
        tcp.getOutputStream().write(frame);
      }
      for (int i = 0; i < 500; i++) {
        DnsClient.readFrame(tcp);
      }
    }
    assertThat(proxy.counts().messages()).isEqualTo(500);
  }

  @Test
  void theServersHangingUpIsPassedOn() throws Exception {
    try (Socket tcp = client.connect()) {
      tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
      DnsClient.readFrame(tcp);
      server.hangUp();

      assertThat(tcp.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void connectionsCanBeResetAtOnce() throws Exception {
    try (Socket tcp = client.connect()) {
      tcp.getOutputStream().write(DnsClient.frame(query().toWire()));
      DnsClient.readFrame(tcp);
      proxy.resetConnections();

      assertThatThrownBy(() -> DnsClient.readFrame(tcp)).isInstanceOf(SocketException.class);
      assertThat(client.tcp(query()).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  private static Message query() {
    return DnsClient.query(NAME, "A");
  }

  private DatagramSocket connected() throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(proxy.address());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(DatagramSocket socket, Message query) throws IOException {
    byte[] octets = query.toWire();
    socket.send(new DatagramPacket(octets, octets.length));
  }

  private static void assertSilent(Socket tcp) throws IOException {
    tcp.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> DnsClient.readFrame(tcp)).isInstanceOf(SocketTimeoutException.class);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
