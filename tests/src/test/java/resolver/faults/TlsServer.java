package resolver.faults;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * A DNS over TLS server (RFC 7858) whose TLS may be wrong. It answers every question for A with
 * 192.0.2.1. For connections that are cut, reset or silent put a {@link FaultProxy} before it.
 *
 * <pre>{@code
 * try (TlsServer server = TlsServer.start(TlsFault.EXPIRED)) {
 *   ... "tls://127.0.0.1:" + server.address().getPort() + "#" + TlsServer.NAME, server.caFile() ...
 * }
 * }</pre>
 *
 * <p>Any thread may call.
 */
public final class TlsServer implements AutoCloseable {
  /** The name that clients are to expect in the certificate; it is for 127.0.0.1, too. */
  public static final String NAME = Identity.NAME;

  private static final int LARGEST = 65_535;

  private final TlsEndpoint endpoint;
  private final AtomicInteger queries = new AtomicInteger();

  private TlsServer(TlsFault fault) {
    Identity identity = Identity.with(fault);
    try {
      endpoint =
          new TlsEndpoint(
              fault,
              identity,
              identity.server().build(),
              channel ->
                  channel
                      .pipeline()
                      .addLast(
                          new LengthFieldBasedFrameDecoder(LARGEST + 2, 0, 2, 0, 2),
                          new LengthFieldPrepender(2),
                          new Answering()));
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts one on a free port of 127.0.0.1. */
  public static TlsServer start(TlsFault fault) {
    return new TlsServer(fault);
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

  /** How many queries were answered. */
  public int queries() {
    return queries.get();
  }

  /** Closes every connection, as a server does with idle ones. */
  public void hangUp() {
    endpoint.hangUp();
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private final class Answering extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      byte[] query = ByteBufUtil.getBytes(message);
      if (Packet.isMessage(query)) {
        queries.incrementAndGet();
        context.writeAndFlush(Unpooled.wrappedBuffer(Packet.answer(query)));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The client does not like our certificate, or has gone.
      context.close();
    }
  }
}
