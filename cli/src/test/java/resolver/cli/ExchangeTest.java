package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.StubNameServer;
import resolver.query.Transport;

class ExchangeTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final String WWW = "www.example.org. 300 IN A 192.0.2.1";

  private final StubNameServer stub = StubNameServer.start();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void asksOverUdp() throws IOException {
    stub.on("www.example.org", "A").answers(WWW);

    Reply.Received received = Exchange.ask(stub.address(), query(), false, LONG);

    assertThat(received.message().getSection(Section.ANSWER)).hasSize(1);
    assertThat(received.transport()).isEqualTo("UDP");
    assertThat(received.octets()).isEqualTo(49);
    assertThat(stub.count(Transport.TCP)).isZero();
  }

  @Test
  void asksOverTcpWhereTheResponseIsTruncated() throws IOException {
    stub.on("www.example.org", "A").truncatedOverUdp().answers(WWW);

    Reply.Received received = Exchange.ask(stub.address(), query(), false, LONG);

    assertThat(received.message().getSection(Section.ANSWER)).hasSize(1);
    assertThat(received.transport()).isEqualTo("TCP after truncation");
    assertThat(stub.count(Transport.UDP)).isEqualTo(1);
    assertThat(stub.count(Transport.TCP)).isEqualTo(1);
  }

  @Test
  void asksOverTcpAlone() throws IOException {
    stub.on("www.example.org", "A").answers(WWW);

    assertThat(Exchange.ask(stub.address(), query(), true, LONG).transport()).isEqualTo("TCP");
    assertThat(stub.count(Transport.UDP)).isZero();
  }

  @Test
  void passesOverWhatIsNotTheResponse() throws IOException {
    stub.on("www.example.org", "A").wrongIdFirst().answers(WWW);

    Reply.Received received = Exchange.ask(stub.address(), query(), false, LONG);

    assertThat(received.message().getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void sendsAgainWhereNothingComes() throws IOException {
    stub.on("www.example.org", "A").silentFirst(1).answers(WWW);

    Reply.Received received = Exchange.ask(stub.address(), query(), false, Duration.ofSeconds(5));

    assertThat(received.message().getSection(Section.ANSWER)).hasSize(1);
    assertThat(stub.count()).isBetween(2, 3);
  }

  @Test
  void tellsWhatItPassedOver() {
    stub.on("www.example.org", "A").wrongIdOnly().answers(WWW);
    assertThat(failure(stub.address(), false, SHORT).why())
        .startsWith("silent for 100ms over UDP (a datagram of 49 octets was passed over")
        .contains("its ID");

    stub.on("www.example.org", "A")
        .distortedBy(octets -> Arrays.copyOf(octets, octets.length - 3))
        .answers(WWW);
    assertThat(failure(stub.address(), false, SHORT).why()).contains("it is no DNS message");
    assertThat(failure(stub.address(), true, LONG).why()).contains("is no DNS message");
  }

  @Test
  void knowsTheSilentFromTheAbsent() {
    stub.on("www.example.org", "A").silent();

    NoReplyException silent = failure(stub.address(), false, SHORT);
    assertThat(silent.nothingListens()).isFalse();
    assertThat(silent.why()).isEqualTo("silent for 100ms over UDP");
    assertThat(failure(stub.address(), true, SHORT).nothingListens()).isFalse();

    NoReplyException absent = failure(CommandRun.NOBODY, false, LONG);
    assertThat(absent.nothingListens()).isTrue();
    assertThat(absent.why()).isEqualTo("nothing listens there over UDP");
    assertThat(failure(CommandRun.NOBODY, true, LONG).nothingListens()).isTrue();
  }

  @Test
  void aConnectionThatIsClosedIsNoReply() {
    stub.on("www.example.org", "A").hangingUpOverTcp().truncatedOverUdp().answers(WWW);

    NoReplyException failure = failure(stub.address(), false, LONG);

    assertThat(failure.nothingListens()).isFalse();
    assertThat(failure.why()).endsWith("over TCP after truncation");
  }

  private static NoReplyException failure(InetSocketAddress server, boolean tcp, Duration timeout) {
    return catchThrowableOfType(
        NoReplyException.class, () -> Exchange.ask(server, query(), tcp, timeout));
  }

  private static Message query() throws IOException {
    return Message.newQuery(
        Record.newRecord(Name.fromString("www.example.org."), Type.A, DClass.IN));
  }
}
