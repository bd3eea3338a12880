package resolver.cache;

import java.time.Duration;

/**
 * How old the answers of a snapshot are: a pure decision, by the wall clock of when it was written
 * and of now.
 *
 * <p>Where the clock shows a time before the writing, nobody knows how much has passed since: each
 * answer then counts as past its TTL, if only just, and as what it was at the writing where that is
 * older. Where the clock is far ahead, all of them have expired. In no case is one given a longer
 * life than it had left.
 *
 * @param writtenAt when the snapshot was written, in milliseconds since 1970
 * @param wallMillis what the wall clock shows now
 * @param nanos the ticker's time now
 */
record SnapshotAge(long writtenAt, long wallMillis, long nanos) {
  /** No answer lives longer, by the ranges of the settings: a week, and another one when stale. */
  private static final long MOST_MILLIS = Duration.ofDays(14).toMillis();

  /** Whether the clock cannot be right. */
  boolean clockIsBehind() {
    return wallMillis < writtenAt;
  }

  /** Whether so much time has passed that nothing is of use, or the clock cannot be right. */
  boolean allHaveExpired() {
    return wallMillis - writtenAt > MOST_MILLIS;
  }

  /**
   * When an answer came, in the ticker's nanoseconds.
   *
   * @param receivedAt when it came, in milliseconds since 1970
   * @param ttl how long it holds, in seconds
   * @throws IllegalArgumentException where no snapshot would have such an answer
   */
  long arrivedAt(long receivedAt, int ttl) {
    if (receivedAt > writtenAt || receivedAt < writtenAt - MOST_MILLIS || ttl <= 0) {
      throw new IllegalArgumentException(
          "received at " + receivedAt + " with TTL " + ttl + " (expected: a time before writing)");
    }
    long age =
        clockIsBehind()
            ? Math.max(writtenAt - receivedAt, ttl * 1000L)
            : Math.min(wallMillis - receivedAt, 2 * MOST_MILLIS);
    return nanos - age * 1_000_000;
  }
}
