package resolver.stampede;

import java.util.Locale;

/** What became of one client's question. */
public enum Verdict {
  /** Its own ID and spelling, and the address. */
  RIGHT,
  /** SERVFAIL, where the upstream had said so by way of a fault. Counts as right. */
  PASSED_ON,
  /** SERVFAIL, though the upstream had not said so. */
  FAILED,
  /** An RCODE that the upstream never says. */
  OTHER_RCODE,
  /** The question is not repeated octet by octet: another name, or spelt otherwise. */
  OTHER_QUESTION,
  /** An address that the upstream did not tell, or none. */
  OTHER_ADDRESS,
  /** Over UDP: larger than the client said it takes. */
  TOO_LARGE,
  /** Cut short though it would fit, or over TCP. */
  TRUNCATED,
  /** Octets that are no response. */
  UNREADABLE,
  /** No answer came in time. */
  MISSING;

  /** In words. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether the client got what it should. */
  public boolean isGood() {
    return this == RIGHT || this == PASSED_ON;
  }

  /** Whether an answer came that it should not have got. */
  public boolean isWrong() {
    return !isGood() && this != MISSING;
  }
}
