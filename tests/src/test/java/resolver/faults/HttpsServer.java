package resolver.faults;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * A DNS over HTTPS server (RFC 8484) whose HTTP/2 or TLS may be wrong. It answers every question
 * for A with 192.0.2.1, at the path {@code /dns-query}, to POST and GET.
 *
 * <pre>{@code
 * try (HttpsServer server = HttpsServer.start(HttpsFault.GOAWAY)) {
 *   ... "https://127.0.0.1:" + server.address().getPort() + HttpsServer.PATH, server.caFile() ...
 *   server.set(HttpsFault.NONE);
 * }
 * }</pre>
 *
 * <p>Any thread may call.
 */
public final class HttpsServer implements AutoCloseable {
  /** The name that clients are to expect in the certificate; it is for 127.0.0.1, too. */
  public static final String NAME = Identity.NAME;

  /** Where queries go; elsewhere is 404. */
  public static final String PATH = "/dns-query";

  private final TlsEndpoint endpoint;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile HttpsFault fault;

  private HttpsServer(TlsFault tlsFault, HttpsFault fault) {
    this.fault = fault;
    Identity identity = Identity.with(tlsFault);
    try {
      boolean old = fault == HttpsFault.NO_HTTP_2;
      SslContext context =
          identity
              .server()
              .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      old ? ApplicationProtocolNames.HTTP_1_1 : ApplicationProtocolNames.HTTP_2))
              .build();
      endpoint = new TlsEndpoint(tlsFault, identity, context, old ? this::nothing : this::http2);
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts one on a free port of 127.0.0.1 whose TLS is well. */
  public static HttpsServer start(HttpsFault fault) {
    return new HttpsServer(TlsFault.NONE, fault);
  }

  /** Starts one on a free port of 127.0.0.1 whose HTTP/2 is well. */
  public static HttpsServer start(TlsFault fault) {
    return new HttpsServer(fault, HttpsFault.NONE);
  }

  /** Lets requests from now on meet this fault; not from or to {@link HttpsFault#NO_HTTP_2}. */
  public void set(HttpsFault next) {
    if ((fault == HttpsFault.NO_HTTP_2) != (next == HttpsFault.NO_HTTP_2)) {
      throw new IllegalArgumentException(
          next + " (expected: a fault of HTTP/2, for what is spoken is agreed on at the start)");
    }
    fault = next;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return endpoint.address();
  }

  /** The certificate, in PEM, of the authority that clients are to trust. */
  public Path caFile() {
    return endpoint.caFile();
  }

  /** The SHA-256 of the server's public key in Base64, for clients that pin it. */
  public String pin() {
    return endpoint.pin();
  }

  /** How many connections were accepted. */
  public int connections() {
    return endpoint.accepted();
  }

  /** How many requests came, answered or not. */
  public int requests() {
    return requests.get();
  }

  /** Closes every connection, as a server does with idle ones. */
  public void hangUp() {
    endpoint.hangUp();
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private void http2(Channel channel) {
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer().build(),
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new HttpsStream(HttpsServer.this::begin));
                  }
                }),
            new Ending());
  }

  /** Whoever speaks something else all the same is hung up on. */
  private void nothing(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new SimpleChannelInboundHandler<ByteBuf>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, ByteBuf octets) {
                context.close();
              }
            },
            new Ending());
  }

  private HttpsFault begin() {
    requests.incrementAndGet();
    return fault;
  }

  private static final class Ending extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The client does not like our certificate, or has gone.
      context.close();
    }
  }
}
