package resolver.clock;

/** Tells the time. Safe for use by any thread. */
public interface Ticker {
  /**
   * Nanoseconds since an arbitrary origin. Never runs backwards, and includes the time that the
   * machine was suspended, so that nothing which expired during a suspend is taken for fresh.
   */
  long nanos();

  /** Milliseconds since 1970-01-01 UTC, for what leaves the process. May jump. */
  long wallMillis();
}
