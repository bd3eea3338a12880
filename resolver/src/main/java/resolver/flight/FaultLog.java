package resolver.flight;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import resolver.clock.Ticker;

/** Logs defects with their stack, one in ten seconds at most; the others are counted. */
final class FaultLog {
  private static final long PAUSE = 10_000_000_000L;

  private final Logger log;
  private final Ticker ticker;
  private final AtomicLong quietUntil;
  private final LongAdder keptBack = new LongAdder();

  FaultLog(Logger log, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
    this.quietUntil = new AtomicLong(ticker.nanos());
  }

  /**
   * Reports a defect.
   *
   * @param what who threw, as the subject of the sentence
   */
  void report(String what, Object about, Throwable thrown) {
    long now = ticker.nanos();
    long until = quietUntil.get();
    if (now - until < 0 || !quietUntil.compareAndSet(until, now + PAUSE)) {
      keptBack.increment();
      return;
    }
    long more = keptBack.sumThenReset();
    String others = more == 0 ? "" : " (" + more + " more such faults were not logged)";
    log.error("{} threw, for {}{}", what, about, others, thrown);
  }
}
