package resolver.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page that draws what {@code /status.json} tells. Its script and its style are within it, and
 * a browser runs no others, for the policy that goes with it names their hashes.
 */
final class StatusPage {
  private static final Page PAGE = load();

  private StatusPage() {}

  static Page page() {
    return PAGE;
  }

  private static Page load() {
    try (InputStream in = StatusPage.class.getResourceAsStream("status.html")) {
      if (in == null) {
        throw new IllegalStateException("status.html is not in the jar of this class");
      }
      String html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String policy =
          "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none';"
              + " form-action 'none'; frame-ancestors 'none'; script-src '"
              + hash(html, "script")
              + "'; style-src '"
              + hash(html, "style")
              + "'";
      byte[] body = html.getBytes(StandardCharsets.UTF_8);
      return Page.of(200, "text/html; charset=utf-8", body).with("content-security-policy", policy);
    } catch (IOException e) {
      throw new UncheckedIOException("status.html cannot be read", e);
    }
  }

  private static String hash(String html, String element) {
    int start = html.indexOf("<" + element + ">") + element.length() + 2;
    int end = html.indexOf("</" + element + ">", start);
    byte[] text = html.substring(start, end).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
