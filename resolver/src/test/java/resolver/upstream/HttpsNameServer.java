package resolver.upstream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import resolver.net.Sockets;

/** A name server that speaks DNS over HTTP/2 on a port of 127.0.0.1, as a test wants it. */
final class HttpsNameServer implements AutoCloseable {
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Request> received = new CopyOnWriteArrayList<>();
  private final List<Long> resets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final EventLoopGroup loops = Sockets.NIO.newLoops(1, "https-name-server");
  private final Channel listener;
  private volatile Runnable onReset = () -> {};
  private volatile Consumer<Request> script =
      request -> request.reply(RawNameServer.answer(request.query()));

  private HttpsNameServer(SslContext tls, Http2Settings settings) {
    listener =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(Sockets.NIO::newListener)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.incrementAndGet();
                    channels.add(channel);
                    channel
                        .pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(
                            Http2FrameCodecBuilder.forServer().initialSettings(settings).build())
                        .addLast(new Reader());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  static HttpsNameServer start(X509Bundle certificate) {
    return start(certificate, Http2Settings.defaultSettings(), "h2");
  }

  static HttpsNameServer start(X509Bundle certificate, Http2Settings settings, String protocol) {
    try {
      return new HttpsNameServer(
          SslContextBuilder.forServer(
                  certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
              .sslProvider(SslProvider.JDK)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      protocol))
              .build(),
          settings);
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  /** One request that is whole. */
  static final class Request {
    private final ChannelHandlerContext context;
    private final Http2FrameStream stream;
    private final Http2Headers headers;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Request(ChannelHandlerContext context, Http2FrameStream stream, Http2Headers headers) {
      this.context = context;
      this.stream = stream;
      this.headers = headers;
    }

    Http2Headers headers() {
      return headers;
    }

    /** The message that it carries. */
    byte[] query() {
      String path = headers.path().toString();
      int parameter = path.indexOf("?dns=");
      return parameter < 0
          ? body.toByteArray()
          : Base64.getUrlDecoder().decode(path.substring(parameter + 5));
    }

    /** Replies as a server should. */
    void reply(byte[] message) {
      reply(message, headers -> {});
    }

    void reply(byte[] message, Consumer<Http2Headers> more) {
      Http2Headers head =
          new DefaultHttp2Headers()
              .status("200")
              .set("content-type", "application/dns-message")
              .setInt("content-length", message.length);
      more.accept(head);
      context.write(new DefaultHttp2HeadersFrame(head, false).stream(stream));
      context.writeAndFlush(
          new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(message), true).stream(stream));
    }

    /** Replies with a body that does not end with this. */
    void replyWithoutEnd(byte[] octets) {
      Http2Headers head =
          new DefaultHttp2Headers().status("200").set("content-type", "application/dns-message");
      context.write(new DefaultHttp2HeadersFrame(head, false).stream(stream));
      context.writeAndFlush(
          new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(octets), false).stream(stream));
    }

    void status(String status) {
      context.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(status), true)
              .stream(stream));
    }

    void reset(Http2Error error) {
      context.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    /** Says that the connection ends, and that no request after the given one was looked at. */
    void goAway(Request last) {
      ChannelHandlerContext codec = context.pipeline().context(Http2FrameCodec.class);
      ((Http2FrameCodec) codec.handler())
          .encoder()
          .frameWriter()
          .writeGoAway(
              codec,
              last.stream.id(),
              Http2Error.NO_ERROR.code(),
              Unpooled.EMPTY_BUFFER,
              codec.newPromise());
      codec.flush();
    }

    void hangUp() {
      context.close();
    }
  }

  private final class Reader extends ChannelInboundHandlerAdapter {
    private final Map<Http2FrameStream, Request> open = new HashMap<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      try {
        if (frame instanceof Http2HeadersFrame head) {
          Request request = new Request(context, head.stream(), head.headers());
          open.put(head.stream(), request);
          whole(request, head.isEndStream());
        } else if (frame instanceof Http2DataFrame data) {
          Request request = Objects.requireNonNull(open.get(data.stream()));
          ByteBuf content = data.content();
          request.body.writeBytes(ByteBufUtil.getBytes(content));
          whole(request, data.isEndStream());
        } else if (frame instanceof Http2ResetFrame reset) {
          resets.add(reset.errorCode());
          onReset.run();
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private void whole(Request request, boolean end) {
      if (end) {
        received.add(request);
        script.accept(request);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** What is done with each request from now on. */
  void on(Consumer<Request> next) {
    script = next;
  }

  /** What is done when the client resets a stream. */
  void onReset(Runnable next) {
    onReset = next;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  int connections() {
    return connections.get();
  }

  List<Request> received() {
    return received;
  }

  /** The codes of the streams that the client has reset. */
  List<Long> resets() {
    return resets;
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly(2000);
    channels.close().awaitUninterruptibly(2000);
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
  }
}
