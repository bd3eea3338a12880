package resolver.upstream;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP response, as far as it matters for DNS (RFC 8484 section 4.2).
 *
 * @param isInterim whether another head follows it
 * @param objection why there is no DNS message behind it, or null
 * @param age for how long it has lain in caches of HTTP, in seconds
 */
record HttpHead(boolean isInterim, @Nullable String objection, long age) {
  /** The type of a body that is a DNS message. */
  static final AsciiString MESSAGE = AsciiString.cached("application/dns-message");

  private static final AsciiString TYPE = AsciiString.cached("content-type");
  private static final AsciiString AGE = AsciiString.cached("age");

  static HttpHead of(Http2Headers headers) {
    String status = String.valueOf(headers.status());
    return new HttpHead(status.startsWith("1"), objection(status, headers), age(headers));
  }

  private static @Nullable String objection(String status, Http2Headers headers) {
    if (!status.equals("200")) {
      return "HTTP status " + status + reason(status);
    }
    String type = String.valueOf(headers.get(TYPE));
    int semicolon = type.indexOf(';');
    String bare = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    return bare.toLowerCase(Locale.ROOT).equals(MESSAGE.toString())
        ? null
        : "the response is no DNS message but " + printable(type);
  }

  private static String reason(String status) {
    if (!status.matches("[1-9]\\d\\d")) {
      return "";
    }
    int code = Integer.parseInt(status);
    String redirected = code / 100 == 3 ? " (redirections are not followed)" : "";
    return " " + HttpResponseStatus.valueOf(code).reasonPhrase() + redirected;
  }

  private static String printable(String text) {
    String cut = text.length() > 40 ? text.substring(0, 40) : text;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static long age(Http2Headers headers) {
    CharSequence age = headers.get(AGE);
    return age != null && age.toString().matches("\\d{1,10}") ? Long.parseLong(age.toString()) : 0;
  }
}
