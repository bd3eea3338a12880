package resolver.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is given to a request.
 *
 * @param status of HTTP
 * @param headers beside those that all responses have
 * @param body all of it; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, written once, compared never.
record Page(int status, String type, Map<String, String> headers, byte[] body) {
  static final String PLAIN = "text/plain; charset=utf-8";

  static Page of(int status, String type, byte[] body) {
    return new Page(status, type, Map.of(), body);
  }

  /** One line for people. */
  static Page line(int status, String line) {
    return of(status, PLAIN, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  Page with(String header, String value) {
    return new Page(status, type, Map.of(header, value), body);
  }
}
