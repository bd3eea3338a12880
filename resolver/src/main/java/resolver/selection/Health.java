package resolver.selection;

/**
 * How sound a server is, and since when. Immutable: what happens makes the next one.
 *
 * <ul>
 *   <li>Three exchanges in a row without a response set it aside. Questions then go to the others,
 *       where there are any.
 *   <li>After 5 s it is probed: one question is put to it of which nobody awaits the answer. Any
 *       response brings it back at once; silence doubles the time to the next probe, up to 60 s.
 *   <li>Any other response brings it back as well: it is still asked where no other is sound.
 * </ul>
 *
 * @param failures exchanges without a response since the last response
 * @param since when the state began, in the ticker's nanoseconds
 * @param until when the next probe is due, in the ticker's nanoseconds
 * @param backOffs how many probes in a row were in vain
 * @param why what the last failure was, for people
 */
record Health(State state, int failures, long since, long until, int backOffs, String why) {
  /** What a server is held to be. */
  enum State {
    /** It responds. */
    GOOD,
    /** It failed to, but not often enough to be set aside. */
    DOUBTFUL,
    /** Set aside, until it responds to a probe. */
    RESTING,
    /** Set aside, and a probe is under way. */
    PROBED
  }

  static final Health GOOD = new Health(State.GOOD, 0, 0, 0, 0, "");

  static final int FAILURES_IN_A_ROW = 3;
  static final long FIRST_REST_NANOS = 5_000_000_000L;
  static final long LONGEST_REST_NANOS = 60_000_000_000L;

  /**
   * A probe that was not heard of for so long is as good as failed, whoever sent it. Longer than
   * any is waited for: that is 5 s, and an eighth more, where a connection has to be made.
   */
  static final long PROBE_NANOS = 6_000_000_000L;

  boolean isSetAside() {
    return state == State.RESTING || state == State.PROBED;
  }

  /** After an exchange without a response. */
  Health afterFailure(long now, String reason) {
    return switch (state) {
      case GOOD, DOUBTFUL ->
          failures + 1 < FAILURES_IN_A_ROW
              ? new Health(State.DOUBTFUL, failures + 1, now, 0, 0, reason)
              : resting(now, 0, reason);
      case RESTING -> this;
      case PROBED -> resting(now, backOffs + 1, reason);
    };
  }

  private Health resting(long now, int backOffs, String reason) {
    long rest = FIRST_REST_NANOS << Math.min(backOffs, 8);
    return new Health(
        State.RESTING,
        failures + 1,
        now,
        now + Math.min(rest, LONGEST_REST_NANOS),
        backOffs,
        reason);
  }

  /**
   * Whether it is time for a probe.
   *
   * @param needed whether there is no sound server, so that the first time to wait is the longest
   */
  boolean isProbeDue(long now, boolean needed) {
    return switch (state) {
      case GOOD, DOUBTFUL -> false;
      case RESTING -> now - until >= 0 || (needed && now - since >= FIRST_REST_NANOS);
      case PROBED -> now - until >= 0;
    };
  }

  /** With a probe under way. */
  Health probed(long now) {
    return new Health(State.PROBED, failures, now, now + PROBE_NANOS, backOffs, why);
  }
}
