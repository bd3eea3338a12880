package resolver.clock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps what may happen at any rate to one line of the log in so long. Any thread may call; of
 * those that come at once one may write.
 */
public final class LogPause {
  private final Ticker ticker;
  private final long nanos;
  private final AtomicLong quietUntil;

  /**
   * Nothing has been written yet.
   *
   * @param nanos how long nothing is written after a line, in nanoseconds
   */
  public LogPause(Ticker ticker, long nanos) {
    this.ticker = ticker;
    this.nanos = nanos;
    this.quietUntil = new AtomicLong(ticker.nanos());
  }

  /** Whether a line may be written now, which begins the next pause. */
  public boolean mayWrite() {
    long now = ticker.nanos();
    long until = quietUntil.get();
    return now - until >= 0 && quietUntil.compareAndSet(until, now + nanos);
  }
}
