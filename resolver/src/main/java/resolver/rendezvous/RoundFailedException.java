package resolver.rendezvous;

import org.jspecify.annotations.Nullable;

/** A round of the barrier will not come about. */
public final class RoundFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why a party did not come through. */
  public enum Reason {
    /** The party itself cancelled its waiting, and so failed the round. */
    CANCELLED,
    /** The party itself ran out of time; it failed the round, unless it had none to begin with. */
    TIMED_OUT,
    /** The action threw; the cause tells what. Every party of the round gets this. */
    ACTION_THREW,
    /** The barrier was reset while the party waited. */
    RESET,
    /** The barrier is closed. */
    CLOSED,
    /** Somebody else failed the round, or an earlier one; the cause tells who and why. */
    BROKEN,
    /** The barrier is strict, and this party is one too many. The round is unharmed. */
    SURPLUS
  }

  private final long round;
  private final Reason reason;

  RoundFailedException(long round, Reason reason, @Nullable Throwable cause) {
    super("round " + round + " of the barrier failed: " + reason, cause, false, false);
    this.round = round;
    this.reason = reason;
  }

  /** The round that the party waited in, or would have. */
  public long round() {
    return round;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
