package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import resolver.fixtures.Catcher;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.StubNameServer;
import resolver.query.Answer;
import resolver.query.Transport;
import resolver.settings.Addresses;

/** The forwarder against servers that speak TLS, and such as do not (RFC 7858, RFC 8310). */
class TlsUpstreamTest {
  private static final String NAME = "dns.example";

  @TempDir private Path directory;
  private final TestCertificates authority = new TestCertificates();
  private final List<AutoCloseable> open = new ArrayList<>();
  private EncryptedClient client;

  @BeforeEach
  void start() {
    client = opened(new EncryptedClient(authority.file(directory)));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void anAnswerComesOverTlsAndCountsAsAuthentic() {
    TlsNameServer server = server(authority.issue(NAME));
    server.on(
        (channel, query) -> {
          byte[] reply = RawNameServer.answer(query);
          reply[3] |= 0x20;
          TlsNameServer.reply(channel, reply);
        });
    client.use(words(server, "#" + NAME));
    Answer answer = client.ask("www.example.org");
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.authentic()).isTrue();
    assertThat(Objects.requireNonNull(answer.provenance()).transport()).isEqualTo(Transport.TLS);
    assertThat(client.forwarder.troubles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void theCertificateMayBeForTheAddressWhereNoNameIsGiven(String protocol) {
    TlsNameServer server =
        opened(TlsNameServer.start(authority.issue(NAME, "127.0.0.1"), protocol));
    client.use(words(server, ""));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void manyQueriesShareOneConnectionAndComeBackInAnyOrder() {
    TlsNameServer server = server(authority.issue(NAME));
    List<Runnable> held = new ArrayList<>();
    server.on(
        (channel, query) -> {
          held.add(() -> TlsNameServer.reply(channel, RawNameServer.answer(query)));
          if (held.size() == 20) {
            for (int i = 19; i >= 0; i--) {
              held.get(i).run();
            }
          }
        });
    client.use(words(server, "#" + NAME));
    List<Catcher> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(client.begin("n" + i + ".example.org"));
    }
    assertThat(asked).allSatisfy(each -> assertThat(each.answer().rcode()).isZero());
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void theHandshakeIsNoPartOfTheRoundTrip() {
    client.use(words(server(authority.issue(NAME)), "#" + NAME));
    client.ask("a.example.org");
    assertThat(client.roundTripNanos()).isZero();
    client.ask("b.example.org");
    assertThat(client.roundTripNanos()).isPositive();
  }

  @Test
  void aServerThatClosesAfterEachReplyIsMeasuredAllTheSame() throws Exception {
    TlsNameServer server = server(authority.issue(NAME));
    server.on(
        (channel, query) -> {
          byte[] reply = RawNameServer.answer(query);
          channel
              .writeAndFlush(Unpooled.wrappedBuffer(reply))
              .addListener(ChannelFutureListener.CLOSE);
        });
    client.use(words(server, "#" + NAME));
    for (int i = 0; client.roundTripNanos() == 0; i++) {
      assertThat(i).isLessThan(100);
      client.ask("n" + i + ".example.org");
    }
    assertThat(server.connections()).isGreaterThan(1);
  }

  /** RFC 8467 section 4.1. */
  @Test
  void queriesAreAllOfTheSameLength() throws IOException {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, "#" + NAME));
    client.ask("a.example.org");
    client.ask("a-rather-long-name-that-one-could-tell-by-its-length.example.org");
    client.ask("x".repeat(63) + "." + "y".repeat(63) + ".example.org");
    assertThat(server.received()).extracting(query -> query.length).containsExactly(128, 128, 256);
    for (byte[] query : server.received()) {
      assertThat(Objects.requireNonNull(new Message(query).getOPT()).getOptions(12)).hasSize(1);
    }
  }

  /** Padding tells nothing to anybody but whoever can read the rest, too. */
  @Test
  void plainQueriesAreNotPadded() {
    StubNameServer plain = opened(StubNameServer.start());
    plain.otherwise().truncatedOverUdp().rcode(Rcode.NXDOMAIN);
    client.use("127.0.0.1:" + plain.port());
    client.ask("www.example.org");
    assertThat(plain.received())
        .hasSize(2)
        .allSatisfy(
            query ->
                assertThat(
                        Objects.requireNonNull(query.message().getOPT())
                            .getOptions(EDNSOption.Code.PADDING))
                    .isEmpty());
  }

  @Test
  void aConnectionThatWasClosedMeanwhileIsReplacedWithoutAWord() {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, "#" + NAME));
    client.ask("a.example.org");
    boolean[] hungUp = {false};
    server.on(
        (channel, query) -> {
          if (hungUp[0]) {
            TlsNameServer.reply(channel, RawNameServer.answer(query));
          } else {
            hungUp[0] = true;
            channel.close();
          }
        });
    assertThat(client.ask("b.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.connections()).isEqualTo(2);
  }

  /** As after a change of the network: nothing comes back, and nobody says why. */
  @Test
  void aConnectionThatFallsSilentIsNotWaitedFor() {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, "#" + NAME));
    client.ask("a.example.org");
    Object dead = server.lastChannel();
    server.on(
        (channel, query) -> {
          if (channel != dead) {
            TlsNameServer.reply(channel, RawNameServer.answer(query));
          }
        });
    assertThat(client.ask("b.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.connections()).isEqualTo(2);
  }

  /** RFC 8446 section 2.2: who has been there before shows a ticket and no certificate is sent. */
  @Test
  void aLaterConnectionResumesTheSession() throws Exception {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, "#" + NAME));
    client.ask("a.example.org");
    server.hangUp();
    client.ask("b.example.org");
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.resumed()).containsExactly(false, true);
  }

  /** RFC 7828 section 3.2.2: zero means that the connection shall be closed as soon as idle. */
  @Test
  void theServerSaysHowLongAnIdleConnectionIsKept() throws Exception {
    TlsNameServer server = server(authority.issue(NAME));
    CountDownLatch closed = new CountDownLatch(1);
    List<Boolean> asksForIt = new ArrayList<>();
    server.on(
        (channel, query) -> {
          channel.closeFuture().addListener(done -> closed.countDown());
          asksForIt.add(hasOption(query, EDNSOption.Code.TCP_KEEPALIVE));
          TlsNameServer.reply(channel, withIdleTime(query, 0));
        });
    client.use(words(server, "#" + NAME));
    client.ask("a.example.org");
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(asksForIt).containsExactly(true);
  }

  @Test
  void anUnusedConnectionIsClosedAfterAWhile() throws Exception {
    EncryptedClient brief =
        opened(
            new EncryptedClient(
                directory.resolve("ca.pem"), Duration.ofMillis(50), Duration.ofSeconds(5)));
    TlsNameServer server = server(authority.issue(NAME));
    CountDownLatch closed = new CountDownLatch(1);
    server.on(
        (channel, query) -> {
          channel.closeFuture().addListener(done -> closed.countDown());
          TlsNameServer.reply(channel, RawNameServer.answer(query));
        });
    brief.use(words(server, "#" + NAME)).ask("a.example.org");
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anExpiredCertificateIsRefused() {
    TlsNameServer server = server(authority.expired(NAME));
    client.use(words(server, "#" + NAME));
    assertRefused(server, "its certificate expired on ", "clock");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    TlsNameServer server = server(authority.issue("other.example"));
    client.use(words(server, "#" + NAME));
    assertRefused(server, "its certificate is not for dns.example but for other.example", "#");
  }

  @Test
  void aCertificateForANameIsNoneForTheAddress() {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, ""));
    assertRefused(server, "its certificate is not for 127.0.0.1 but for dns.example", "#");
  }

  /** RFC 9462 section 4.2: also where the session is resumed and no certificate is sent again. */
  @Test
  void whoStandsInForAServerNeedsACertificateForItsAddressToo() {
    TlsNameServer alone = server(authority.issue(NAME));
    client.forwarder.use(List.of(inPlaceOf("127.0.0.1", alone)));
    assertThat(client.trouble("a.example.org")).contains("its certificate is not for 127.0.0.1");
    assertThat(client.trouble("b.example.org")).contains("its certificate is not for 127.0.0.1");
    assertThat(alone.received()).isEmpty();
    TlsNameServer both = server(authority.issue(NAME, "192.0.2.53"));
    client.forwarder.use(List.of(inPlaceOf("192.0.2.53", both)));
    assertThat(client.ask("c.example.org").rcode()).isEqualTo(Rcode.NOERROR);
  }

  private static Server inPlaceOf(String address, TlsNameServer server) {
    return new Server(
        Server.Protocol.TLS,
        server.address(),
        NAME,
        List.of(),
        "",
        Addresses.parse(address, 0).getAddress());
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() {
    TlsNameServer server = server(new TestCertificates().issue(NAME));
    client.use(words(server, "#" + NAME));
    assertRefused(server, "vouched for by \"CN=Test Authority\"", "upstream.tls-ca");
  }

  @Test
  void theRightKeyNeedsNoCertificate() {
    X509Bundle certificate = new TestCertificates().expired("whatever.example");
    TlsNameServer server = server(certificate);
    String other = "?pin-sha256=" + "A".repeat(43) + "=";
    String own = "pin-sha256=" + CertificateWords.pin(certificate.getCertificate());
    client.use(words(server, other + "&" + own));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void anotherKeyIsRefusedEvenWithACertificate() {
    TlsNameServer server = server(authority.issue(NAME));
    client.use(words(server, "?pin-sha256=" + "A".repeat(43) + "=#" + NAME));
    assertRefused(server, "its key has none of the hashes set", "pin-sha256");
  }

  @Test
  void aServerWithoutTlsIsAskedNothing() {
    StubNameServer plain = opened(StubNameServer.start());
    client.use("tls://127.0.0.1:" + plain.port() + "#" + NAME);
    assertThat(client.trouble("www.example.org")).contains("TLS");
    assertThat(plain.count()).as("nothing in plain text").isZero();
  }

  @Test
  void whereNobodyListensThereIsAWayOut() {
    TlsNameServer gone = server(authority.issue(NAME));
    InetSocketAddress address = gone.address();
    gone.close();
    LogCatcher log = opened(new LogCatcher(Complaints.class));
    client.use("tls://127.0.0.1:" + address.getPort() + "#" + NAME);
    assertThat(client.trouble("a.example.org")).contains("refused");
    assertThat(client.trouble("b.example.org")).contains("refused");
    assertThat(log.messages())
        .singleElement()
        .asString()
        .contains("tls://127.0.0.1:" + address.getPort() + "#dns.example cannot be used", "portal");
    assertThat(client.forwarder.troubles()).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsNamedAndReadOnceItIs() throws IOException {
    Path later = directory.resolve("later.pem");
    EncryptedClient other = opened(new EncryptedClient(later));
    TlsNameServer server = server(authority.issue(NAME));
    other.use(words(server, "#" + NAME));
    assertThat(other.trouble("a.example.org")).contains("tls-ca", "does not exist");
    Files.copy(authority.file(directory), later);
    assertThat(other.ask("b.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(other.forwarder.troubles()).isEmpty();
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "# nothing\n");
    EncryptedClient other = opened(new EncryptedClient(empty));
    TlsNameServer server = server(authority.issue(NAME));
    other.use(words(server, "#" + NAME));
    assertThat(other.trouble("a.example.org")).contains("tls-ca");
  }

  @Test
  void theNextServerIsAskedWhereOneIsNotTrusted() {
    TlsNameServer bad = server(authority.expired(NAME));
    TlsNameServer good = server(authority.issue(NAME));
    client.use(words(bad, "#" + NAME), words(good, "#" + NAME));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(bad.received()).isEmpty();
  }

  private void assertRefused(TlsNameServer server, String why, String wayOut) {
    try (LogCatcher log = new LogCatcher(Complaints.class)) {
      assertThat(client.trouble("a.example.org")).contains(why);
      assertThat(client.trouble("b.example.org")).contains(why);
      assertThat(log.messages()).singleElement().asString().contains(why, wayOut);
    }
    assertThat(client.forwarder.troubles().values())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.why()).contains(why));
    assertThat(server.received()).isEmpty();
  }

  private static boolean hasOption(byte[] query, int code) {
    try {
      return !Objects.requireNonNull(new Message(query).getOPT()).getOptions(code).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] withIdleTime(byte[] query, int units) {
    try {
      Message reply = new Message(RawNameServer.answer(query));
      reply.addRecord(
          new OPTRecord(1232, 0, 0, 0, List.of(new TcpKeepaliveOption(units))), Section.ADDITIONAL);
      return reply.toWire();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String words(TlsNameServer server, String end) {
    return "tls://127.0.0.1:" + server.address().getPort() + end;
  }

  private TlsNameServer server(X509Bundle certificate) {
    return opened(TlsNameServer.start(certificate));
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }
}
