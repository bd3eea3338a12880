package resolver.query;

/**
 * How an answer reached its receiver.
 *
 * @param waited whether it came out of a flight that the receiver waited for
 * @param leader whether the receiver was the one for whom that flight was started
 * @param shared whether that flight had at least two waiters: the same value for all of them
 */
public record Delivery(boolean waited, boolean leader, boolean shared) {
  /** Answered on the spot, nobody was waited for. */
  public static final Delivery AT_ONCE = new Delivery(false, false, false);

  private static final Delivery ALONE = new Delivery(true, true, false);
  private static final Delivery LEADER = new Delivery(true, true, true);
  private static final Delivery FOLLOWER = new Delivery(true, false, true);

  /** Out of a flight. */
  public static Delivery fromFlight(boolean leader, boolean shared) {
    if (!leader) {
      return FOLLOWER;
    }
    return shared ? LEADER : ALONE;
  }
}
