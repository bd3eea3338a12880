package resolver.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Makes sockets and event loops: epoll's where it loads, Java's own elsewhere. Any thread may call.
 */
public enum Sockets {
  /** Linux's epoll, which receives and sends datagrams in batches. */
  EPOLL,
  /** What Java has everywhere. */
  NIO;

  /** Two octets of length, then a message: the largest that TCP carries (RFC 1035, 4.2.2). */
  public static final int MAX_MESSAGE = 65_535;

  /** Sets a receive queue beyond the limit for ordinary users; needs CAP_NET_ADMIN. */
  private static final ChannelOption<Integer> SO_RCVBUFFORCE =
      new IntegerUnixChannelOption("SO_RCVBUFFORCE", 1, 33);

  /** Enough to use up a batch, so that the loop turns to its other work in between. */
  private static final int READS_PER_TURN = 16;

  /** The better one of those that work here. */
  public static Sockets best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** A group of event loops whose threads bear a name. */
  public MultiThreadIoEventLoopGroup newLoops(int threads, String name) {
    IoHandlerFactory handlers =
        this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handlers);
  }

  /**
   * Ends event loops and closes every socket that they have left. A loop that is told to end while
   * it runs tasks, and need not wait for a quiet time, would leave its sockets open (Netty 4.2.18);
   * a hook and a wait of a nanosecond make it turn once more, and then it closes them. Any thread
   * may call.
   *
   * @param millis the longest that they may still work, in milliseconds
   * @return done when all have ended
   */
  public static Future<?> end(EventLoopGroup loops, long millis) {
    for (EventExecutor loop : loops) {
      if (loop instanceof SingleThreadEventExecutor thread && !thread.isShuttingDown()) {
        try {
          thread.addShutdownHook(() -> {});
        } catch (RejectedExecutionException e) {
          // Somebody else ended it at this instant.
        }
      }
    }
    return loops.shutdownGracefully(1, TimeUnit.MILLISECONDS.toNanos(millis), TimeUnit.NANOSECONDS);
  }

  /**
   * An unregistered UDP socket.
   *
   * @param like an address of the family that it shall have
   * @param slot the largest datagram that it receives whole, in octets
   * @param batch how many datagrams it receives at once, where it can
   */
  public DatagramChannel newDatagramChannel(InetAddress like, int slot, int batch) {
    SocketProtocolFamily family =
        like instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    DatagramChannel channel =
        this == EPOLL ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    return withBuffers(channel, slot, batch);
  }

  /**
   * An unregistered UDP socket that is open and bound already, for {@link #EPOLL} alone.
   *
   * @param descriptor its number in this process; belongs to the channel from now on
   */
  public DatagramChannel adoptDatagram(int descriptor, int slot, int batch) {
    return withBuffers(new EpollDatagramChannel(descriptor), slot, batch);
  }

  /** An unregistered TCP socket that is to listen. */
  public ServerChannel newListener() {
    return this == EPOLL ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  /**
   * An unregistered TCP socket that is open and listens already, for {@link #EPOLL} alone.
   *
   * @param descriptor its number in this process; belongs to the channel from now on
   */
  public ServerChannel adoptListener(int descriptor) {
    return new EpollServerSocketChannel(descriptor);
  }

  private DatagramChannel withBuffers(DatagramChannel channel, int slot, int batch) {
    channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    RecvByteBufAllocator buffers;
    if (this == EPOLL) {
      channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, slot);
      buffers = new DatagramBatches(slot * batch, READS_PER_TURN);
    } else {
      buffers = new FixedRecvByteBufAllocator(slot).maxMessagesPerRead(READS_PER_TURN);
    }
    channel.config().setRecvByteBufAllocator(buffers);
    return channel;
  }

  /** Lets several sockets take one address, the kernel sharing out what comes. */
  public boolean sharePort(Channel channel) {
    return this == EPOLL && channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  /**
   * Asks for a receive queue of a size: with privilege beyond the limit for ordinary users, else up
   * to that limit.
   *
   * @return what was granted, in octets; the kernel adds as much again for its own bookkeeping
   */
  public long growReceiveQueue(DatagramChannel channel, int octets) {
    boolean forced = false;
    try {
      forced = this == EPOLL && channel.config().setOption(SO_RCVBUFFORCE, octets);
    } catch (RuntimeException e) {
      // Without the privilege the ordinary way is left.
    }
    if (!forced || receiveQueue(channel) < octets) {
      channel.config().setReceiveBufferSize(octets);
    }
    return receiveQueue(channel);
  }

  /**
   * The receive queue of a socket in octets. Linux tells twice of what was asked, and Java's own
   * sockets have halved that already.
   */
  public long receiveQueue(DatagramChannel channel) {
    int told = channel.config().getReceiveBufferSize();
    return this == EPOLL ? told / 2 : told;
  }

  /** The class of a connecting TCP socket. */
  public Class<? extends Channel> streamChannel() {
    return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }
}
