package resolver.upstream;

import java.security.cert.CertificateException;

/** A server has not proven who it is. Says so for people, and what can be done about it. */
final class Untrusted extends CertificateException {
  private static final long serialVersionUID = 1;

  private final String wayOut;

  Untrusted(String why, String wayOut) {
    super(why);
    this.wayOut = wayOut;
  }

  StreamFailure failure() {
    return new StreamFailure(String.valueOf(getMessage()), wayOut);
  }
}
