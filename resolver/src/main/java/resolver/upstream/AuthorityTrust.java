package resolver.upstream;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts servers whose certificates an authority vouches for, and which are for the name or address
 * that was meant. Says in words what is wrong with others. Any thread may call.
 */
final class AuthorityTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager java;
  private final Supplier<Instant> now;

  /**
   * Trust in authorities.
   *
   * @param java what Java checks certificates with
   * @param now the wall clock, for the words alone
   */
  AuthorityTrust(X509ExtendedTrustManager java, Supplier<Instant> now) {
    this.java = java;
    this.now = now;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      java.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw explain(chain, authType, String.valueOf(engine.getPeerHost()), e);
    }
  }

  private Untrusted explain(
      X509Certificate[] chain, String authType, String expected, CertificateException refusal) {
    Untrusted untrusted = CertificateWords.outOfTime(chain, now.get());
    if (untrusted == null) {
      untrusted =
          isVouchedFor(chain, authType)
              ? CertificateWords.wrongName(chain[0], expected)
              : CertificateWords.unknownIssuer(chain);
    }
    untrusted.initCause(refusal);
    return untrusted;
  }

  private boolean isVouchedFor(X509Certificate[] chain, String authType) {
    try {
      java.checkServerTrusted(chain, authType);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("nothing but engines is used");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("nothing but engines is used");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("there are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("there are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("there are no clients here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return java.getAcceptedIssuers();
  }
}
