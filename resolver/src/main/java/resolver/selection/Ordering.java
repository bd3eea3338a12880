package resolver.selection;

/** A policy: decides from what is known of the servers, and changes nothing. */
interface Ordering {
  /** That of a policy. */
  static Ordering of(Policy policy) {
    return switch (policy) {
      case SEQUENTIAL -> new Sequential();
      case FASTEST -> new Fastest();
      case ROUND_ROBIN -> new RoundRobin();
      case RACE -> new Race();
    };
  }

  /**
   * The order in which servers are asked.
   *
   * @param servers those of the group, as they are listed
   * @param sound the set of those to be put in order, a bit each; the others are asked after them
   * @param turn a number that grows by one with each question
   */
  long order(ServerState[] servers, int sound, int turn);

  /** How many are asked at once. */
  default int width() {
    return 1;
  }

  /** Whether it goes by round-trip times, so that those must be measured of all servers. */
  default boolean measures() {
    return false;
  }
}
