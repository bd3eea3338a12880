package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import java.util.Base64;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;

/**
 * Messages as bodies of HTTP/2 requests and responses (RFC 8484), a stream for each: the keys are
 * stream numbers. Message IDs are zero, so that caches on the way see equal requests as equal.
 *
 * <p>What is received counts as read at once, for a response is no larger than a message can be,
 * and there are few streams.
 */
final class HttpCarrier extends Http2FrameAdapter implements Carrier {
  /** Fewer where the server says so. */
  private static final int MOST_STREAMS = 100;

  /** Numbers of streams are used once (RFC 9113 section 5.1.1); then a new connection follows. */
  private static final int LAST_STREAMS = Integer.MAX_VALUE - 10_000;

  private static final int MOST_HEADER_OCTETS = 16 << 10;
  private static final AsciiString POST = AsciiString.cached("POST");
  private static final AsciiString GET = AsciiString.cached("GET");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString ACCEPT = AsciiString.cached("accept");
  private static final AsciiString TYPE = AsciiString.cached("content-type");
  private static final AsciiString LENGTH = AsciiString.cached("content-length");

  private final IntObjectHashMap<Response> responses = new IntObjectHashMap<>();
  private final AsciiString authority;
  private final AsciiString path;
  private final boolean get;
  private final Http2ConnectionHandler handler;
  private @Nullable Desk desk;
  private @Nullable Channel channel;

  /** What has come of a response. */
  private static final class Response {
    final ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer(512, Sockets.MAX_MESSAGE);
    boolean headed;
    long age;
  }

  HttpCarrier(Server server) {
    authority = AsciiString.of(authority(server));
    get = server.path().endsWith(ServerWords.GET);
    path =
        AsciiString.of(
            get
                ? server.path().substring(0, server.path().length() - ServerWords.GET.length())
                : server.path());
    handler =
        new Http2ConnectionHandlerBuilder()
            .server(false)
            .frameListener(this)
            .gracefulShutdownTimeoutMillis(0)
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .maxHeaderListSize(MOST_HEADER_OCTETS))
            .build();
    handler
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(Http2Stream stream) {
                failLater(stream.id(), "the HTTP/2 stream was closed early", false);
              }
            });
  }

  private static String authority(Server server) {
    String host = server.identity();
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    int port = server.address().getPort();
    return port == Server.Protocol.HTTPS.port() ? bracketed : bracketed + ":" + port;
  }

  @Override
  public void install(Channel on, String before, Desk to) {
    desk = to;
    channel = on;
    on.pipeline().addBefore(before, null, handler);
  }

  @Override
  public int room() {
    return Math.min(MOST_STREAMS, handler.connection().local().maxActiveStreams());
  }

  @Override
  public int send(Channel on, Exchange exchange, IntPredicate taken) {
    ByteBuf query = PooledByteBufAllocator.DEFAULT.directBuffer(exchange.length() + Padding.MOST);
    exchange.writeQuery(query, (char) 0);
    Padding.pad(query, 0, false);
    int stream = handler.connection().local().incrementAndGetNextStreamId();
    responses.put(stream, new Response());
    Desk to = desk;
    if (stream > LAST_STREAMS && to != null) {
      on.eventLoop().execute(to::retire);
    }
    ChannelHandlerContext context = on.pipeline().context(handler);
    Http2ConnectionEncoder encoder = handler.encoder();
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method(get ? GET : POST)
            .scheme(HTTPS)
            .authority(authority)
            .path(get ? pathFor(query) : path)
            .set(ACCEPT, HttpHead.MESSAGE);
    if (get) {
      query.release();
      watch(encoder.writeHeaders(context, stream, headers, 0, true, context.newPromise()), stream);
      return stream;
    }
    headers.set(TYPE, HttpHead.MESSAGE).setInt(LENGTH, query.readableBytes());
    watch(encoder.writeHeaders(context, stream, headers, 0, false, context.newPromise()), stream);
    watch(encoder.writeData(context, stream, query, 0, true, context.newPromise()), stream);
    return stream;
  }

  private AsciiString pathFor(ByteBuf query) {
    String text =
        Base64.getUrlEncoder().withoutPadding().encodeToString(ByteBufUtil.getBytes(query));
    return AsciiString.of(path + "?dns=" + text);
  }

  private void watch(ChannelFuture written, int stream) {
    written.addListener(
        done -> {
          if (!done.isSuccess()) {
            boolean unseen =
                done.cause() instanceof Http2Exception e && e.error() == Http2Error.REFUSED_STREAM;
            failLater(stream, UdpPort.describe(done.cause()), unseen);
          }
        });
  }

  /** In a later turn: the desk may not have heard of the stream yet. */
  private void failLater(int stream, String why, boolean unseen) {
    if (channel != null && responses.containsKey(stream)) {
      channel.eventLoop().execute(() -> fail(stream, why, unseen));
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(context, stream, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
    Response response = responses.get(stream);
    if (response == null) {
      return;
    }
    if (!response.headed) {
      HttpHead head = HttpHead.of(headers);
      if (head.isInterim() && !end) {
        return;
      }
      if (head.objection() != null) {
        refuse(context, stream, head.objection());
        return;
      }
      response.headed = true;
      response.age = head.age();
    }
    if (end) {
      finish(stream, response);
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
    int octets = data.readableBytes() + padding;
    Response response = responses.get(stream);
    if (response == null) {
      return octets;
    }
    if (response.body.readableBytes() + data.readableBytes() > Sockets.MAX_MESSAGE) {
      refuse(context, stream, "the response is longer than a DNS message can be");
    } else {
      response.body.writeBytes(data);
      if (end) {
        finish(stream, response);
      }
    }
    return octets;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
    Http2Error error = Http2Error.valueOf(code);
    String name = error == null ? Long.toString(code) : error.name();
    fail(stream, "the server reset the HTTP/2 stream: " + name, error == Http2Error.REFUSED_STREAM);
  }

  /** Streams above the last one were not looked at (RFC 9113 section 6.8). */
  @Override
  public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debug) {
    Desk to = desk;
    if (to == null) {
      return;
    }
    to.retire();
    for (int stream : responses.keySet().toArray(Integer[]::new)) {
      if (stream > last) {
        fail(stream, "the server turned the query away", true);
      }
    }
  }

  private void finish(int stream, Response response) {
    responses.remove(stream);
    try {
      MessageScan.age(response.body, response.age);
      Desk to = desk;
      if (to != null && !to.received(stream, response.body)) {
        to.failed(stream, "the response does not belong to the query", false);
      }
    } finally {
      response.body.release();
    }
  }

  private void refuse(ChannelHandlerContext context, int stream, String why) {
    handler.resetStream(context, stream, Http2Error.CANCEL.code(), context.newPromise());
    context.flush();
    fail(stream, why, false);
  }

  private void fail(int stream, String why, boolean unseen) {
    Response response = responses.remove(stream);
    if (response != null) {
      response.body.release();
      if (desk != null) {
        desk.failed(stream, why, unseen);
      }
    }
  }

  @Override
  public void forget(int stream) {
    Response response = responses.remove(stream);
    if (response == null) {
      return;
    }
    response.body.release();
    ChannelHandlerContext context = channel == null ? null : channel.pipeline().context(handler);
    if (context != null) {
      handler.resetStream(context, stream, Http2Error.CANCEL.code(), context.newPromise());
      context.flush();
    }
  }

  @Override
  public void close() {
    List<Response> left = List.copyOf(responses.values());
    responses.clear();
    left.forEach(response -> response.body.release());
  }
}
