package resolver.clock;

/**
 * Runs tasks later. Each instance says on which thread: an event loop's timers run on that loop,
 * the daemon's watchdog timers on a thread that outlives the loops.
 */
public interface Timers {
  /**
   * Runs a task once.
   *
   * @param delayNanos at least this long from now, in nanoseconds; zero or less means soon
   * @param task must not block and must not throw
   */
  Timeout schedule(long delayNanos, Runnable task);

  /** A task that waits for its time. */
  interface Timeout {
    /** Forgets the task, unless it has run or runs already. Does no harm twice. */
    void cancel();
  }
}
