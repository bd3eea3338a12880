package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;

/**
 * Messages behind two octets of their length each (RFC 1035 section 4.2.2), over TCP and TLS. The
 * keys are message IDs: responses come back in any order.
 *
 * <p>Over TLS queries are padded, and the first one asks for how long the server keeps an unused
 * connection (RFC 7828 section 3.2.1).
 */
final class FrameCarrier extends SimpleChannelInboundHandler<ByteBuf> implements Carrier {
  /** Queries under way on one connection. */
  private static final int MOST_UNDER_WAY = 4096;

  /** Responses that nobody waits for; a server that sends more of them is rid of its connection. */
  private static final int MOST_STRAYS = 100;

  private static final long UNIT_NANOS = 100_000_000L;

  private final RandomPool random;
  private final boolean encrypted;
  private @Nullable Desk desk;
  private boolean asksForIdleTime;
  private boolean knowsIdleTime;
  private int strays;

  FrameCarrier(RandomPool random, boolean encrypted) {
    this.random = random;
    this.encrypted = encrypted;
    this.asksForIdleTime = encrypted;
    this.knowsIdleTime = !encrypted;
  }

  @Override
  public void install(Channel channel, String before, Desk to) {
    desk = to;
    channel
        .pipeline()
        .addBefore(
            before, null, new LengthFieldBasedFrameDecoder(Sockets.MAX_MESSAGE + 2, 0, 2, 0, 2))
        .addBefore(before, null, this);
  }

  @Override
  public int room() {
    return MOST_UNDER_WAY;
  }

  @Override
  public int send(Channel channel, Exchange exchange, IntPredicate taken) {
    char id = random.nextId();
    while (taken.test(id)) {
      id = random.nextId();
    }
    int most = exchange.length() + (encrypted ? Padding.MOST : 0);
    ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(2 + most);
    frame.writeShort(0);
    exchange.writeQuery(frame, id);
    if (encrypted) {
      Padding.pad(frame, 2, asksForIdleTime);
      asksForIdleTime = false;
    }
    frame.setShort(0, frame.readableBytes() - 2);
    channel.write(frame);
    return id;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
    Desk to = desk;
    if (to == null) {
      return;
    }
    if (!knowsIdleTime) {
      long units = MessageScan.idleTime(message);
      if (units >= 0) {
        knowsIdleTime = true;
        to.keepIdle(units * UNIT_NANOS);
      }
    }
    boolean taken =
        message.readableBytes() >= 2
            && to.received(message.getUnsignedShort(message.readerIndex()), message);
    if (!taken && ++strays > MOST_STRAYS) {
      context.close();
    }
  }

  @Override
  public void forget(int key) {}

  @Override
  public void close() {}
}
