package resolver.stampede;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.clock.LoopTimers;
import resolver.clock.Timers;
import resolver.net.Sockets;
import resolver.settings.Addresses;
import resolver.wire.QueryView;

/**
 * A name server that knows an address for every name of a stampede, tells it after a delay, and
 * counts who asked. It commits faults by plan, over UDP alone, and never so many for one name in a
 * row that a resolver's tries are used up.
 *
 * <p>Works on an event loop of its own; what it counted may be read by any thread.
 */
public final class CountingUpstream implements AutoCloseable {
  /** How often a resolver sends one question to one server (RFC 9520 section 3.1). */
  private static final int TRIES = 3;

  private static final Duration SLOWNESS = Duration.ofSeconds(1);
  private static final int SLOT = 1536;
  private static final int BATCH = 32;
  private static final int RECEIVE_QUEUE = 8 << 20;
  private static final int FREE_PORT_TRIES = 10;

  private final Sockets sockets = Sockets.best();
  private final EventLoopGroup group = sockets.newLoops(1, "upstream");
  private final EventLoop loop = group.next();
  private final Timers timers = new LoopTimers(loop);
  private final long delayNanos;
  private final FaultPlan plan;
  private final SplittableRandom random;
  private final QueryView view = new QueryView();
  private final Map<RoundName, NameCount> counts = new ConcurrentHashMap<>();
  private final AtomicLong others = new AtomicLong();
  private final InetSocketAddress address;

  private CountingUpstream(InetSocketAddress wanted, Duration delay, FaultPlan plan, long seed)
      throws IOException {
    this.delayNanos = delay.toNanos();
    this.plan = plan;
    this.random = new SplittableRandom(seed);
    try {
      this.address = listen(wanted);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts one.
   *
   * @param wanted where it listens, over UDP and TCP; port 0 takes a free one
   * @param delay how long every answer takes
   * @param seed decides whom faults befall
   * @throws IOException where it cannot listen there
   */
  public static CountingUpstream start(
      InetSocketAddress wanted, Duration delay, FaultPlan plan, long seed) throws IOException {
    return new CountingUpstream(wanted, delay, plan, seed);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Queries for anything but the names of a stampede, and for trials. */
  public long otherQueries() {
    return others.get();
  }

  /** What was seen of a name; all zero where it was not asked. */
  NameCount countOf(RoundName name) {
    return counts.getOrDefault(name, new NameCount());
  }

  @Override
  public void close() {
    Sockets.end(group, 500).awaitUninterruptibly(1000);
  }

  private InetSocketAddress listen(InetSocketAddress wanted) throws IOException {
    for (int left = wanted.getPort() == 0 ? FREE_PORT_TRIES : 1; ; left--) {
      Channel tcp = bindTcp(wanted);
      InetSocketAddress bound = (InetSocketAddress) tcp.localAddress();
      try {
        bindUdp(bound);
        return bound;
      } catch (IOException e) {
        tcp.close().awaitUninterruptibly();
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  private Channel bindTcp(InetSocketAddress wanted) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(sockets::newListener)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline()
                        .addLast(
                            new LengthFieldBasedFrameDecoder(Sockets.MAX_MESSAGE + 2, 0, 2, 0, 2))
                        .addLast(new OverTcp());
                  }
                });
    return bound(bootstrap.bind(wanted), wanted);
  }

  private void bindUdp(InetSocketAddress wanted) throws IOException {
    DatagramChannel udp = sockets.newDatagramChannel(wanted.getAddress(), SLOT, BATCH);
    sockets.growReceiveQueue(udp, RECEIVE_QUEUE);
    udp.pipeline().addLast(new OverUdp());
    group.register(udp).awaitUninterruptibly();
    bound(udp.bind(wanted), wanted);
  }

  private static Channel bound(ChannelFuture binding, InetSocketAddress wanted) throws IOException {
    Throwable failed = binding.awaitUninterruptibly().cause();
    if (failed != null) {
      binding.channel().close();
      throw new IOException(
          "cannot listen on " + Addresses.format(wanted) + ": " + failed.getMessage(), failed);
    }
    return binding.channel();
  }

  /** Answers a query, or commits a fault. */
  private void handle(
      ByteBuf query, int port, boolean overUdp, Channel channel, Consumer<ByteBuf> to) {
    if (view.read(query) != QueryView.Verdict.WELL_FORMED) {
      return;
    }
    byte[] question = view.question(query);
    Optional<RoundName> name = RoundName.in(question);
    UpstreamReply reply =
        new UpstreamReply(view.id(), view.recursionDesired(), question, view.edns());
    OptionalLong round = name.isEmpty() ? OptionalLong.empty() : name.get().round();
    if (round.isEmpty()) {
      others.incrementAndGet();
      to.accept(reply.write(channel.alloc(), name.orElse(null), null));
      return;
    }
    NameCount count = counts.computeIfAbsent(name.get(), key -> new NameCount());
    int before = count.query(port, view.id());
    Fault fault = overUdp ? fault(count, round.getAsLong(), before == 0) : null;
    if (fault != Fault.DROP) {
      long more = fault == Fault.SLOW ? SLOWNESS.toNanos() : 0;
      send(delayNanos + more, () -> to.accept(reply.write(channel.alloc(), name.get(), fault)));
    }
  }

  private @Nullable Fault fault(NameCount count, long round, boolean first) {
    Optional<Fault> fault = plan.befalls(round, first, random);
    if (fault.isEmpty() || count.faultsInARow() >= TRIES - 1) {
      count.noFault();
      return null;
    }
    count.fault(fault.get());
    return fault.get();
  }

  /** Writes the message when its time has come, so that none is left over at the end. */
  private void send(long nanos, Runnable reply) {
    if (nanos == 0) {
      reply.run();
    } else {
      timers.schedule(nanos, reply);
    }
  }

  private final class OverUdp extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      InetSocketAddress client = packet.sender();
      handle(
          packet.content(),
          client.getPort(),
          true,
          context.channel(),
          response -> context.writeAndFlush(new DatagramPacket(response, client)));
    }

    /** A client that is gone shows as a failed read; the socket lives on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
  }

  private final class OverTcp extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf query) {
      int port = ((InetSocketAddress) context.channel().remoteAddress()).getPort();
      handle(
          query,
          port,
          false,
          context.channel(),
          response -> {
            ByteBuf length = context.alloc().directBuffer(2).writeShort(response.readableBytes());
            context.write(length);
            context.writeAndFlush(response);
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
