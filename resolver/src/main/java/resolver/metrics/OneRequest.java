package resolver.metrics;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/**
 * A connection's only request and its response: nobody keeps a connection, and nothing queues up in
 * one. What comes behind the request is read and dropped until the client hangs up, for closing
 * before that could cost it the response. Belongs to one event loop.
 */
final class OneRequest extends ChannelInboundHandlerAdapter {
  private final Reception reception;
  private boolean taken;
  private boolean told;
  private boolean clientIsDone;

  OneRequest(Reception reception) {
    this.reception = reception;
  }

  /** Whether the head of the request has come. */
  boolean isTaken() {
    return taken;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (!taken && message instanceof HttpRequest request) {
        taken = true;
        respond(context, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void respond(ChannelHandlerContext context, HttpRequest request) {
    Page page = reception.answer(request);
    boolean bodiless = request.method().equals(HttpMethod.HEAD);
    ByteBuf body = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(page.body());
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(page.status()), body);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, page.type());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
    headers.set(HttpHeaderNames.CONNECTION, "close");
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-resource-policy", "same-origin");
    page.headers().forEach(headers::set);
    context
        .writeAndFlush(response)
        .addListener(
            written -> {
              told = true;
              if (clientIsDone || !written.isSuccess()) {
                context.close();
              } else if (context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
              }
            });
  }

  /** The client sends no more; it may still wait for its response. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      clientIsDone = true;
      if (told || !taken) {
        context.close();
      }
    }
  }

  /** A broken connection is the client's affair. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
