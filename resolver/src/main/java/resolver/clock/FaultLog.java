package resolver.clock;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Logs defects with their stack, one in ten seconds at most; the others are counted. So whoever can
 * cause them, and as many as he likes, cannot fill the log. Any thread may call.
 */
public final class FaultLog {
  private static final long PAUSE = 10_000_000_000L;

  private final Logger log;
  private final LogPause pause;
  private final LongAdder keptBack = new LongAdder();

  /** One that has logged nothing yet. */
  public FaultLog(Logger log, Ticker ticker) {
    this.log = log;
    this.pause = new LogPause(ticker, PAUSE);
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
    boolean may = pause.mayWrite();
    if (!may) {
      keptBack.increment();
    }
    return may;
  }

  private String others() {
    long more = keptBack.sumThenReset();
    return more == 0 ? "" : " (" + more + " more such faults were not logged)";
  }
}
