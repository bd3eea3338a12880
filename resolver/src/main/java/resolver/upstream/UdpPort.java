package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.collection.CharObjectHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import resolver.net.LastHandler;

/**
 * A connected UDP socket with a random port, good for a number of exchanges with one server. The
 * kernel lets in what comes from that server alone. Belongs to one event loop.
 */
final class UdpPort extends LastHandler implements Exchange.Table {
  /** Such as "recvmmsg(..) failed with error(-111): Connection refused: /192.0.2.1:53". */
  private static final Pattern NATIVE_FAULT =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ([^:]+)");

  /** A port is retired after so many exchanges. */
  static final int MOST_EXCHANGES = 1024;

  private final CharObjectHashMap<Exchange> open = new CharObjectHashMap<>();
  private final Channel channel;
  private final long bornAt;
  private final @Nullable Cookies cookies;
  private int begun;
  private boolean retired;
  private boolean flushComes;

  /**
   * A port that has just been connected.
   *
   * @param cookies of the server and the address of this socket, or null where none are sent
   */
  UdpPort(Channel channel, long bornAt, @Nullable Cookies cookies) {
    this.channel = channel;
    this.bornAt = bornAt;
    this.cookies = cookies;
  }

  long bornAt() {
    return bornAt;
  }

  /** Whether no further exchange may begin here. */
  boolean isSpent() {
    return retired || begun >= MOST_EXCHANGES || !channel.isActive();
  }

  /** Writes the query; the caller flushes. */
  void begin(Exchange exchange, RandomPool random) {
    char id = random.nextId();
    while (open.containsKey(id)) {
      id = random.nextId();
    }
    open.put(id, exchange);
    begun++;
    exchange.standIn(this, id);
    if (cookies != null) {
      exchange.use(cookies);
    }
    ByteBuf out = channel.alloc().directBuffer(exchange.length());
    exchange.writeQuery(out, id);
    channel.write(out, channel.voidPromise());
  }

  /** Whether the caller has to see to {@link #flush}, for nobody else does. */
  boolean wantsFlush() {
    boolean first = !flushComes;
    flushComes = true;
    return first;
  }

  /** Sends what was written. */
  void flush() {
    flushComes = false;
    channel.flush();
  }

  /** Begins no more exchanges, and closes the socket once those under way are over. */
  void retire() {
    retired = true;
    closeIfDone();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf reply = message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
    try {
      if (reply.readableBytes() >= 2) {
        Exchange exchange = open.get(reply.getChar(reply.readerIndex()));
        if (exchange != null) {
          exchange.offer(reply);
        }
      }
    } finally {
      reply.release();
    }
  }

  /**
   * An ICMP error comes back as a failed read or write: nobody listens there. The kernel tells it
   * once, so it is taken for all that are open.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failAll(describe(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    failAll("the socket was closed");
  }

  @Override
  public void remove(Exchange over) {
    open.remove(over.id());
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && open.isEmpty()) {
      channel.close();
    }
  }

  private void failAll(String why) {
    retired = true;
    for (Exchange exchange : List.copyOf(open.values())) {
      exchange.fail(why);
    }
    closeIfDone();
  }

  /** The fault in words for an extended error. Of the native transport's, the kernel's words. */
  static String describe(Throwable cause) {
    String message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    Matcher fault = NATIVE_FAULT.matcher(message);
    return fault.find() ? fault.group(1) : message;
  }
}
