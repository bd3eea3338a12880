package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;
import resolver.settings.Addresses;

class CountingUpstreamTest {
  private static final InetSocketAddress ANY = Addresses.parse("127.0.0.1", 0);

  private @Nullable CountingUpstream upstream;

  @AfterEach
  void stop() {
    if (upstream != null) {
      upstream.close();
    }
  }

  @Test
  void everyAddressIsToldOverBothTransportsAndCounted() throws IOException {
    CountingUpstream server = start("slow=0%");
    RoundName name = RoundName.of(1, 7);
    DnsClient client = new DnsClient(server.address());
    assertThat(judge(client.udp(query(name, 4711).toWire()), name, 4711)).isEqualTo(Verdict.RIGHT);
    assertThat(judge(client.tcp(query(name, 4712)).toWire(), name, 4712)).isEqualTo(Verdict.RIGHT);
    Message six = client.udp(DnsClient.query(name.toString(), "AAAA", 1232, 0));
    assertThat(six.getSection(Section.ANSWER)).singleElement().isInstanceOf(AAAARecord.class);
    assertThat(six.getOPT()).as("as asked").isNotNull();
    Message other = client.udp(DnsClient.query(name.toString(), "MX"));
    assertThat(other.getRcode()).isZero();
    assertThat(other.getSection(Section.ANSWER)).isEmpty();
    assertThat(server.countOf(name).queries()).isEqualTo(4);
    assertThat(server.countOf(RoundName.of(2, 7)).queries()).isZero();
  }

  @Test
  void pairsOfPortAndIdAreCountedOnce() throws IOException {
    CountingUpstream server = start("slow=0%");
    RoundName name = RoundName.of(1, 7);
    try (DatagramSocket one = socket(server);
        DatagramSocket other = socket(server)) {
      for (int id : new int[] {1, 1, 2}) {
        ask(one, name, id);
        DnsClient.receive(one);
      }
      ask(other, name, 1);
      DnsClient.receive(other);
    }
    assertThat(server.countOf(name).queries()).isEqualTo(4);
    assertThat(server.countOf(name).askers()).isEqualTo(3);
  }

  @Test
  void trialsAndStrangersAreAnsweredAndNotCounted() throws IOException {
    CountingUpstream server = start("drop=100%");
    DnsClient client = new DnsClient(server.address());
    RoundName trial = RoundName.trial(1, 7);
    assertThat(judge(client.udp(query(trial, 5).toWire()), trial, 5)).isEqualTo(Verdict.RIGHT);
    Message stranger = client.udp(DnsClient.query("www.example.org", "A"));
    assertThat(stranger.getRcode()).isZero();
    assertThat(stranger.getSection(Section.ANSWER)).isEmpty();
    assertThat(server.otherQueries()).isEqualTo(2);
    assertThat(server.countOf(trial).queries()).isZero();
  }

  @Test
  void aNameIsNeverDroppedThreeTimesInARow() throws IOException {
    CountingUpstream server = start("drop=100%");
    try (DatagramSocket socket = socket(server)) {
      for (int round = 1; round <= 5; round++) {
        RoundName name = RoundName.of(round, 7);
        for (int id = 1; id <= 3; id++) {
          ask(socket, name, id);
        }
        assertThat(judge(DnsClient.receive(socket), name, 3)).isEqualTo(Verdict.RIGHT);
        assertThat(server.countOf(name).faults())
            .containsExactly(java.util.Map.entry(Fault.DROP, 2));
      }
    }
  }

  @Test
  void servfailIsSaidInTheRoundThatWasAgreed() throws IOException {
    CountingUpstream server = start("servfail@2");
    DnsClient client = new DnsClient(server.address());
    assertThat(client.udp(query(RoundName.of(1, 7), 1)).getRcode()).isZero();
    assertThat(client.udp(query(RoundName.of(2, 7), 1)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(client.udp(query(RoundName.of(2, 7), 1)).getRcode()).isZero();
  }

  @Test
  void whatIsTruncatedOverUdpIsWholeOverTcp() throws IOException {
    CountingUpstream server = start("truncated=100%");
    DnsClient client = new DnsClient(server.address());
    RoundName name = RoundName.of(1, 7);
    Message cut = client.udp(query(name, 1));
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(cut.getSection(Section.ANSWER)).isEmpty();
    assertThat(judge(client.tcp(query(name, 2)).toWire(), name, 2)).isEqualTo(Verdict.RIGHT);
    assertThat(server.countOf(name).faults()).containsOnlyKeys(Fault.TRUNCATED);
  }

  @Test
  void aWrongIdIsWrong() throws IOException {
    CountingUpstream server = start("wrong-id@1");
    byte[] reply = new DnsClient(server.address()).udp(query(RoundName.of(1, 7), 4711).toWire());
    assertThat(DnsClient.parse(reply).getHeader().getID()).isNotEqualTo(4711);
  }

  @Test
  void theSlowAnswerIsOvertaken() throws IOException {
    CountingUpstream server = start("slow@1");
    try (DatagramSocket socket = socket(server)) {
      ask(socket, RoundName.of(1, 7), 1);
      ask(socket, RoundName.of(1, 7), 2);
      assertThat(DnsClient.parse(DnsClient.receive(socket)).getHeader().getID()).isEqualTo(2);
      assertThat(DnsClient.parse(DnsClient.receive(socket)).getHeader().getID()).isEqualTo(1);
    }
  }

  @Test
  void aPortThatIsTakenIsAnErrorThatNamesIt() throws IOException {
    CountingUpstream server = start("slow=0%");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> CountingUpstream.start(server.address(), Duration.ZERO, FaultPlan.NONE, 1))
        .withMessageContaining("cannot listen on " + Addresses.format(server.address()));
  }

  private CountingUpstream start(String faults) throws IOException {
    upstream = CountingUpstream.start(ANY, Duration.ZERO, FaultPlan.parse(faults), 1);
    return upstream;
  }

  private static DatagramSocket socket(CountingUpstream server) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(10_000);
    socket.connect(server.address());
    return socket;
  }

  private static void ask(DatagramSocket socket, RoundName name, int id) throws IOException {
    byte[] octets = query(name, id).toWire();
    socket.send(new DatagramPacket(octets, octets.length));
  }

  private static Message query(RoundName name, int id) {
    Message query = DnsClient.query(name.toString(), "A");
    query.getHeader().setID(id);
    return query;
  }

  private static Verdict judge(byte[] reply, RoundName name, int id) {
    assertThat(Judge.isFor(Unpooled.wrappedBuffer(reply), id)).isTrue();
    return Judge.judge(Unpooled.wrappedBuffer(reply), name.question(), name.address(), 512);
  }
}
