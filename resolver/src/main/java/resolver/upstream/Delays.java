package resolver.upstream;

import org.jspecify.annotations.Nullable;
import resolver.clock.DeadlineQueue;
import resolver.clock.Ticker;
import resolver.clock.Timers;

/**
 * Deadlines that lie ahead by times of many lengths: a queue for each eighth of a doubling, from a
 * millisecond to ten seconds, so that a deadline costs no timer of its own. They are set later than
 * asked by an eighth at most, and never sooner. Belongs to one event loop.
 */
final class Delays {
  private static final int LEAST_EXPONENT = 20;
  private static final int PARTS = 3;
  private static final int QUEUES = (34 - LEAST_EXPONENT) << PARTS;

  private final @Nullable DeadlineQueue[] queues = new DeadlineQueue[QUEUES];
  private final Ticker ticker;
  private final Timers timers;

  Delays(Ticker ticker, Timers timers) {
    this.ticker = ticker;
    this.timers = timers;
  }

  /** The queue of deadlines that lie so many nanoseconds ahead. */
  DeadlineQueue of(long nanos) {
    int index = indexOf(nanos);
    DeadlineQueue queue = queues[index];
    if (queue == null) {
      queue = new DeadlineQueue(ticker, timers, nanosOf(index));
      queues[index] = queue;
    }
    return queue;
  }

  /** The first queue that is not too short. */
  static int indexOf(long nanos) {
    long above = Math.max(nanos, 1L << LEAST_EXPONENT) - 1;
    int exponent = 63 - Long.numberOfLeadingZeros(above);
    int part = (int) (above >>> (exponent - PARTS)) & ((1 << PARTS) - 1);
    int index = ((exponent - LEAST_EXPONENT) << PARTS) + part + 1;
    return Math.max(0, Math.min(index, QUEUES - 1));
  }

  static long nanosOf(int index) {
    int exponent = LEAST_EXPONENT + (index >> PARTS);
    long part = index & ((1 << PARTS) - 1);
    return (1L << exponent) + (part << (exponent - PARTS));
  }
}
