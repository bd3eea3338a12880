package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import resolver.fixtures.DnsClient;
import resolver.net.Sockets;

/**
 * Asks a server some names over and over at a steady rate, over several UDP sockets, each query
 * once, and tells which were never answered. All of it happens on one event loop.
 */
final class Load implements AutoCloseable {
  private static final int SOCKETS = 16;
  private static final int TICK_MILLIS = 2;
  private static final int RECEIVE_QUEUE = 32 << 20;
  private static final int PATIENCE_SECONDS = 20;

  /** As many as there are IDs on all sockets; more cannot be told apart. */
  private static final int MOST = SOCKETS << 16;

  private final EventLoopGroup loops = Sockets.best().newLoops(1, "load");
  private final EventLoop loop = (EventLoop) loops.iterator().next();
  private final InetSocketAddress server;
  private final List<byte[]> queries;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger good = new AtomicInteger();
  private final BitSet answered = new BitSet();
  private @Nullable ScheduledFuture<?> ticking;

  private Load(InetSocketAddress server, List<String> names) {
    this.server = server;
    this.queries = names.stream().map(name -> DnsClient.query(name, "A").toWire()).toList();
  }

  /** Begins. */
  static Load on(InetSocketAddress server, List<String> names, int perSecond) {
    Load load = new Load(server, names);
    for (int i = 0; i < SOCKETS; i++) {
      load.channels.add(load.open(i));
    }
    int perTick = perSecond * TICK_MILLIS / 1000;
    load.ticking =
        load.loop.scheduleAtFixedRate(
            () -> load.ask(perTick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return load;
  }

  private DatagramChannel open(int index) {
    DatagramChannel channel = Sockets.best().newDatagramChannel(server.getAddress(), 1500, 32);
    channel.pipeline().addLast(new Answers(index));
    loop.register(channel).syncUninterruptibly();
    Sockets.best().growReceiveQueue(channel, RECEIVE_QUEUE);
    channel.bind(new InetSocketAddress(server.getAddress(), 0)).syncUninterruptibly();
    return channel;
  }

  private void ask(int count) {
    for (int i = 0; i < count && asked.get() < MOST; i++) {
      int number = asked.getAndIncrement();
      ByteBuf query = Unpooled.directBuffer().writeBytes(queries.get(number % queries.size()));
      query.setShort(0, number / SOCKETS);
      channels.get(number % SOCKETS).write(new DatagramPacket(query, server));
    }
    channels.forEach(DatagramChannel::flush);
  }

  private final class Answers extends SimpleChannelInboundHandler<DatagramPacket> {
    private final int index;

    Answers(int index) {
      this.index = index;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      ByteBuf octets = packet.content();
      int number = octets.getUnsignedShort(0) * SOCKETS + index;
      boolean noError = (octets.getByte(3) & 0xf) == 0;
      boolean hasAnswer = octets.getUnsignedShort(6) > 0;
      if (!answered.get(number) && noError && hasAnswer) {
        good.incrementAndGet();
      }
      answered.set(number);
    }
  }

  /** Waits until so many more were asked. */
  void awaitMore(int count) {
    int target = Math.min(MOST, asked.get() + count);
    await(() -> asked.get() >= target);
  }

  /** Ends the asking, waits for what is still to come, and sees that every query was answered. */
  void endWithoutLoss() {
    assertThat(asked.get()).as("there is an ID for each").isLessThan(MOST);
    if (ticking != null) {
      ticking.cancel(false);
    }
    loop.submit(() -> {}).syncUninterruptibly();
    try {
      await(() -> good.get() == asked.get());
    } catch (AssertionError e) {
      int unanswered =
          asked.get() - loop.submit(answered::cardinality).syncUninterruptibly().getNow();
      throw new AssertionError(
          asked + " asked, " + good + " answered well, " + unanswered + " not at all", e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(end);
      // Spinning would take half of the machine from the daemon.
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    Sockets.end(loops, 1000).syncUninterruptibly();
  }
}
