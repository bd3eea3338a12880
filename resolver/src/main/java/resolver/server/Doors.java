package resolver.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import resolver.clock.LoopTimers;
import resolver.clock.Ticker;
import resolver.net.Sockets;
import resolver.query.QueryObserver;
import resolver.query.Transport;

/**
 * Opens the sockets that queries come in by, or takes over ones that are open, and leads what comes
 * to the service of its event loop.
 *
 * <p>Any thread may call, but no event loop.
 */
final class Doors {
  private static final int UDP_SLOT = 1536;
  private static final int UDP_BATCH = 32;
  private static final int BACKLOG = 1024;

  /** Enough for hundreds of queries; what a client sends ahead is its own to keep. */
  private static final int TCP_RECEIVE_QUEUE = 32 << 10;

  /**
   * Takes a few of the longest responses at once, so that the kernel keeps no more for a client
   * that does not read. It must take one at least: Netty's epoll (4.2.18) cannot wait for room once
   * the client has sent its last octet and all was written.
   */
  private static final int TCP_SEND_QUEUE = 200 << 10;

  /** A connection whose reading pauses holds the octets of its last read, so that is kept short. */
  private static final RecvByteBufAllocator TCP_READS =
      new AdaptiveRecvByteBufAllocator(64, 2 << 10, 4 << 10);

  private static final Map<ChannelOption<?>, Object> CONNECTION =
      Map.of(
          ChannelOption.SO_SNDBUF,
          TCP_SEND_QUEUE,
          ChannelOption.ALLOCATOR,
          PooledByteBufAllocator.DEFAULT,
          ChannelOption.RECVBUF_ALLOCATOR,
          TCP_READS,
          ChannelOption.TCP_NODELAY,
          true,
          ChannelOption.ALLOW_HALF_CLOSURE,
          true);

  /**
   * Responses that wait for the kernel to take them: then reading pauses, or datagrams are lost.
   */
  private static final WriteBufferWaterMark UDP_QUEUE = new WriteBufferWaterMark(1 << 20, 4 << 20);

  private final ServerSettings settings;
  private final Sockets sockets;
  private final EventLoopGroup group;
  private final Ticker ticker;
  private final QueryObserver observer;
  private final IdentityHashMap<EventExecutor, QueryService> services = new IdentityHashMap<>();
  private final IdentityHashMap<EventExecutor, TcpConnection.Place> places =
      new IdentityHashMap<>();
  private final TcpAdmission admission;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile long receiveQueue = Long.MAX_VALUE;

  Doors(
      ServerSettings settings,
      Sockets sockets,
      EventLoopGroup group,
      Ticker ticker,
      QueryObserver observer,
      QueryService.Parts parts) {
    this.settings = settings;
    this.sockets = sockets;
    this.group = group;
    this.ticker = ticker;
    this.observer = observer;
    this.admission =
        new TcpAdmission(settings.tcpConnections(), settings.tcpConnectionsPerClient());
    TcpBudget budget = new TcpBudget(TcpBudget.OCTETS);
    for (EventExecutor loop : group) {
      QueryService service = new QueryService(parts, (EventLoop) loop);
      LoopTimers timers = new LoopTimers(loop);
      services.put(loop, service);
      places.put(loop, TcpConnection.Place.of(settings, service, observer, ticker, timers, budget));
    }
  }

  /** The smallest receive queue that the kernel granted a UDP socket, in octets. */
  long receiveQueue() {
    return receiveQueue;
  }

  /** How many TCP connections are open. */
  int count() {
    return admission.count();
  }

  /** Closes every connection and waits until they are closed. */
  void closeConnections() {
    connections.close().awaitUninterruptibly();
  }

  /** Opens a UDP socket that shares its address with those of the other loops. */
  Channel udp(InetSocketAddress address, EventLoop loop) throws CannotListen {
    DatagramChannel channel = sockets.newDatagramChannel(address.getAddress(), UDP_SLOT, UDP_BATCH);
    sockets.sharePort(channel);
    ChannelFuture step = register(channel, loop);
    if (step.isSuccess()) {
      long granted = sockets.growReceiveQueue(channel, Math.toIntExact(settings.receiveBuffer()));
      receiveQueue = Math.min(receiveQueue, granted);
      step = channel.bind(address).awaitUninterruptibly();
    }
    return opened(step, channel, address, Transport.UDP);
  }

  /** Takes over a UDP socket, with the receive queue that it has. */
  Channel udp(PassedSocket passed, EventLoop loop) throws CannotListen {
    DatagramChannel channel = sockets.adoptDatagram(passed.descriptor(), UDP_SLOT, UDP_BATCH);
    ChannelFuture step = register(channel, loop);
    receiveQueue = Math.min(receiveQueue, sockets.receiveQueue(channel));
    return opened(step, channel, passed.address(), Transport.UDP);
  }

  private ChannelFuture register(DatagramChannel channel, EventLoop loop) {
    channel.config().setWriteBufferWaterMark(UDP_QUEUE);
    channel.pipeline().addLast(new UdpListener(serviceOf(loop), observer));
    return loop.register(channel).awaitUninterruptibly();
  }

  /** Opens a TCP listener whose connections are spread over the loops. */
  Channel tcp(InetSocketAddress address) throws CannotListen {
    ServerChannel channel = sockets.newListener();
    channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    ChannelFuture step = register(channel);
    if (step.isSuccess()) {
      step = channel.bind(address).awaitUninterruptibly();
    }
    return opened(step, channel, address, Transport.TCP);
  }

  /** Takes over a TCP listener. */
  Channel tcp(PassedSocket passed) throws CannotListen {
    ServerChannel channel = sockets.adoptListener(passed.descriptor());
    return opened(register(channel), channel, passed.address(), Transport.TCP);
  }

  private ChannelFuture register(ServerChannel channel) {
    channel.config().setOption(ChannelOption.SO_RCVBUF, TCP_RECEIVE_QUEUE);
    channel.pipeline().addLast(new Acceptor(group, ticker, CONNECTION, this::admit));
    return group.register(channel).awaitUninterruptibly();
  }

  private static Channel opened(
      ChannelFuture step, Channel channel, InetSocketAddress address, Transport transport)
      throws CannotListen {
    if (!step.isSuccess()) {
      channel.close().awaitUninterruptibly();
      Throwable cause = step.cause();
      throw CannotListen.on(
          address, transport, cause == null ? new IOException("interrupted") : cause);
    }
    return channel;
  }

  private void admit(Channel channel) {
    InetSocketAddress peer = admission.admit(channel);
    if (peer == null) {
      observer.connectionRefused();
      channel.close();
      return;
    }
    connections.add(channel);
    EventLoop loop = channel.eventLoop();
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(UDP_BATCH, true))
        .addLast(new TcpConnection(Objects.requireNonNull(places.get(loop)), peer));
  }

  private QueryService serviceOf(EventExecutor loop) {
    return Objects.requireNonNull(services.get(loop));
  }
}
