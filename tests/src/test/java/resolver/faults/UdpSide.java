package resolver.faults;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of a proxy. All clients share one socket towards the server and are told apart by
 * IDs of our own. Belongs to one event loop; its sockets are opened by others.
 */
final class UdpSide {
  private static final int LARGEST = 65_535;
  private static final int QUEUE = 4 << 20;

  /** How long a datagram waits for one that overtakes it. */
  private static final long OVERTAKING_MILLIS = 100;

  /** A query that was passed on. */
  private record Asked(InetSocketAddress client, int id, Chance.Fate fate) {}

  private final EventLoop loop;
  private final InetSocketAddress target;
  private final Chance chance;
  private final Tally tally;
  private final Asked[] asked = new Asked[1 << 16];
  private Faults faults = Faults.NONE;
  private int nextId;
  private @Nullable Runnable overtaken;
  private volatile @Nullable Channel client;
  private volatile @Nullable Channel server;

  UdpSide(EventLoop loop, InetSocketAddress target, Chance chance, Tally tally) {
    this.loop = loop;
    this.target = target;
    this.chance = chance;
    this.tally = tally;
  }

  /** Opens the socket towards the server, off the event loop. */
  Channel connect() {
    Channel opened = bootstrap(new FromServer()).connect(target).syncUninterruptibly().channel();
    server = opened;
    return opened;
  }

  /** Opens the clients' socket, off the event loop. */
  Channel listen(InetSocketAddress address) {
    Channel opened = bootstrap(new FromClients()).bind(address).syncUninterruptibly().channel();
    client = opened;
    return opened;
  }

  private Bootstrap bootstrap(ChannelInboundHandlerAdapter handler) {
    return new Bootstrap()
        .group(loop)
        .channel(NioDatagramChannel.class)
        .option(ChannelOption.SO_RCVBUF, QUEUE)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST))
        .handler(handler);
  }

  void set(Faults next) {
    faults = next;
  }

  private final class FromClients extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      byte[] query = ByteBufUtil.getBytes(packet.content());
      if (Packet.isMessage(query)) {
        fromClient(query, packet.sender());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A client that has gone, as the kernel tells.
    }
  }

  private final class FromServer extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      byte[] reply = ByteBufUtil.getBytes(packet.content());
      if (Packet.isMessage(reply)) {
        fromServer(reply);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The server has gone: its silence is what the clients see of that.
    }
  }

  private void fromClient(byte[] query, InetSocketAddress sender) {
    tally.datagrams.increment();
    Chance.Fate fate = chance.next(Packet.question(query));
    if (faults.reach() != Faults.Reach.OPEN || fate.draw(Chance.Of.LOSS_OF_QUERY) < faults.loss()) {
      tally.lost.increment();
      return;
    }
    int id = Packet.id(query);
    Asked one = new Asked(sender, id, fate);
    Faults.Reply reply = replyInstead(fate);
    if (reply != null) {
      tally.replies.increment();
      pass(Packet.response(query, reply), one);
      return;
    }
    Channel socket = server;
    if (socket != null) {
      nextId = (nextId + 1) & 0xffff;
      asked[nextId] = one;
      Packet.setId(query, nextId);
      socket.writeAndFlush(Unpooled.wrappedBuffer(query), socket.voidPromise());
    }
  }

  private Faults.@Nullable Reply replyInstead(Chance.Fate fate) {
    double drawn = fate.draw(Chance.Of.REPLY);
    for (Faults.Reply reply : Faults.Reply.values()) {
      drawn -= faults.replies().getOrDefault(reply, 0.0);
      if (drawn < 0) {
        return reply;
      }
    }
    return null;
  }

  private void fromServer(byte[] reply) {
    Asked one = asked[Packet.id(reply)];
    if (one != null) {
      Packet.setId(reply, one.id());
      pass(reply, one);
    }
  }

  /** Brings a response on its way to the client. */
  private void pass(byte[] reply, Asked one) {
    if (one.fate().draw(Chance.Of.LOSS_OF_REPLY) < faults.loss()) {
      tally.lost.increment();
      return;
    }
    boolean twice = one.fate().draw(Chance.Of.DUPLICATE) < faults.duplicate();
    long nanos = Delays.nanos(faults, one.fate().draw(Chance.Of.JITTER));
    Runnable send =
        () -> {
          send(reply, one.client());
          if (twice) {
            send(reply, one.client());
          }
        };
    if (one.fate().draw(Chance.Of.REORDER) < faults.reorder() && overtaken == null) {
      overtaken = send;
      loop.schedule(() -> sendOvertaken(send), OVERTAKING_MILLIS, TimeUnit.MILLISECONDS);
    } else if (nanos == 0) {
      sendThenOvertaken(send);
    } else {
      loop.schedule(() -> sendThenOvertaken(send), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void sendThenOvertaken(Runnable send) {
    send.run();
    if (overtaken != null) {
      sendOvertaken(overtaken);
    }
  }

  private void sendOvertaken(Runnable which) {
    if (which.equals(overtaken)) {
      overtaken = null;
      which.run();
    }
  }

  private void send(byte[] reply, InetSocketAddress to) {
    Channel socket = client;
    if (faults.reach() != Faults.Reach.OPEN || socket == null) {
      tally.lost.increment();
      return;
    }
    socket.writeAndFlush(
        new DatagramPacket(Unpooled.wrappedBuffer(reply), to), socket.voidPromise());
  }
}
