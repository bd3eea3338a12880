package resolver.upstream;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a server's certificate says, and what is wrong with it, in words for people. */
final class CertificateWords {
  /** Kinds of alternative names (RFC 5280 section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  /** So many names are told; some certificates have hundreds. */
  private static final int MOST_NAMES = 3;

  private static final String STRANGER =
      "Somebody may answer in its place, such as a captive portal. Nothing is asked in plain text"
          + " instead.";

  private CertificateWords() {}

  /** The SHA-256 hash of a public key in Base64 (RFC 7469 section 2.4). */
  static String pin(X509Certificate certificate) {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Whether a certificate is for an address. */
  static boolean covers(X509Certificate certificate, InetAddress address) {
    return names(certificate, IP_ADDRESS).stream()
        .map(NetUtil::createByteArrayFromIpAddressString)
        .anyMatch(octets -> Arrays.equals(octets, address.getAddress()));
  }

  /** The first certificate of a chain that is out of its time is what is wrong; null for none. */
  static @Nullable Untrusted outOfTime(X509Certificate[] chain, Instant now) {
    for (X509Certificate each : chain) {
      String whose =
          each.equals(chain[0])
              ? "its certificate"
              : "the certificate of " + name(each.getSubjectX500Principal());
      if (each.getNotAfter().toInstant().isBefore(now)) {
        return new Untrusted(
            whose + " expired on " + day(each.getNotAfter()),
            "Its keeper has to renew it, unless this machine's clock is wrong: it says "
                + day(Date.from(now))
                + '.');
      }
      if (each.getNotBefore().toInstant().isAfter(now)) {
        return new Untrusted(
            whose + " is not valid before " + day(each.getNotBefore()),
            "This machine's clock may be wrong: it says " + day(Date.from(now)) + '.');
      }
    }
    return null;
  }

  static Untrusted unknownIssuer(X509Certificate[] chain) {
    X500Principal issuer = chain[chain.length - 1].getIssuerX500Principal();
    return new Untrusted(
        "its certificate is vouched for by " + name(issuer) + ", an authority not known here",
        "If that is your own, name the file with its certificate in upstream.tls-ca; or name the"
            + " hash of the server's key: ?pin-sha256=. "
            + STRANGER);
  }

  static Untrusted wrongName(X509Certificate certificate, String expected) {
    List<String> all = new ArrayList<>(names(certificate, DNS_NAME));
    all.addAll(names(certificate, IP_ADDRESS));
    String some = String.join(", ", all.subList(0, Math.min(MOST_NAMES, all.size())));
    String rest = all.size() > MOST_NAMES ? " and " + (all.size() - MOST_NAMES) + " more" : "";
    return new Untrusted(
        "its certificate is not for "
            + expected
            + " but for "
            + (all.isEmpty() ? "nobody" : some + rest),
        "If one of these is right, name it behind the # of the server. " + STRANGER);
  }

  static Untrusted wrongKey(X509Certificate certificate) {
    return new Untrusted(
        "its key has none of the hashes set",
        "Its own is "
            + pin(certificate)
            + ": ask its keeper whether that is right, and then set it as pin-sha256=. "
            + STRANGER);
  }

  private static List<String> names(X509Certificate certificate, int kind) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> each : all) {
          if (Integer.valueOf(kind).equals(each.get(0)) && each.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return names;
  }

  private static String name(X500Principal principal) {
    return '"' + principal.getName() + '"';
  }

  private static LocalDate day(Date date) {
    return LocalDate.ofInstant(date.toInstant(), ZoneOffset.UTC);
  }
}
