package resolver.flight;

/** How a join went. */
public enum Joined {
  /** A new flight was started for the caller, with the caller's loader. */
  LEADER,
  /** The caller waits for a flight that was under way. */
  FOLLOWER,
  /** Refused: as many flights are under way as may be, and all of them are wanted. */
  TOO_MANY_FLIGHTS,
  /** Refused: flights and waiters weigh as much as they may. */
  TOO_MUCH_MEMORY,
  /** Refused: the flight under way has too little time left to be of use. */
  TOO_LATE,
  /** Refused: the flight that asks would wait for itself, or a bound of its children is reached. */
  LOOP,
  /** Refused: a flight is under way, and the caller wanted to start one or nothing. */
  UNDER_WAY,
  /** Refused: the flight that asks has ended itself. */
  ENDED,
  /** Refused: no more flights are taken. */
  CLOSING;

  /** Whether the caller got a place in a flight. */
  public boolean waits() {
    return this == LEADER || this == FOLLOWER;
  }
}
