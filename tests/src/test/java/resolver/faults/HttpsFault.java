package resolver.faults;

/** What is wrong with the HTTP/2 of a DNS over HTTPS server (RFC 8484, RFC 9113). */
public enum HttpsFault {
  NONE,
  /** The connection ends within a DATA frame. */
  TRUNCATED_FRAME,
  /** GOAWAY, with no stream that was worked on, and the end of the connection. */
  GOAWAY,
  /** RST_STREAM with INTERNAL_ERROR. */
  RST_STREAM,
  /** RST_STREAM with REFUSED_STREAM: nothing was done (RFC 9113 section 8.7). */
  REFUSED_STREAM,
  /** 200, but text/html. */
  WRONG_CONTENT_TYPE,
  /** 200 with the right type, but a body that is no DNS message. */
  GARBAGE_BODY,
  /** 200 without a body. */
  EMPTY_BODY,
  /** Status 500. */
  STATUS_500,
  /** A body larger than a DNS message can be. */
  TOO_LARGE_BODY,
  /** A body that goes on for ever, some octets at a time. */
  ENDLESS_BODY,
  /** The request is never answered. */
  SILENT,
  /** No HTTP/2 is agreed on in the handshake. */
  NO_HTTP_2
}
