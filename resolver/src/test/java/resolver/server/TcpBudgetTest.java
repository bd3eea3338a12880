package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import resolver.clock.DeadlineQueue;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Receiver;
import resolver.settings.Addresses;

/** Many connections without sockets, and what those hold together whose clients do not read. */
class TcpBudgetTest {
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);
  private static final Answer BIG = TcpConnectionTest.big(0);

  /** The buffer of a response of some 61,000 octets. A connection alone may hold two of them. */
  private static final int BIG_BUFFER = 1 << 16;

  private static final int MOST = 16 * BIG_BUFFER;

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final TcpBudget budget = new TcpBudget(MOST);
  private final DeadlineQueue idle = new DeadlineQueue(clock, clock, IDLE.toNanos());
  private final DeadlineQueue writes = new DeadlineQueue(clock, clock, LONGEST_WRITE.toNanos());
  private final List<Connection> connections = new ArrayList<>();

  private final class Connection {
    private final TcpPeer peer = new TcpPeer();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    Connection(AnswerSource source) {
      channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
      // The service's own deadlines have no place here: they never come due.
      QueryService service =
          new QueryService(
              QueryFuzz.parts(source, clock, observer), Runnable::run, (delay, task) -> () -> {});
      TcpConnection.Place place =
          new TcpConnection.Place(service, observer, idle, writes, budget, 100);
      channel
          .pipeline()
          .addLast(peer)
          .addLast(new TcpConnection(place, Addresses.parse("127.0.0.1", 40_000)));
      channel.pipeline().fireChannelActive();
      connections.add(this);
    }

    void ask(int queries) {
      byte[] query = DnsClient.frame(DnsClient.query("big.example.org", "A").toWire());
      ByteBuf all = Unpooled.buffer();
      for (int i = 0; i < queries; i++) {
        all.writeBytes(query);
      }
      channel.writeInbound(all);
    }

    int received() {
      int count = 0;
      for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
        count++;
        frame.release();
      }
      return count;
    }

    boolean isRead() {
      return channel.config().isAutoRead();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    connections.forEach(each -> each.channel.finishAndReleaseAll());
    assertThat(budget.held()).isZero();
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isZero();
  }

  @Test
  void howeverManyDoNotReadTheyHoldTheBudgetAndAHalfAtMost() {
    for (int i = 0; i < 100; i++) {
      deaf(TcpBudgetTest::answerBig).ask(20);
      assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory())
          .as("after %s clients", i + 1)
          .isEqualTo(budget.held())
          .isLessThanOrEqualTo(MOST + MOST / 2);
    }
    assertThat(openConnections()).as("8 hold two responses, as many hold one").isEqualTo(16);
    clock.advance(LONGEST_WRITE);
    assertThat(openConnections()).isZero();
    assertThat(observer.count("responseLost")).isEqualTo(observer.count("received(TCP)"));
  }

  @Test
  void onceTheBudgetIsSpentAClientThatDoesNotReadHoldsOneResponse() {
    spendBudget();
    Connection late = deaf(TcpBudgetTest::answerBig);
    late.ask(20);
    assertThat(budget.held()).isEqualTo(MOST + BIG_BUFFER);
    assertThat(late.isRead()).isFalse();
    assertThat(late.channel.isOpen()).isTrue();
  }

  @Test
  void whoReadsIsAnsweredWhateverOthersHold() {
    spendBudget();
    Connection reader = new Connection(TcpBudgetTest::answerBig);
    reader.ask(20);
    assertThat(reader.received()).isEqualTo(20);
    assertThat(reader.isRead()).isTrue();
    assertThat(budget.held()).isEqualTo(MOST);
  }

  @Test
  void whoReadsOnIsReadOn() {
    spendBudget();
    Connection late = deaf(TcpBudgetTest::answerBig);
    late.ask(20);
    late.peer.readOn();
    assertThat(late.received()).isEqualTo(20);
    assertThat(late.isRead()).isTrue();
    assertThat(budget.held()).isEqualTo(MOST);
  }

  @Test
  void whoReadsOnGetsTheAnswersThatWereHeld() {
    ScriptedSource source = new ScriptedSource();
    Connection late = deaf(source);
    late.ask(5);
    spendBudget();
    for (int i = 0; i < 5; i++) {
      source.answer(i, BIG);
    }
    assertThat(budget.held()).isEqualTo(MOST + BIG_BUFFER);
    late.peer.takeSome();
    assertThat(late.received()).isEqualTo(1);
    assertThat(budget.held()).as("the next one").isEqualTo(MOST + BIG_BUFFER);
    late.peer.readOn();
    assertThat(late.received()).isEqualTo(4);
    assertThat(budget.held()).isEqualTo(MOST);
    assertThat(late.isRead()).isTrue();
  }

  @Test
  void whoFilledTheBudgetAndReadsOnGetsAll() {
    spendBudget();
    for (Connection each : connections) {
      each.peer.readOn();
      assertThat(each.received()).isEqualTo(20);
    }
    assertThat(budget.held()).isZero();
    assertThat(observer.count("responseLost")).isZero();
  }

  @Test
  void whoNeverReadsIsClosedThoughItGoesOnAsking() {
    Connection deaf = deaf(this::answerSmall);
    int asked = 0;
    while (deaf.channel.isOpen() && asked < 100) {
      deaf.ask(1);
      asked++;
      clock.advance(Duration.ofSeconds(1));
    }
    // Its first page is full with the eighth response, whose buffers have 514 octets each.
    assertThat(asked).isEqualTo(17);
    assertThat(observer.count("responseLost")).isEqualTo(17);
  }

  private Connection deaf(AnswerSource source) {
    Connection connection = new Connection(source);
    connection.peer.stopReading();
    return connection;
  }

  private void spendBudget() {
    while (!budget.isSpent()) {
      deaf(TcpBudgetTest::answerBig).ask(20);
    }
    assertThat(budget.held()).isEqualTo(MOST);
  }

  private long openConnections() {
    return connections.stream().filter(each -> each.channel.isOpen()).count();
  }

  private Pending answerSmall(Ask ask, Receiver to) {
    String record = "big.example.org. 300 IN A 192.0.2.1";
    to.receive(Answers.answer(ask.question(), 300, clock.nanos(), record), Delivery.AT_ONCE);
    return Pending.DONE;
  }

  private static Pending answerBig(Ask ask, Receiver to) {
    to.receive(BIG, Delivery.AT_ONCE);
    return Pending.DONE;
  }
}
