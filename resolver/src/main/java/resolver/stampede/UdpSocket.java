package resolver.stampede;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.collection.CharObjectHashMap;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;

/**
 * A connected UDP socket, and the clients who have it in common; in each round they have different
 * IDs. What they send in one turn of the event loop leaves in one burst. Belongs to that loop.
 */
final class UdpSocket extends ChannelInboundHandlerAdapter {
  /** More than a client without EDNS takes, so that too much is seen to be too much. */
  private static final int SLOT = 600;

  private static final int BATCH = 16;

  /** What the kernel charges for an answer that waits to be read, in octets, and a little more. */
  private static final int OCTETS_FOR_AN_ANSWER = 1024;

  /** So many answers find room in the receive queue that a socket has from the start. */
  private static final int FEW = 100;

  private final EventLoop loop;
  private final Rounds rounds;
  private final Sockets sockets;
  private final InetSocketAddress server;
  private final CharObjectHashMap<UdpClient> asking = new CharObjectHashMap<>();
  private final List<UdpClient> sending = new ArrayList<>();
  private @Nullable DatagramChannel channel;
  private @Nullable ChannelFuture connecting;
  private int users;

  UdpSocket(EventLoop loop, Rounds rounds, Sockets sockets, InetSocketAddress server) {
    this.loop = loop;
    this.rounds = rounds;
    this.sockets = sockets;
    this.server = server;
  }

  /**
   * A further client.
   *
   * @return which one it is, from 0
   */
  int join() {
    return users++;
  }

  /** A client that needs it no more; the last one closes it. */
  void leave() {
    users--;
    if (users == 0 && channel != null) {
      channel.close();
    }
  }

  /** Calls back once it is open, or cannot be opened. */
  void open(Runnable then) {
    if (connecting == null) {
      DatagramChannel made = sockets.newDatagramChannel(server.getAddress(), SLOT, BATCH);
      channel = made;
      if (users > FEW) {
        // What is lost here would be put down to the server.
        sockets.growReceiveQueue(made, users * OCTETS_FOR_AN_ANSWER);
      }
      made.pipeline().addLast(this);
      loop.register(made);
      connecting = made.connect(server);
    }
    connecting.addListener(connected -> then.run());
  }

  /** Lets a client have the answers with an ID. */
  void listen(char id, UdpClient client) {
    asking.put(id, client);
  }

  /** No more. */
  void ignore(char id) {
    asking.remove(id);
  }

  /** Sends the client's query at the end of this turn. */
  void send(UdpClient client) {
    if (sending.isEmpty()) {
      loop.execute(this::flush);
    }
    sending.add(client);
  }

  private void flush() {
    DatagramChannel open = channel;
    long now = rounds.now();
    for (UdpClient client : sending) {
      client.leaves(now);
      if (open != null && open.isActive()) {
        open.write(client.query(open, 0), open.voidPromise());
      }
    }
    sending.clear();
    if (open != null) {
      open.flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf octets =
        message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
    try {
      boolean hasId = octets.readableBytes() >= 2;
      UdpClient client = hasId ? asking.get(octets.getChar(octets.readerIndex())) : null;
      if (client == null) {
        rounds.current().stray();
      } else {
        client.received(octets);
      }
    } finally {
      octets.release();
    }
  }

  /** Nobody listens there: it shows by the answers that do not come. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
}
