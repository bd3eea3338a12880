package resolver.stampede;

import resolver.settings.Spelling;

/** What the upstream may do wrong with a query over UDP. */
public enum Fault {
  /** Says nothing. */
  DROP,
  /** Says that it failed. */
  SERVFAIL,
  /** Says that the answer does not fit, so that TCP must be used. */
  TRUNCATED,
  /** Answers with the ID of another query. */
  WRONG_ID,
  /** Answers a second later than usual. */
  SLOW;

  /** Its name on the command line. */
  public String word() {
    return Spelling.word(this);
  }
}
