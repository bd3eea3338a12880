package resolver.tests;

import java.util.concurrent.TimeUnit;

/**
 * A response, and when it was asked for and heard, in nanoseconds of the monotonic clock. The
 * server wrote it at some time in between.
 */
record Heard(Reply reply, long asked, long heard) {
  /** Whole seconds that lie between that response and this one at least. */
  long secondsSinceAtLeast(Heard earlier) {
    return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, asked - earlier.heard));
  }

  /** Whole seconds that a clock may have counted between that response and this one at most. */
  long secondsSinceAtMost(Heard earlier) {
    return TimeUnit.NANOSECONDS.toSeconds(heard - earlier.asked) + 1;
  }
}
