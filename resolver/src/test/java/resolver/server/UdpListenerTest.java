package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.settings.Addresses;

/** One UDP listener without a socket. */
class UdpListenerTest {
  private static final InetSocketAddress SELF = Addresses.parse("127.0.0.1", 5300);
  private static final InetSocketAddress CLIENT = Addresses.parse("127.0.0.1", 40_000);

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final ScriptedSource source = new ScriptedSource();
  private final Kernel kernel = new Kernel();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** What stands below the listener: it counts flushes, and may take nothing or refuse. */
  private static final class Kernel extends ChannelOutboundHandlerAdapter {
    private int flushes;
    private boolean takes = true;
    private boolean refuses;
    private boolean keeps;
    private final List<DatagramPacket> kept = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (refuses) {
        ReferenceCountUtil.release(message);
        promise.setFailure(new IOException("network is unreachable"));
      } else if (keeps) {
        kept.add((DatagramPacket) message);
      } else {
        context.write(message, promise);
      }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      flushes++;
      if (takes) {
        context.flush();
      }
    }
  }

  UdpListenerTest() {
    QueryService.Parts parts =
        new QueryService.Parts(
            Gates.open(ServerSettings.DEFAULTS.allow()),
            Policies.byTypeAlone(),
            Policies.letAllOut(),
            new Sources(source, source, source),
            new WaitingClients(ServerSettings.DEFAULTS.waitingPerClient()),
            clock,
            observer,
            QueryTap.NONE,
            ServerSettings.DEFAULTS);
    channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    channel
        .pipeline()
        .addLast(kernel)
        .addLast(new UdpListener(new QueryService(parts, Runnable::run, clock), observer));
  }

  @AfterEach
  void closeAndReleaseAll() {
    channel.finishAndReleaseAll();
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isZero();
  }

  @Test
  void aBatchIsAnsweredWithOneFlush() {
    channel.writeInbound(local(1), local(2), local(3));
    assertThat(responses()).containsExactly(1, 2, 3);
    assertThat(kernel.flushes).isEqualTo(1);
  }

  @Test
  void answersOfOneTurnLeaveWithOneFlush() {
    channel.writeInbound(query(1), query(2), query(3));
    // The channel of the test would run its tasks with every write that reaches it.
    kernel.keeps = true;
    int before = kernel.flushes;
    channel
        .eventLoop()
        .execute(
            () -> {
              answer(2);
              answer(0);
              answer(1);
            });
    channel.runPendingTasks();
    assertThat(kernel.flushes - before).isEqualTo(1);
    assertThat(kernel.kept).extracting(UdpListenerTest::idOf).containsExactly(3, 1, 2);
    kernel.kept.forEach(DatagramPacket::release);
  }

  @Test
  void aResponseGoesToWhomItBelongs() {
    InetSocketAddress other = Addresses.parse("127.0.0.9", 1);
    channel.writeInbound(new DatagramPacket(octets("a.example", 7), SELF, other));
    answer(0);
    channel.runPendingTasks();
    DatagramPacket response = channel.readOutbound();
    assertThat(response.recipient()).isEqualTo(other);
    response.release();
  }

  @Test
  void whatTheKernelDoesNotTakeIsDroppedAndCounted() {
    kernel.takes = false;
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
    channel.writeInbound(local(1), local(2), local(3), local(4), local(5));
    int lost = observer.count("responseLost");
    assertThat(lost).isEqualTo(4);
    kernel.takes = true;
    channel.pipeline().fireChannelReadComplete();
    assertThat(responses()).containsExactly(1);
    channel.writeInbound(local(6));
    assertThat(responses()).containsExactly(6);
  }

  @Test
  void port0IsNobodysAndGetsNothing() {
    InetSocketAddress nobody = Addresses.parse("127.0.0.1", 0);
    channel.writeInbound(new DatagramPacket(octets("a.example", 7), SELF, nobody));
    answer(0);
    channel.runPendingTasks();
    assertThat(responses()).isEmpty();
    assertThat(observer.count("responseLost")).isEqualTo(1);
  }

  @Test
  void aFailedWriteLeavesTheSocketOpen() {
    kernel.refuses = true;
    channel.writeInbound(local(1));
    kernel.refuses = false;
    channel.writeInbound(local(2));
    assertThat(responses()).containsExactly(2);
  }

  @Test
  void silenceIsKeptWhereThereIsNoQuery() {
    byte[] response = DnsClient.query("a.example", "A").toWire();
    response[2] |= (byte) 0x80;
    channel.writeInbound(
        packet(new byte[0]), packet(new byte[11]), packet(response), packet(new byte[1]));
    assertThat(responses()).isEmpty();
    assertThat(observer.count("classified(DROPPED)")).isEqualTo(4);
  }

  @Test
  void anAnswerForAClosedSocketIsReleased() {
    channel.writeInbound(query(1));
    channel.close();
    answer(0);
    channel.runPendingTasks();
    assertThat(responses()).isEmpty();
  }

  @Test
  void whatFailsAgainAndAgainIsToldSeldom() {
    try (LogCatcher log = new LogCatcher(QueryService.class)) {
      for (int i = 0; i < 1000; i++) {
        failToRead();
      }
      assertThat(log.messages()).containsExactly("reading a query threw");
      clock.advance(Duration.ofSeconds(10));
      failToRead();
      assertThat(log.messages())
          .hasSize(2)
          .contains("reading a query threw (999 more such faults were not logged)");
    }
  }

  private void failToRead() {
    channel.pipeline().fireExceptionCaught(new OutOfMemoryError("no memory, on purpose"));
  }

  private void answer(int index) {
    Question question = source.held(index).ask().question();
    String record = Answers.nameOf(question) + " 300 IN A 192.0.2.1";
    source.answer(index, Answers.answer(question, 300, clock.nanos(), record));
  }

  /** The IDs of the responses that have left. */
  private List<Integer> responses() {
    List<Integer> ids = new ArrayList<>();
    for (DatagramPacket packet = channel.readOutbound();
        packet != null;
        packet = channel.readOutbound()) {
      ids.add(idOf(packet));
      packet.release();
    }
    return ids;
  }

  private static int idOf(DatagramPacket packet) {
    return packet.content().getUnsignedShort(0);
  }

  private static DatagramPacket query(int id) {
    return new DatagramPacket(octets("n" + id + ".example", id), SELF, CLIENT);
  }

  /** One that is answered at once, by rule. */
  private static DatagramPacket local(int id) {
    var query = DnsClient.query("a.example", "ANY");
    query.getHeader().setID(id);
    return packet(query.toWire());
  }

  private static DatagramPacket packet(byte[] octets) {
    return new DatagramPacket(Unpooled.wrappedBuffer(octets), SELF, CLIENT);
  }

  private static ByteBuf octets(String name, int id) {
    var query = DnsClient.query(name, "A");
    query.getHeader().setID(id);
    return Unpooled.wrappedBuffer(query.toWire());
  }
}
