package resolver.server;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import resolver.net.LastHandler;
import resolver.query.QueryObserver;
import resolver.query.Transport;

/**
 * Reads queries from one UDP socket and writes their responses, a whole batch with one flush.
 * Belongs to the event loop of its socket.
 */
final class UdpListener extends LastHandler {
  /** Most responses are smaller; the buffer grows where one is not. */
  private static final int USUAL_RESPONSE = 512;

  private final QueryService service;
  private final QueryObserver observer;
  private final Client reader = new Client();
  private boolean reading;
  private boolean flushScheduled;

  UdpListener(QueryService service, QueryObserver observer) {
    this.service = service;
    this.observer = observer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    if (!reading) {
      reading = true;
      service.startTurn();
    }
    try {
      InetSocketAddress client = packet.sender();
      reader.set(context, client);
      service.handle(packet.content(), Transport.UDP, client, reader);
    } finally {
      packet.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    service.endTurn();
    context.flush();
  }

  /** A client that is gone shows as a failed read; the socket lives on. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      service.faults().report("reading a query", cause);
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

  /** The way back to one client; that of the reader goes to another one with each packet. */
  private final class Client implements Responder {
    private @Nullable ChannelHandlerContext context;
    private @Nullable InetSocketAddress address;

    void set(ChannelHandlerContext context, InetSocketAddress address) {
      this.context = context;
      this.address = address;
    }

    @Override
    public Responder lasting() {
      Client own = new Client();
      own.context = context;
      own.address = address;
      return own;
    }

    @Override
    public ByteBuf newBuffer() {
      return requireNonNull(context).alloc().directBuffer(USUAL_RESPONSE);
    }

    @Override
    public void respond(ByteBuf response) {
      ChannelHandlerContext here = requireNonNull(context);
      InetSocketAddress there = requireNonNull(address);
      if (there.getPort() == 0 || !here.channel().isWritable()) {
        response.release();
        observer.responseLost();
        return;
      }
      here.write(new DatagramPacket(response, there), here.voidPromise());
      flushAtTurnEnd(here);
    }
  }
}
