package resolver.faults;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One request for DNS over HTTPS, and the answer or what comes instead of it. */
final class HttpsStream extends SimpleChannelInboundHandler<Http2StreamFrame> {
  private static final String DNS = "application/dns-message";
  private static final String GET = HttpsServer.PATH + "?dns=";
  private static final int LARGEST = 65_535;
  private static final int TOO_LARGE = 100_000;
  private static final long DRIP_MILLIS = 10;
  private static final int DRIP_OCTETS = 100;

  private final Supplier<HttpsFault> begin;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private String path = "";

  /**
   * A stream.
   *
   * @param begin counts the request, and tells what happens to it
   */
  HttpsStream(Supplier<HttpsFault> begin) {
    this.begin = begin;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
    if (frame instanceof Http2HeadersFrame headers) {
      path = headers.headers().path() == null ? "" : headers.headers().path().toString();
      if (headers.isEndStream()) {
        answer(context);
      }
    } else if (frame instanceof Http2DataFrame data) {
      body.writeBytes(ByteBufUtil.getBytes(data.content()));
      if (body.size() > LARGEST) {
        context.close();
      } else if (data.isEndStream()) {
        answer(context);
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The client has reset the stream, or is gone.
    context.close();
  }

  private void answer(ChannelHandlerContext context) {
    HttpsFault fault = begin.get();
    byte[] query = query();
    if (!Packet.isMessage(query)) {
      respond(context, "400", DNS, new byte[0]);
      return;
    }
    byte[] answer = Packet.answer(query);
    switch (fault) {
      case NONE, NO_HTTP_2 -> respond(context, "200", DNS, answer);
      case WRONG_CONTENT_TYPE -> respond(context, "200", "text/html", answer);
      case GARBAGE_BODY -> respond(context, "200", DNS, new byte[] {1, 2, 3});
      case EMPTY_BODY -> respond(context, "200", DNS, new byte[0]);
      case STATUS_500 -> respond(context, "500", DNS, answer);
      case TOO_LARGE_BODY -> respond(context, "200", DNS, new byte[TOO_LARGE]);
      case RST_STREAM -> reset(context, Http2Error.INTERNAL_ERROR);
      case REFUSED_STREAM -> reset(context, Http2Error.REFUSED_STREAM);
      case ENDLESS_BODY -> {
        begin(context, "200", DNS, false);
        drip(context);
      }
      case TRUNCATED_FRAME -> {
        begin(context, "200", DNS, false);
        endConnection(context, truncatedFrame(context));
      }
      case GOAWAY -> endConnection(context, goAway());
      case SILENT -> {}
    }
  }

  private byte[] query() {
    if (path.startsWith(GET)) {
      return Base64.getUrlDecoder()
          .decode(path.substring(GET.length()).getBytes(StandardCharsets.US_ASCII));
    }
    return path.equals(HttpsServer.PATH) ? body.toByteArray() : new byte[0];
  }

  private static void respond(
      ChannelHandlerContext context, String status, String type, byte[] body) {
    begin(context, status, type, body.length == 0);
    if (body.length > 0) {
      context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    }
  }

  private static void begin(
      ChannelHandlerContext context, String status, String type, boolean end) {
    context.writeAndFlush(
        new DefaultHttp2HeadersFrame(
            new DefaultHttp2Headers().status(status).add("content-type", type), end));
  }

  private static void reset(ChannelHandlerContext context, Http2Error error) {
    context.writeAndFlush(new DefaultHttp2ResetFrame(error));
  }

  private static void drip(ChannelHandlerContext context) {
    if (context.channel().isActive()) {
      if (context.channel().isWritable()) {
        context.writeAndFlush(
            new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[DRIP_OCTETS])));
      }
      context.executor().schedule(() -> drip(context), DRIP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The header of a frame of 100 octets, and 10 of them (RFC 9113 section 4.1). */
  private static ByteBuf truncatedFrame(ChannelHandlerContext context) {
    int stream = ((Http2StreamChannel) context.channel()).stream().id();
    return Unpooled.buffer()
        .writeMedium(100)
        .writeByte(Http2FrameTypes.DATA)
        .writeByte(0)
        .writeInt(stream)
        .writeZero(10);
  }

  /** No stream was worked on, and there is no error (RFC 9113 section 6.8). */
  private static ByteBuf goAway() {
    return Unpooled.buffer()
        .writeMedium(8)
        .writeByte(Http2FrameTypes.GO_AWAY)
        .writeByte(0)
        .writeInt(0)
        .writeInt(0)
        .writeInt((int) Http2Error.NO_ERROR.code());
  }

  /** Sends octets beside the codec, which would send nothing that is wrong, and closes. */
  private static void endConnection(ChannelHandlerContext context, ByteBuf octets) {
    Channel connection = context.channel().parent();
    ChannelHandlerContext codec = connection.pipeline().context(Http2FrameCodec.class);
    codec.writeAndFlush(octets).addListener(done -> codec.close());
  }
}
