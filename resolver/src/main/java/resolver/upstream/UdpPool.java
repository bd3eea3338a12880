package resolver.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.net.Sockets;

/**
 * The UDP sockets of one event loop towards one server.
 *
 * <p>There are at most {@value #SLOTS}, each with a random port of its own; a query leaves through
 * one that is drawn at random, with a random ID. A socket is replaced after {@value
 * UdpPort#MOST_EXCHANGES} exchanges or 5 seconds, whichever comes first, so a port that somebody
 * found out is of little use. A forged response has to guess the port among 49,152 and the ID among
 * 65,536: 31.6 bits (RFC 5452 section 7), within the time of one exchange.
 */
final class UdpPool {
  private static final String NO_SOCKET = "no socket could be opened";
  private static final int SLOTS = 8;
  private static final int BIND_TRIES = 16;

  /** Above the size that servers are told, for those that exceed it. */
  private static final int SLOT_OCTETS = 4096;

  private static final int BATCH = 16;
  private static final long LIFETIME_NANOS = 5_000_000_000L;

  private final UdpPort[] ports = new UdpPort[SLOTS];
  private final InetSocketAddress server;
  private final EventLoop loop;
  private final Sockets sockets;
  private final RandomPool random;
  private final Ticker ticker;
  private final @Nullable CookieJar jar;
  private final @Nullable MixedCase mixed;

  UdpPool(
      InetSocketAddress server,
      EventLoop loop,
      Sockets sockets,
      RandomPool random,
      Ticker ticker,
      UpstreamSettings settings) {
    this.server = server;
    this.loop = loop;
    this.sockets = sockets;
    this.random = random;
    this.ticker = ticker;
    this.jar = settings.cookies() ? new CookieJar(random) : null;
    this.mixed = settings.mixCase() ? new MixedCase(random, ticker) : null;
  }

  /**
   * Begins an exchange.
   *
   * @return the port to flush, or null where the exchange has failed
   */
  @Nullable UdpPort begin(Exchange exchange) {
    int slot = random.nextBelow(SLOTS);
    UdpPort port = ports[slot];
    if (port == null || port.isSpent() || ticker.nanos() - port.bornAt() > LIFETIME_NANOS) {
      if (port != null) {
        port.retire();
      }
      ports[slot] = null;
      port = open(exchange);
      if (port == null) {
        return null;
      }
      ports[slot] = port;
    }
    if (mixed != null) {
      exchange.spellBy(mixed);
    }
    port.begin(exchange, random);
    return port;
  }

  /** Closes every socket once its exchanges are over. */
  void retire() {
    for (int i = 0; i < SLOTS; i++) {
      if (ports[i] != null) {
        ports[i].retire();
      }
    }
  }

  /** Registering, binding and connecting a datagram socket from within its loop ends at once. */
  private @Nullable UdpPort open(Exchange exchange) {
    Channel channel;
    try {
      channel = sockets.newDatagramChannel(server.getAddress(), SLOT_OCTETS, BATCH);
    } catch (ChannelException e) {
      if (isShortage(e)) {
        exchange.failHere(noSocket(e));
      } else {
        exchange.fail(noSocket(e));
      }
      return null;
    }
    ChannelFuture step = loop.register(channel);
    if (step.isSuccess()) {
      step = bind(channel);
    }
    boolean bound = step.isSuccess();
    if (bound) {
      step = channel.connect(server);
    }
    if (step.isSuccess()) {
      UdpPort port = new UdpPort(channel, ticker.nanos(), cookiesOf(channel));
      channel.pipeline().addLast(port);
      return port;
    }
    channel.close();
    Throwable cause = step.cause();
    if (bound && cause != null) {
      exchange.fail(UdpPort.describe(cause));
    } else {
      exchange.failHere(cause == null ? NO_SOCKET : noSocket(cause));
    }
    return null;
  }

  /** Where this machine does not have a family, its servers cannot be reached, and that lasts. */
  private static boolean isShortage(Throwable thrown) {
    String message = root(thrown).getMessage();
    return message == null || !message.contains("family not supported");
  }

  /** In words, that there is no socket, and why. */
  static String noSocket(Throwable thrown) {
    return NO_SOCKET + ": " + UdpPort.describe(root(thrown));
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }

  /** Where the socket is connected, the kernel has chosen our address. */
  private @Nullable Cookies cookiesOf(Channel channel) {
    return jar != null && channel.localAddress() instanceof InetSocketAddress local
        ? jar.from(local.getAddress(), ticker.nanos())
        : null;
  }

  private ChannelFuture bind(Channel channel) {
    InetAddress any = anyAddress(server.getAddress());
    for (int i = 0; i < BIND_TRIES; i++) {
      SocketAddress local = new InetSocketAddress(any, random.nextPort());
      ChannelFuture bound = channel.bind(local);
      if (bound.isSuccess()) {
        return bound;
      }
    }
    return channel.bind(new InetSocketAddress(any, 0));
  }

  private static InetAddress anyAddress(InetAddress like) {
    try {
      return InetAddress.getByAddress(new byte[like instanceof Inet4Address ? 4 : 16]);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
