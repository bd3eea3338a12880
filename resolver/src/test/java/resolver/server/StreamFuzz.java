package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import resolver.clock.DeadlineQueue;
import resolver.fixtures.ManualClock;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.query.Question;
import resolver.settings.Addresses;
import resolver.wire.Octets;

/**
 * Any octets as a client's stream. The first two choose where it is cut, when answers come, when
 * the client stops reading and whether it says that it is done: none of that may change what is
 * answered, which is every query whose frame is whole, once.
 */
public final class StreamFuzz {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private StreamFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length >= 2) {
      new Connection(data).run();
    }
  }

  private static final class Connection {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private final ManualClock clock = new ManualClock();
    private final RecordingObserver observer = new RecordingObserver();
    private final ScriptedSource source = new ScriptedSource();
    private final TcpPeer peer = new TcpPeer();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Integer> received = new ArrayList<>();
    private final byte[] data;
    private final Random random;

    Connection(byte[] data) {
      this.data = data;
      this.random = new Random(Octets.u16(data, 0));
      channel.config().setAllocator(buffers);
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 4000));
      // The service's own deadlines have no place here: they never come due.
      QueryService service =
          new QueryService(
              QueryFuzz.parts(source, clock, observer), Runnable::run, (delay, task) -> () -> {});
      DeadlineQueue idle = new DeadlineQueue(clock, clock, IDLE.toNanos());
      // For half of the inputs others have spent what all connections may hold together.
      TcpBudget budget = new TcpBudget(1 << 20);
      budget.add(data[1] % 2 == 0 ? 0 : 1 << 20);
      TcpConnection.Place place =
          new TcpConnection.Place(service, observer, idle, idle, budget, 1 + random.nextInt(5));
      channel
          .pipeline()
          .addLast(peer)
          .addLast(new TcpConnection(place, Addresses.parse("127.0.0.1", 40_000)));
      channel.pipeline().fireChannelActive();
    }

    void run() {
      boolean finishes = random.nextBoolean();
      int most = 1 + random.nextInt(200);
      for (int at = 2; at < data.length && channel.isOpen(); ) {
        int length = Math.min(1 + random.nextInt(most), data.length - at);
        channel.writeInbound(buffers.buffer().writeBytes(data, at, length));
        at += length;
        act();
      }
      if (finishes && channel.isOpen()) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
      answerAll();
      check(finishes);
    }

    private void act() {
      switch (random.nextInt(6)) {
        case 0 -> {
          if (random.nextBoolean()) {
            peer.readOn();
          } else {
            peer.stopReading();
          }
        }
        case 1, 2 -> answer(random.nextInt(1 + source.asked()));
        default -> {}
      }
    }

    private void answerAll() {
      peer.readOn();
      for (int i = 0; i < source.asked(); i++) {
        answer(i);
      }
    }

    private void answer(int index) {
      if (index < source.asked()) {
        Question question = source.held(index).ask().question();
        QueryFuzz.Script script =
            random.nextBoolean() ? QueryFuzz.Script.SMALL : QueryFuzz.Script.LARGE;
        source.answer(index, script.answer(question, 0));
      }
    }

    private void check(boolean finishes) {
      List<Integer> expected = new ArrayList<>();
      int frames = 0;
      int at = 2;
      while (at + 2 <= data.length
          && Octets.u16(data, at) <= Listeners.MAX_QUERY
          && at + 2 + Octets.u16(data, at) <= data.length) {
        int length = Octets.u16(data, at);
        if (length >= 12 && data[at + 4] >= 0) {
          expected.add(Octets.u16(data, at + 2));
        }
        frames++;
        at += 2 + length;
      }
      boolean tooLong = at + 2 <= data.length && Octets.u16(data, at) > Listeners.MAX_QUERY;
      assertThat(observer.count("received(TCP)")).isEqualTo(tooLong ? frames + 1 : frames);
      assertThat(channel.isOpen()).as("open").isEqualTo(!tooLong && !finishes);
      clock.advance(IDLE);
      assertThat(channel.isOpen()).as("open when idle").isFalse();
      channel.checkException();
      takeResponses();
      if (tooLong) {
        assertThat(expected).containsAll(received);
      } else {
        assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
      }
      for (ByteBuf left = channel.readInbound(); left != null; left = channel.readInbound()) {
        throw new AssertionError("octets went past the connection");
      }
      ByteBufAllocatorMetric metric = buffers.metric();
      assertThat(metric.usedHeapMemory() + metric.usedDirectMemory()).as("leaked").isZero();
      assertThat(observer.count("classified(DEFECT)")).isZero();
    }

    private void takeResponses() {
      for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
        if (frame.isReadable()) {
          int length = frame.readUnsignedShort();
          assertThat(frame.readableBytes()).isEqualTo(length);
          received.add(frame.readUnsignedShort());
        }
        frame.release();
      }
    }
  }
}
