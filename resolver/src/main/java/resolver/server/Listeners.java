package resolver.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.DeadlineQueue;
import resolver.clock.LoopTimers;
import resolver.clock.Ticker;
import resolver.net.Sockets;
import resolver.policy.AnswerRules;
import resolver.policy.LocalRules;
import resolver.query.QueryObserver;
import resolver.query.QueryTap;
import resolver.query.Transport;
import resolver.settings.Addresses;

/**
 * Everything that takes queries: for each address one UDP socket on every event loop, and one TCP
 * listener whose connections are spread over the loops.
 *
 * <p>A wildcard address is each address of the machine, and {@link #follow} keeps up with those
 * that come and go.
 *
 * <p>Any thread may open, follow and close, but no event loop.
 */
public final class Listeners implements AutoCloseable {
  /** The longest query taken over TCP in octets; a longer frame ends its connection. */
  static final int MAX_QUERY = 4096;

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

  private static final int FREE_PORT_TRIES = 10;
  private static final int REFUSALS_TO_TELL = 3;
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /**
   * Responses that wait for the kernel to take them: then reading pauses, or datagrams are lost.
   */
  private static final WriteBufferWaterMark UDP_QUEUE = new WriteBufferWaterMark(1 << 20, 4 << 20);

  private final ServerSettings settings;
  private final Sockets sockets;
  private final EventLoopGroup group;
  private final QueryObserver observer;
  private final IdentityHashMap<EventExecutor, QueryService> services = new IdentityHashMap<>();
  private final IdentityHashMap<EventExecutor, DeadlineQueue> idles = new IdentityHashMap<>();
  private final TcpAdmission admission;
  private final ChannelGroup accepting = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<InetSocketAddress, List<Channel>> open = new LinkedHashMap<>();
  private final Map<InetSocketAddress, Integer> refusals = new HashMap<>();
  private volatile List<InetSocketAddress> addresses = List.of();
  private volatile long receiveQueue = Long.MAX_VALUE;
  private boolean closed;

  private Listeners(
      ServerSettings settings,
      Sockets sockets,
      EventLoopGroup group,
      Ticker ticker,
      QueryObserver observer,
      QueryService.Parts parts) {
    this.settings = settings;
    this.sockets = sockets;
    this.group = group;
    this.observer = observer;
    this.admission =
        new TcpAdmission(settings.tcpConnections(), settings.tcpConnectionsPerClient());
    for (EventExecutor loop : group) {
      services.put(loop, new QueryService(parts, (EventLoop) loop));
      idles.put(
          loop, new DeadlineQueue(ticker, new LoopTimers(loop), settings.tcpIdle().toNanos()));
    }
  }

  /**
   * Listens on every address of the settings.
   *
   * @param gate who may ask
   * @param localRules what is answered without asking
   * @param answerRules what may be answered
   * @param tap is told of single queries
   * @throws CannotListen where one of them cannot be had; then none is
   */
  public static Listeners open(
      ServerSettings settings,
      Sockets sockets,
      EventLoopGroup group,
      Ticker ticker,
      QueryObserver observer,
      ClientGate gate,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      QueryTap tap)
      throws CannotListen {
    QueryService.Parts parts =
        new QueryService.Parts(
            gate,
            localRules,
            answerRules,
            sources,
            new WaitingClients(settings.waitingPerClient()),
            ticker,
            observer,
            tap,
            settings);
    Listeners listeners = new Listeners(settings, sockets, group, ticker, observer, parts);
    try {
      listeners.listenAll();
    } catch (CannotListen e) {
      listeners.close();
      throw e;
    }
    return listeners;
  }

  /** The addresses that are listened on, with their real ports. */
  public List<InetSocketAddress> addresses() {
    return addresses;
  }

  /**
   * Listens on the addresses of wildcards that the machine has got since, and no more on those that
   * it has lost. One that cannot be had is tried again at the next call, and told once. While the
   * machine does not tell its addresses, everything stays as it is.
   *
   * @return whether anything has changed
   */
  public boolean follow() {
    return follow(LocalAddresses::known);
  }

  /** The same, where the machine tells its addresses so; empty while it does not. */
  synchronized boolean follow(Supplier<Optional<List<InetAddress>>> machine) {
    // A port of the system's choice is another one for each address: nobody could know it.
    List<InetSocketAddress> wildcards =
        settings.listen().stream()
            .filter(listen -> listen.getAddress().isAnyLocalAddress() && listen.getPort() != 0)
            .toList();
    if (closed || wildcards.isEmpty()) {
      return false;
    }
    Optional<List<InetAddress>> own = machine.get();
    if (own.isEmpty()) {
      return false;
    }
    List<InetSocketAddress> before = addresses;
    List<InetSocketAddress> wanted = LocalAddresses.expand(settings.listen(), own.get());
    for (InetSocketAddress address : before) {
      boolean ofWildcard = wildcards.stream().anyMatch(each -> covers(each, address));
      if (ofWildcard && !wanted.contains(address)) {
        closeAll(Objects.requireNonNull(open.remove(address)));
      }
    }
    refusals.keySet().retainAll(wanted);
    for (InetSocketAddress address : wanted) {
      if (!open.containsKey(address)
          && wildcards.stream().anyMatch(each -> covers(each, address))) {
        tryToListen(address);
      }
    }
    addresses = List.copyOf(open.keySet());
    return !before.equals(addresses);
  }

  private static boolean covers(InetSocketAddress wildcard, InetSocketAddress address) {
    return wildcard.getPort() == address.getPort()
        && wildcard.getAddress().getClass() == address.getAddress().getClass();
  }

  /** A new IPv6 address cannot be had for a moment, so the first refusals are no news. */
  private void tryToListen(InetSocketAddress address) {
    try {
      listen(address);
      refusals.remove(address);
    } catch (CannotListen e) {
      if (refusals.merge(address, 1, Integer::sum) == REFUSALS_TO_TELL) {
        LOG.warn("{}", e.getMessage());
      }
    }
  }

  private static void closeAll(List<Channel> channels) {
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
  }

  /** The smallest receive queue that the kernel granted a UDP socket, in octets. */
  public long receiveQueue() {
    return receiveQueue;
  }

  /** How many TCP connections are open. */
  public int connections() {
    return admission.count();
  }

  /** Takes no more queries over TCP connections that are yet to come. UDP goes on until closed. */
  public synchronized void stopAccepting() {
    closed = true;
    accepting.close().awaitUninterruptibly();
  }

  /** Closes every socket and waits until they are closed. */
  @Override
  public synchronized void close() {
    closed = true;
    accepting.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
  }

  private void listenAll() throws CannotListen {
    for (InetSocketAddress address : LocalAddresses.expand(settings.listen())) {
      listen(address);
    }
    addresses = List.copyOf(open.keySet());
  }

  private void listen(InetSocketAddress address) throws CannotListen {
    CannotListen last = null;
    int tries = address.getPort() == 0 ? FREE_PORT_TRIES : 1;
    for (int i = 0; i < tries; i++) {
      try {
        listenOnce(address);
        return;
      } catch (CannotListen e) {
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  private void listenOnce(InetSocketAddress address) throws CannotListen {
    InetSocketAddress real = probe(address);
    List<Channel> opened = new ArrayList<>();
    try {
      for (EventExecutor loop : group) {
        opened.add(openUdp(real, (EventLoop) loop));
        if (sockets == Sockets.NIO) {
          break;
        }
      }
      opened.add(openTcp(real));
    } catch (CannotListen e) {
      closeAll(opened);
      throw e;
    }
    accepting.addAll(opened.subList(opened.size() - 1, opened.size()));
    connections.addAll(opened.subList(0, opened.size() - 1));
    open.put(real, opened);
  }

  /**
   * Takes the address for a moment without sharing it: a second daemon would otherwise get a part
   * of the first one's queries, in silence.
   *
   * @return the address, with a free port in place of zero
   */
  private static InetSocketAddress probe(InetSocketAddress address) throws CannotListen {
    InetSocketAddress real = address;
    try (java.nio.channels.DatagramChannel udp = java.nio.channels.DatagramChannel.open()) {
      udp.setOption(StandardSocketOptions.SO_REUSEADDR, false);
      udp.bind(address);
      real = (InetSocketAddress) udp.getLocalAddress();
    } catch (IOException e) {
      throw explain(real, Transport.UDP, e);
    }
    try (ServerSocket tcp = new ServerSocket()) {
      tcp.setReuseAddress(true);
      tcp.bind(real);
    } catch (IOException e) {
      throw explain(real, Transport.TCP, e);
    }
    return new InetSocketAddress(address.getAddress(), real.getPort());
  }

  private Channel openUdp(InetSocketAddress address, EventLoop loop) throws CannotListen {
    DatagramChannel channel = sockets.newDatagramChannel(address.getAddress(), UDP_SLOT, UDP_BATCH);
    channel.config().setWriteBufferWaterMark(UDP_QUEUE);
    sockets.sharePort(channel);
    channel.pipeline().addLast(new UdpListener(serviceOf(loop), observer));
    ChannelFuture step = loop.register(channel).awaitUninterruptibly();
    if (step.isSuccess()) {
      long granted = sockets.growReceiveQueue(channel, Math.toIntExact(settings.receiveBuffer()));
      receiveQueue = Math.min(receiveQueue, granted);
      step = channel.bind(address).awaitUninterruptibly();
    }
    if (!step.isSuccess()) {
      channel.close().awaitUninterruptibly();
      throw explain(address, Transport.UDP, causeOf(step));
    }
    return channel;
  }

  private Channel openTcp(InetSocketAddress address) throws CannotListen {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(sockets.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_RCVBUF, TCP_RECEIVE_QUEUE)
            .childOption(ChannelOption.SO_SNDBUF, TCP_SEND_QUEUE)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    admit(channel);
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw explain(address, Transport.TCP, causeOf(bound));
    }
    return bound.channel();
  }

  private void admit(Channel channel) {
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetAddress client = peer == null ? null : peer.getAddress();
    if (client == null || !admission.enter(client)) {
      observer.connectionRefused();
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> admission.leave(client));
    connections.add(channel);
    EventLoop loop = channel.eventLoop();
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(UDP_BATCH, true))
        .addLast(
            new TcpConnection(
                serviceOf(loop),
                observer,
                Objects.requireNonNull(idles.get(loop)),
                settings.tcpPipeline(),
                peer));
  }

  private QueryService serviceOf(EventExecutor loop) {
    return Objects.requireNonNull(services.get(loop));
  }

  private static Throwable causeOf(ChannelFuture failed) {
    Throwable cause = failed.cause();
    return cause == null ? new IOException("interrupted") : cause;
  }

  private static CannotListen explain(
      InetSocketAddress address, Transport transport, Throwable cause) {
    String where = Addresses.format(address) + " over " + transport;
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (reason.contains("permission denied")) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": ports below 1024 need CAP_NET_BIND_SERVICE; start it from the systemd unit, or"
              + " choose another port with --listen",
          cause);
    }
    if (reason.contains("in use")) {
      Optional<String> owner = new PortOwner(Path.of("/proc")).find(address, transport);
      return new CannotListen(
          "cannot listen on "
              + where
              + ": the port is held by "
              + owner.orElse("another process (root may see which)")
              + "; stop that one, or choose another port with --listen",
          cause);
    }
    if (reason.contains("cannot assign")) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": this machine has no such address; see the settings server.listen and --listen",
          cause);
    }
    String kind = cause instanceof BindException ? "" : cause.getClass().getSimpleName() + ": ";
    return new CannotListen("cannot listen on " + where + ": " + kind + cause.getMessage(), cause);
  }
}
