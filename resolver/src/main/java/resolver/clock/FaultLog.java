package resolver.clock;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Logs defects with their stack, one in ten seconds at most; the others are counted. So whoever can
 * cause them, and as many as he likes, cannot fill the log. Any thread may call.
 */
public final class FaultLog {
  private static final long PAUSE = 10_000_000_000L;

  private final Logger log;
  private final Ticker ticker;
  private final AtomicLong quietUntil;
  private final LongAdder keptBack = new LongAdder();

  /** One that has logged nothing yet. */
  public FaultLog(Logger log, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
    this.quietUntil = new AtomicLong(ticker.nanos());
  }

  /**
   * Reports a defect.
   *
   * @param what who threw, as the subject of the sentence
   * @param about what was worked on
   */
  public void report(String what, Object about, Throwable thrown) {
    if (mayTell()) {
      log.error("{} threw, for {}{}", what, about, others(), thrown);
    }
  }

  /** The same, where it does not matter what was worked on. */
  public void report(String what, Throwable thrown) {
    if (mayTell()) {
      log.error("{} threw{}", what, others(), thrown);
    }
  }

  private boolean mayTell() {
    long now = ticker.nanos();
    long until = quietUntil.get();
    if (now - until < 0 || !quietUntil.compareAndSet(until, now + PAUSE)) {
      keptBack.increment();
      return false;
    }
    return true;
  }

  private String others() {
    long more = keptBack.sumThenReset();
    return more == 0 ? "" : " (" + more + " more such faults were not logged)";
  }
}
