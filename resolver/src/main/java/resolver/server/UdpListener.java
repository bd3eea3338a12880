package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import resolver.query.QueryObserver;
import resolver.query.Transport;

/**
 * Reads queries from one UDP socket and writes their responses, a whole batch with one flush.
 * Belongs to the event loop of its socket.
 */
final class UdpListener extends ChannelInboundHandlerAdapter {
  /** Most responses are smaller; the buffer grows where one is not. */
  private static final int USUAL_RESPONSE = 512;

  private final QueryService service;
  private final QueryObserver observer;
  private boolean reading;
  private boolean flushScheduled;

  UdpListener(QueryService service, QueryObserver observer) {
    this.service = service;
    this.observer = observer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    reading = true;
    try {
      InetSocketAddress client = packet.sender();
      service.handle(packet.content(), Transport.UDP, client, new Client(context, client));
    } finally {
      packet.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    context.flush();
  }

  /** A client that is gone shows as a failed read; the socket lives on. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof java.io.IOException)) {
      org.slf4j.LoggerFactory.getLogger(UdpListener.class).error("reading a query threw", cause);
    }
  }

  private void flushAtTurnEnd(ChannelHandlerContext context) {
    if (!reading && !flushScheduled) {
      flushScheduled = true;
      context
          .executor()
          .execute(
              () -> {
                flushScheduled = false;
                context.flush();
              });
    }
  }

  private final class Client implements Responder {
    private final ChannelHandlerContext context;
    private final InetSocketAddress address;

    Client(ChannelHandlerContext context, InetSocketAddress address) {
      this.context = context;
      this.address = address;
    }

    @Override
    public ByteBuf newBuffer() {
      return context.alloc().directBuffer(USUAL_RESPONSE);
    }

    @Override
    public void respond(ByteBuf response) {
      if (address.getPort() == 0 || !context.channel().isWritable()) {
        response.release();
        observer.responseLost();
        return;
      }
      context.write(new DatagramPacket(response, address), context.voidPromise());
      flushAtTurnEnd(context);
    }
  }
}
