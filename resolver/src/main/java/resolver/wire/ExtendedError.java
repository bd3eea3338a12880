package resolver.wire;

import java.nio.charset.StandardCharsets;

/**
 * An extended DNS error (RFC 8914): why an answer is what it is.
 *
 * @param code its number in IANA's registry, 0 to 65535
 * @param text a short note for people, at most {@value #MAX_TEXT} characters are kept; may be empty
 */
public record ExtendedError(int code, String text) {
  /** EDE 0: see the text. */
  public static final int OTHER = 0;

  /** EDE 13: the failure is remembered from an earlier try. */
  public static final int CACHED_ERROR = 13;

  /** The answer is past its TTL (RFC 8914 section 4.4). */
  public static final int STALE_ANSWER = 3;

  /** That there is no such name was learned too long ago (RFC 8914 section 4.20). */
  public static final int STALE_NXDOMAIN = 19;

  /** EDE 14: the server is not ready, for example because it stops. */
  public static final int NOT_READY = 14;

  /** EDE 15: whoever runs this server has blocked the name. */
  public static final int BLOCKED = 15;

  /** EDE 17: filtered out for the good of the client. */
  public static final int FILTERED = 17;

  /** EDE 18: the client may not ask this. */
  public static final int PROHIBITED = 18;

  /** EDE 20: the server does not answer this kind of question with authority or from its cache. */
  public static final int NOT_AUTHORITATIVE = 20;

  /** EDE 21: this is not supported. */
  public static final int NOT_SUPPORTED = 21;

  /** EDE 22: no server that was asked has answered. */
  public static final int NO_REACHABLE_AUTHORITY = 22;

  /** EDE 23: a server could not be reached, or answered with an error. */
  public static final int NETWORK_ERROR = 23;

  /** EDE 24: the data of the question could not be handled. */
  public static final int INVALID_DATA = 24;

  /** What one may take on the wire at most, option header included, in octets. */
  public static final int MAX_OCTETS = 6 + 4 * 120;

  static final int MAX_TEXT = 120;

  /** Shortens the text. */
  public ExtendedError {
    if (code < 0 || code > 0xffff) {
      throw new IllegalArgumentException("code: " + code + " (expected: 0 to 65535)");
    }
    text = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  /**
   * Whether a server's failure for this reason may be over a moment later: it was not ready, or has
   * not said why. What is wrong with the data or forbidden stays so; and whom it could not reach it
   * remembers for a second at least (RFC 9520 section 3.2).
   */
  public boolean mayPass() {
    return code == OTHER || code == NOT_READY;
  }

  /** The text as it goes on the wire (RFC 8914 section 2: UTF-8, no terminating zero). */
  public byte[] textOctets() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
