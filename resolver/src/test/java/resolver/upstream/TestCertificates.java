package resolver.upstream;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** An authority of a test's own, and the certificates that it issues. */
final class TestCertificates {
  private final Instant yesterday = Instant.now().minus(Duration.ofDays(1));
  private final Instant tomorrow = Instant.now().plus(Duration.ofDays(1));

  private final X509Bundle authority;

  TestCertificates() {
    authority =
        made(() -> builder("CN=Test Authority").setIsCertificateAuthority(true).buildSelfSigned());
  }

  private interface Making {
    X509Bundle make() throws Exception;
  }

  /** A file with the certificate of the authority. */
  Path file(Path directory) {
    try {
      return Files.writeString(directory.resolve("ca.pem"), authority.getCertificatePEM());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For a name and an address. */
  X509Bundle issue(String name, String address) {
    return issue(builder -> builder.addSanDnsName(name).addSanIpAddress(address));
  }

  /** For a name alone. */
  X509Bundle issue(String name) {
    return issue(builder -> builder.addSanDnsName(name));
  }

  /** Whose time was over an hour ago. */
  X509Bundle expired(String name) {
    return issue(
        builder -> builder.addSanDnsName(name).notAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  private X509Bundle issue(UnaryOperator<CertificateBuilder> what) {
    return made(
        () ->
            what.apply(builder("CN=server").addExtendedKeyUsageServerAuth())
                .buildIssuedBy(authority));
  }

  private CertificateBuilder builder(String subject) {
    return new CertificateBuilder()
        .ecp256()
        .subject(subject)
        .notBefore(yesterday)
        .notAfter(tomorrow);
  }

  private static X509Bundle made(Making making) {
    try {
      return making.make();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
