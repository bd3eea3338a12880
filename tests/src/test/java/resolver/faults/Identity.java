package resolver.faults;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * The certificate of a test server, and the authority that clients are told to trust.
 *
 * @param bundle the certificate with its key
 * @param caFile the authority's certificate, PEM
 */
record Identity(X509Bundle bundle, Path caFile) {
  /** The name in every certificate but the one for another name. */
  static final String NAME = "dns.example";

  private static final String OTHER_NAME = "other.example";
  private static final Duration DAY = Duration.ofDays(1);

  /** Makes one for {@link #NAME} and 127.0.0.1 that has this fault. */
  static Identity with(TlsFault fault) {
    try {
      X509Bundle authority = authority("Trusted CA");
      X509Bundle issuer = fault == TlsFault.UNKNOWN_CA ? authority("Unknown CA") : authority;
      CertificateBuilder builder = certificate(fault);
      X509Bundle bundle =
          fault == TlsFault.SELF_SIGNED
              ? builder.setIsCertificateAuthority(true).buildSelfSigned()
              : builder.buildIssuedBy(issuer);
      return new Identity(bundle, file(authority));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate can be made", e);
    }
  }

  private static X509Bundle authority(String name) throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=" + name)
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static CertificateBuilder certificate(TlsFault fault) {
    String name = fault == TlsFault.WRONG_NAME ? OTHER_NAME : NAME;
    Instant now = Instant.now();
    boolean early = fault == TlsFault.NOT_YET_VALID;
    CertificateBuilder builder =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=" + name)
            .addSanDnsName(name)
            .addExtendedKeyUsageServerAuth()
            .notBefore(early ? now.plus(DAY) : now.minus(DAY.multipliedBy(9)))
            .notAfter(fault == TlsFault.EXPIRED ? now.minus(DAY) : now.plus(DAY.multipliedBy(9)));
    if (fault != TlsFault.WRONG_NAME) {
      builder.addSanIpAddress(InetAddress.getLoopbackAddress());
    }
    return builder;
  }

  private static Path file(X509Bundle authority) throws IOException {
    Path file = Files.createTempFile("authority-", ".pem");
    file.toFile().deleteOnExit();
    return Files.writeString(file, authority.getRootCertificatePEM());
  }

  /** What a TLS server with this identity is built from. */
  SslContextBuilder server() {
    return SslContextBuilder.forServer(
            bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
        .sslProvider(SslProvider.JDK);
  }

  /** The SHA-256 of its public key, in Base64 (RFC 7858 section 4.2). */
  String pin() {
    try {
      X509Certificate certificate = bundle.getCertificate();
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void forget() {
    try {
      Files.deleteIfExists(caFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
