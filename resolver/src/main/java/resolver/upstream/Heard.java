package resolver.upstream;

/**
 * When a server was heard last. Written by every event loop, but ten times a second at most, so
 * that the loops do not fight for it. Any thread may call.
 */
final class Heard {
  private static final long STEP_NANOS = 100_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private volatile long at = NEVER;

  /** Now. */
  void now(long nanos) {
    long before = at;
    if (before == NEVER || nanos - before > STEP_NANOS) {
      at = nanos;
    }
  }

  /** There are other servers now, so that what was unreachable may be reached. */
  void startAnew(long nanos) {
    at = nanos;
  }

  /** When, in the ticker's nanoseconds; {@code Long.MIN_VALUE} for never. */
  long at() {
    return at;
  }
}
