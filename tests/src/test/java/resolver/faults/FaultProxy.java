package resolver.faults;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import resolver.settings.Addresses;

/**
 * A proxy before a name server, over UDP and TCP on one port, that does to the traffic what its
 * {@link Faults} say.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(stub.address(), 7)) {
 *   proxy.set("loss=30% delay=50ms~20ms");
 *   ...
 *   proxy.set("dead");
 * }
 * }</pre>
 *
 * <p>One event loop does all the work; any thread may call.
 */
public final class FaultProxy implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT = Addresses.parse("127.0.0.1", 0);
  private static final int MOST_BIND_TRIES = 50;

  private final long seed;
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("fault-proxy", true), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Tally tally = new Tally();
  private final Chance chance;
  private final UdpSide udp;
  private final TcpSide tcp;
  private final Channel serverSocket;
  private final InetSocketAddress address;
  private @Nullable Channel udpSocket;
  private @Nullable Channel tcpSocket;
  private Faults faults = Faults.NONE;

  private FaultProxy(InetSocketAddress listen, InetSocketAddress target, long seed) {
    this.seed = seed;
    this.chance = new Chance(seed);
    this.udp = new UdpSide(loop, target, chance, tally);
    this.tcp = new TcpSide(loop, target, chance, tally);
    this.serverSocket = udp.connect();
    this.address = open(listen);
  }

  /** Starts one on a free port of 127.0.0.1 that passes everything on. */
  public static FaultProxy before(InetSocketAddress target, long seed) {
    return start(ANY_PORT, target, seed);
  }

  /**
   * Starts one that passes everything on.
   *
   * @param seed decides what is left to chance
   */
  public static FaultProxy start(InetSocketAddress listen, InetSocketAddress target, long seed) {
    return new FaultProxy(listen, target, seed);
  }

  /** One port that is free for both transports. */
  private InetSocketAddress open(InetSocketAddress listen) {
    for (int tries = MOST_BIND_TRIES; ; tries--) {
      Channel stream = tcp.listen(listen);
      InetSocketAddress both = (InetSocketAddress) stream.localAddress();
      try {
        udpSocket = udp.listen(both);
        tcpSocket = stream;
        return both;
      } catch (Exception e) {
        stream.close().syncUninterruptibly();
        if (listen.getPort() != 0 || tries == 1 || !isTaken(e)) {
          close(serverSocket);
          end();
          throw e;
        }
      }
    }
  }

  private static boolean isTaken(Throwable e) {
    return e instanceof BindException
        || e instanceof ChannelException
        || (e.getCause() != null && isTaken(e.getCause()));
  }

  /** Where it listens, over both transports. */
  public InetSocketAddress address() {
    return address;
  }

  /** What decides about chance. */
  public long seed() {
    return seed;
  }

  /** What has come by now. */
  public Counts counts() {
    return tally.now();
  }

  /** The faults that hold. */
  public synchronized Faults faults() {
    return faults;
  }

  /** Lets faults hold, in the words of {@link Faults#parse}. */
  public void set(String words) {
    set(Faults.parse(words));
  }

  /** Lets these faults hold, for what is under way too, when this returns. */
  public synchronized void set(Faults next) {
    faults = next;
    if (next.reach() == Faults.Reach.CLOSED) {
      close(udpSocket);
      close(tcpSocket);
      udpSocket = null;
      tcpSocket = null;
      awaitFree();
    }
    onLoop(
        () -> {
          udp.set(next);
          tcp.set(next);
        });
    if (next.reach() != Faults.Reach.CLOSED && udpSocket == null) {
      tcpSocket = tcp.listen(address);
      udpSocket = udp.listen(address);
    }
  }

  /** Java closes a channel at the next turn of its selector, and until then the port takes in. */
  private void awaitFree() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!isFree()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(address + " is not closed within ten seconds");
      }
      Thread.onSpinWait();
    }
  }

  private boolean isFree() {
    try (ServerSocket stream = new ServerSocket();
        DatagramSocket datagrams = new DatagramSocket(null)) {
      stream.setReuseAddress(true);
      stream.bind(address);
      datagrams.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Counts from zero, and lets chance decide as at the start. */
  public void startAnew() {
    onLoop(
        () -> {
          tally.clear();
          chance.forget();
        });
  }

  /** Resets every connection, as a server's restart would. */
  public void resetConnections() {
    onLoop(tcp::resetAll);
  }

  private void onLoop(Runnable run) {
    loop.submit(run).syncUninterruptibly();
  }

  private static void close(@Nullable Channel channel) {
    if (channel != null) {
      channel.close().syncUninterruptibly();
    }
  }

  /** Stops: every connection is reset, and the port is free. */
  @Override
  public synchronized void close() {
    close(udpSocket);
    close(tcpSocket);
    close(serverSocket);
    onLoop(tcp::resetAll);
    end();
  }

  private void end() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Override
  public String toString() {
    return "proxy " + address + ", seed " + seed + ", " + counts();
  }
}
