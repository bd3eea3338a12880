package resolver.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;

/**
 * Logs failures at what clients send and get, with their stack, one in ten seconds at most; the
 * others are counted. A client may cause as many as it likes. Belongs to one event loop.
 */
final class ReplyFaults {
  private static final long PAUSE = 10_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(ReplyFaults.class);

  private final Ticker ticker;
  private long quietUntil;
  private long keptBack;

  ReplyFaults(Ticker ticker) {
    this.ticker = ticker;
    this.quietUntil = ticker.nanos();
  }

  /**
   * Reports a failure.
   *
   * @param what who threw, as the subject of the sentence
   */
  void report(String what, Throwable thrown) {
    long now = ticker.nanos();
    if (now - quietUntil < 0) {
      keptBack++;
      return;
    }
    String others = keptBack == 0 ? "" : " (" + keptBack + " more such faults were not logged)";
    keptBack = 0;
    quietUntil = now + PAUSE;
    LOG.error("{} threw{}", what, others, thrown);
  }
}
