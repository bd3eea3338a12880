package resolver.flight;

/** What a caller gets for joining: a place in a flight, or the reason why there is none. */
public interface Ticket {
  /** How the join went. Where it was refused, the waiter is never told anything. */
  Joined joined();

  /**
   * Stops waiting, for this waiter alone. Any thread may call, at any time, more than once.
   *
   * <p>An outcome that is ready already goes first: when the calling thread is the waiter's own
   * executor, the waiter is told before this returns.
   *
   * @return whether this call gave up the place: the waiter will not be told. False when it was
   *     told already, is being told now, left before or never had a place.
   */
  boolean leave();

  /** A ticket without a place. */
  static Ticket refused(Joined why) {
    return new Refused(why);
  }
}
