package resolver.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.InetAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection for queries when the TLS handshake has ended well, and else says in words what
 * was wrong. Stands behind the TLS handler of one connection.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
  private static final String NOT_OVER_TLS =
      "Is the port right? Behind a captive portal, log in there first. Nothing is asked in plain"
          + " text instead.";

  private final SslHandler tls;
  private final Server server;

  TlsGate(SslHandler tls, Server server) {
    this.tls = tls;
    this.server = server;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      context.fireUserEventTriggered(event);
      return;
    }
    StreamFailure failure = handshake.isSuccess() ? objection() : describe(handshake.cause());
    if (failure == null) {
      context.fireUserEventTriggered(Shield.READY);
    } else {
      context.fireExceptionCaught(failure);
    }
  }

  private @Nullable StreamFailure objection() {
    boolean http = server.protocol() == Server.Protocol.HTTPS;
    if (http && !ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
      return new StreamFailure(
          "it does not speak HTTP/2",
          "DNS over HTTPS needs that (RFC 8484 section 5.2). Is it the right server?");
    }
    InetAddress alsoFor = server.alsoFor();
    try {
      if (alsoFor != null
          && !(tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate own
              && CertificateWords.covers(own, alsoFor))) {
        return new StreamFailure(
            "its certificate is not for " + alsoFor.getHostAddress(),
            "It may not stand in for that server (RFC 9462 section 4.2).");
      }
    } catch (SSLPeerUnverifiedException e) {
      return new StreamFailure("it has no certificate", NOT_OVER_TLS);
    }
    return null;
  }

  /** What ended the handshake. */
  static StreamFailure describe(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Untrusted untrusted) {
        return untrusted.failure();
      }
    }
    if (thrown instanceof NotSslRecordException) {
      return new StreamFailure("it does not speak TLS there", NOT_OVER_TLS);
    }
    if (thrown instanceof SslHandshakeTimeoutException) {
      return new StreamFailure("the TLS handshake came to no end", Complaints.PORTAL);
    }
    if (thrown instanceof ClosedChannelException) {
      return new StreamFailure("it hung up during the TLS handshake", NOT_OVER_TLS);
    }
    return new StreamFailure("the TLS handshake failed: " + UdpPort.describe(thrown), NOT_OVER_TLS);
  }
}
