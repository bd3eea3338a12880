package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import resolver.clock.DeadlineQueue;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.settings.Addresses;

/** One connection without a socket, its clock and its peer moved by hand. */
class TcpConnectionTest {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final int PIPELINE = 3;
  private static final int BIG_RECORDS = 230;
  private static final Answer BIG = big(0);

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final ScriptedSource source = new ScriptedSource();
  private TcpPeer peer = new TcpPeer();
  private EmbeddedChannel channel = open(source, PIPELINE);

  @AfterEach
  void closeAndReleaseAll() {
    channel.finishAndReleaseAll();
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isZero();
  }

  @Test
  void aQueryMayComeInSingleOctets() {
    for (byte octet : frame("www.example.org")) {
      assertThat(source.asked()).isZero();
      send(new byte[] {octet});
    }
    answer(0);
    assertThat(received()).singleElement().asString().contains("www.example.org.", "192.0.2.1");
  }

  @Test
  void twoQueriesMayComeInOneSegment() {
    send(join(frame("one.example.org"), frame("two.example.org")));
    assertThat(source.asked()).isEqualTo(2);
    answer(0);
    answer(1);
    assertThat(received()).hasSize(2);
  }

  @Test
  void aQueryMayEndWithTheNextSegment() {
    byte[] both = join(frame("one.example.org"), frame("two.example.org"));
    int cut = both.length - 7;
    send(Arrays.copyOf(both, cut));
    assertThat(source.asked()).isEqualTo(1);
    send(Arrays.copyOfRange(both, cut, both.length));
    assertThat(source.asked()).isEqualTo(2);
  }

  @Test
  void rfc7766Section7responsesLeaveAsTheyAreReady() {
    send(join(frame("slow.example.org"), frame("quick.example.org")));
    answer(1);
    assertThat(received()).singleElement().asString().contains("quick.example.org.");
    answer(0);
    assertThat(received()).singleElement().asString().contains("slow.example.org.");
  }

  @Test
  void noMoreQueriesAreTakenThanMayWait() {
    send(join(frame("a.example"), frame("b.example"), frame("c.example"), frame("d.example")));
    assertThat(source.asked()).isEqualTo(PIPELINE);
    assertThat(channel.config().isAutoRead()).as("reading").isFalse();
    answer(1);
    assertThat(source.asked()).as("the next one takes the place").isEqualTo(PIPELINE + 1);
    assertThat(channel.config().isAutoRead()).isFalse();
    answer(0);
    assertThat(channel.config().isAutoRead()).as("reading").isTrue();
    answer(2);
    answer(3);
    assertThat(received()).hasSize(4);
  }

  @Test
  void rfc7766Section623anIdleConnectionIsClosed() {
    send(frame("www.example.org"));
    answer(0);
    clock.advance(IDLE.minusMillis(1));
    assertThat(channel.isOpen()).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(clock.pending()).isZero();
  }

  @Test
  void aConnectionThatNeverAskedIsClosedToo() {
    clock.advance(IDLE);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aQueryStartsTheIdleTimeAnew() {
    clock.advance(Duration.ofSeconds(6));
    send(frame("www.example.org"));
    answer(0);
    clock.advance(Duration.ofSeconds(9));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aQueryThatWaitsKeepsTheConnectionOpen() {
    send(frame("www.example.org"));
    clock.advance(Duration.ofSeconds(4));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void whoTricklesOctetsIsClosedAsIfIdle() {
    byte[] frame = frame("www.example.org");
    for (int i = 0; i < 10; i++) {
      send(new byte[] {frame[i]});
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(source.asked()).isZero();
  }

  @Test
  void rfc7766Section624whoSendsNoMoreStillGetsAnswers() {
    send(join(frame("a.example"), frame("b.example"), frame("c.example"), frame("d.example")));
    finishSending();
    for (int i = 0; i < 4; i++) {
      assertThat(channel.isOpen()).isTrue();
      answer(i);
    }
    assertThat(received()).hasSize(4);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoSendsNoMoreAndHasAskedNothingIsClosedAtOnce() {
    send(new byte[] {0});
    finishSending();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aFrameLongerThanAnyQueryEndsTheConnection() {
    int length = Listeners.MAX_QUERY + 1;
    send(new byte[] {(byte) (length >> 8), (byte) length, 0, 0});
    assertThat(channel.isOpen()).isFalse();
    assertThat(observer.count("received(TCP)")).isEqualTo(1);
    assertThat(observer.count("classified(DROPPED)")).isEqualTo(1);
  }

  @Test
  void aFrameOfTheGreatestLengthIsTaken() {
    byte[] query = DnsClient.query("www.example.org", "A").toWire();
    send(DnsClient.frame(Arrays.copyOf(query, Listeners.MAX_QUERY)));
    assertThat(source.asked()).isEqualTo(1);
  }

  @Test
  void anEmptyFrameIsPassedOver() {
    send(join(new byte[] {0, 0}, frame("www.example.org")));
    assertThat(observer.count("classified(DROPPED)")).isEqualTo(1);
    assertThat(source.asked()).isEqualTo(1);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void responsesAtOnceToAClientThatNeverReadsStayFew() {
    channel = open(TcpConnectionTest::answerBig, 100);
    peer.stopReading();
    byte[] query = frame("big.example.org");
    byte[] many = new byte[query.length * 1000];
    for (int i = 0; i < 1000; i++) {
      System.arraycopy(query, 0, many, i * query.length, query.length);
    }
    send(many);
    assertThat(pendingOctets()).isBetween(60_000L, 130_000L);
    assertThat(channel.config().isAutoRead()).isFalse();
    clock.advance(IDLE);
    assertThat(channel.isOpen()).isFalse();
    assertThat(observer.count("received(TCP)")).isEqualTo(observer.count("responseLost"));
  }

  @Test
  void laterResponsesToAClientThatNeverReadsStayFew() {
    channel = open(source, 100);
    peer.stopReading();
    byte[] query = frame("big.example.org");
    for (int i = 0; i < 100; i++) {
      send(query);
    }
    assertThat(source.asked()).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      source.answer(i, big());
    }
    assertThat(pendingOctets()).isBetween(60_000L, 130_000L);
    clock.advance(IDLE);
    assertThat(channel.isOpen()).isFalse();
    assertThat(observer.count("responseLost")).isEqualTo(100);
  }

  @Test
  void whoReadsSlowlyGetsEverything() {
    channel = open(source, 100);
    peer.stopReading();
    for (int i = 0; i < 20; i++) {
      send(frame("big.example.org"));
    }
    for (int i = 0; i < 20; i++) {
      source.answer(i, big());
    }
    int got = 0;
    for (int i = 0; i < 9; i++) {
      clock.advance(IDLE.minusSeconds(1));
      assertThat(channel.isOpen()).isTrue();
      peer.takeSome();
      got += received().size();
    }
    peer.readOn();
    got += received().size();
    assertThat(got).isEqualTo(20);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void whoReadsNothingForTheIdleTimeIsClosedThoughFewOctetsWait() {
    peer.stopReading();
    send(frame("www.example.org"));
    answer(0);
    clock.advance(IDLE);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void ttlsAreCountedDownToTheMomentOfWriting() {
    channel = open(source, 100);
    peer.stopReading();
    for (int i = 0; i < 4; i++) {
      send(frame("big.example.org"));
    }
    for (int i = 0; i < 4; i++) {
      source.answer(i, big());
    }
    clock.advance(Duration.ofSeconds(7));
    peer.readOn();
    List<Message> all = received();
    assertThat(all).hasSize(4);
    assertThat(all.get(3).getSection(Section.ANSWER).get(0).getTTL()).isEqualTo(293);
  }

  @Test
  void whoHangsUpLeavesItsFlightsAtOnceAndIsCounted() {
    send(join(frame("one.example.org"), frame("two.example.org"), frame("three.example.org")));
    answer(1);
    channel.close();
    assertThat(source.held(0).left()).isTrue();
    assertThat(source.held(1).left()).as("this one had its answer").isFalse();
    assertThat(source.held(2).left()).isTrue();
    assertThat(observer.count("gaveUp(DISCONNECT)")).isEqualTo(2);
    assertThat(clock.pending()).isLessThanOrEqualTo(1);
  }

  private EmbeddedChannel open(AnswerSource resolving, int pipeline) {
    QueryService.Parts parts =
        new QueryService.Parts(
            Gates.open(ServerSettings.DEFAULTS.allow()),
            Policies.byTypeAlone(),
            Policies.letAllOut(),
            new Sources(resolving, resolving, resolving),
            new WaitingClients(ServerSettings.DEFAULTS.waitingPerClient()),
            clock,
            observer,
            QueryTap.NONE,
            ServerSettings.DEFAULTS);
    peer = new TcpPeer();
    EmbeddedChannel opened = new EmbeddedChannel();
    opened.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    // The service's own deadlines have no place here: they never come due.
    QueryService service = new QueryService(parts, Runnable::run, (delay, task) -> () -> {});
    DeadlineQueue idle = new DeadlineQueue(clock, clock, IDLE.toNanos());
    TcpBudget budget = new TcpBudget(TcpBudget.OCTETS);
    TcpConnection.Place place =
        new TcpConnection.Place(service, observer, idle, idle, budget, pipeline);
    opened
        .pipeline()
        .addLast(peer)
        .addLast(new TcpConnection(place, Addresses.parse("127.0.0.1", 40_000)));
    opened.pipeline().fireChannelActive();
    return opened;
  }

  private void send(byte[] octets) {
    channel.writeInbound(Unpooled.wrappedBuffer(octets));
  }

  private void finishSending() {
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
  }

  private void answer(int index) {
    Question question = source.held(index).ask().question();
    String owner = Answers.nameOf(question);
    source.answer(
        index, Answers.answer(question, 300, clock.nanos(), owner + " 300 IN A 192.0.2.1"));
  }

  private long pendingOctets() {
    return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  private List<Message> received() {
    List<Message> all = new ArrayList<>();
    for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
      if (frame.isReadable()) {
        byte[] message = new byte[frame.readUnsignedShort()];
        frame.readBytes(message);
        assertThat(frame.isReadable()).isFalse();
        all.add(DnsClient.parse(message));
      }
      frame.release();
    }
    return all;
  }

  private Answer big() {
    return big(clock.nanos());
  }

  /** An answer whose response has some 61,000 octets. */
  static Answer big(long now) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < BIG_RECORDS; i++) {
      records.add("big.example.org. 300 IN TXT \"" + "x".repeat(250) + i + "\"");
    }
    return Answers.answer(
        Answers.question("big.example.org", "A"), 300, now, records.toArray(String[]::new));
  }

  private static Pending answerBig(Ask ask, Receiver to) {
    to.receive(BIG, Delivery.AT_ONCE);
    return Pending.DONE;
  }

  private static byte[] frame(String name) {
    return DnsClient.frame(DnsClient.query(name, "A").toWire());
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
