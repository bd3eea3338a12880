package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import resolver.clock.DeadlineQueue;
import resolver.query.QueryObserver;
import resolver.query.Transport;

/**
 * One client's TCP connection: queries come one behind the other, responses leave as they are ready
 * (RFC 7766 section 7). Belongs to the event loop of its channel.
 *
 * <p>Reading pauses while too many queries wait for their answers or the client does not take its
 * responses. A connection is closed when no whole query came for the idle time and none waits, or
 * when nothing could be written for as long.
 */
final class TcpConnection extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int USUAL_RESPONSE = 512;

  private final QueryService service;
  private final QueryObserver observer;
  private final DeadlineQueue idle;
  private final int pipeline;
  private final InetSocketAddress client;
  private final Idle deadline = new Idle();
  private int waiting;
  private boolean wroteSinceDeadline;
  private boolean peerFinished;
  private @Nullable ChannelHandlerContext context;

  private final class Idle extends DeadlineQueue.Deadline {
    @Override
    protected void due() {
      whenIdle();
    }
  }

  /**
   * A new connection.
   *
   * @param idle deadlines as far ahead as the idle time
   * @param pipeline how many queries may wait for their answers
   */
  TcpConnection(
      QueryService service,
      QueryObserver observer,
      DeadlineQueue idle,
      int pipeline,
      InetSocketAddress client) {
    this.service = service;
    this.observer = observer;
    this.idle = idle;
    this.pipeline = pipeline;
    this.client = client;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    idle.add(deadline);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf packet) {
    waiting++;
    deadline.cancel();
    idle.add(deadline);
    service.handle(packet, Transport.TCP, client, new Reply(context));
    holdBack(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    holdBack(context);
  }

  /** The client sends no more; what waits is still answered (RFC 7766 section 6.2.4). */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof io.netty.channel.socket.ChannelInputShutdownEvent) {
      peerFinished = true;
      closeWhenDone(context);
    }
  }

  /** A broken connection, or a frame longer than any query. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof io.netty.handler.codec.TooLongFrameException) {
      observer.received(Transport.TCP);
      observer.classified(QueryObserver.Outcome.DROPPED);
    } else if (!(cause instanceof java.io.IOException)) {
      org.slf4j.LoggerFactory.getLogger(TcpConnection.class).error("a connection threw", cause);
    }
    context.close();
  }

  private void whenIdle() {
    ChannelHandlerContext here = context;
    if (here == null) {
      return;
    }
    boolean stuck = !here.channel().isWritable() && !wroteSinceDeadline;
    if (waiting == 0 || stuck) {
      here.close();
      return;
    }
    wroteSinceDeadline = false;
    idle.add(deadline);
  }

  private void holdBack(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(waiting < pipeline && context.channel().isWritable());
  }

  private void answered(ChannelHandlerContext context) {
    waiting--;
    holdBack(context);
    closeWhenDone(context);
  }

  private void closeWhenDone(ChannelHandlerContext context) {
    if (peerFinished && waiting == 0) {
      context
          .writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
          .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }
  }

  private final class Reply implements Responder {
    private final ChannelHandlerContext context;

    Reply(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public ByteBuf newBuffer() {
      return context.alloc().directBuffer(2 + USUAL_RESPONSE).writeShort(0);
    }

    @Override
    public void respond(ByteBuf response) {
      if (!context.channel().isActive()) {
        response.release();
        observer.responseLost();
        waiting--;
        return;
      }
      response.setShort(0, response.readableBytes() - 2);
      context.writeAndFlush(response).addListener(written -> wroteSinceDeadline = true);
      answered(context);
    }

    @Override
    public void ignore() {
      answered(context);
    }
  }
}
