package resolver.faults;

/** What is wrong with a server's TLS. */
public enum TlsFault {
  NONE,
  /** The certificate is for another name, and for no address. */
  WRONG_NAME,
  /** The certificate was valid until yesterday. */
  EXPIRED,
  /** The certificate is valid from tomorrow on. */
  NOT_YET_VALID,
  /** The certificate was issued by somebody who is not in the CA file. */
  UNKNOWN_CA,
  /** The certificate was issued by nobody but itself. */
  SELF_SIGNED,
  /** The connection is closed where the handshake should begin. */
  HANGS_UP,
  /** The handshake is never answered. */
  SILENT
}
