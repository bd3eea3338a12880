package resolver.clock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines that all lie the same time ahead when they are set: a queue in which the oldest is due
 * first, with one timer for all of them.
 *
 * <p>Belongs to one thread, the one that its timers run on; adding and cancelling take constant
 * time.
 */
public final class DeadlineQueue {
  private final Ticker ticker;
  private final Timers timers;
  private final long delayNanos;
  private @Nullable Deadline first;
  private @Nullable Deadline last;
  private boolean armed;

  /** One deadline. Can be in one queue at a time, and again when it is in none. */
  public abstract static class Deadline {
    private @Nullable DeadlineQueue queue;
    private @Nullable Deadline previous;
    private @Nullable Deadline next;
    private long at;

    /** Is called when the time has come, on the queue's thread. Must not throw. */
    protected abstract void due();

    /** Takes this out of its queue, where it is in one. */
    public final void cancel() {
      if (queue != null) {
        queue.remove(this);
      }
    }
  }

  /**
   * An empty queue.
   *
   * @param delayNanos how far ahead every deadline lies, in nanoseconds
   */
  public DeadlineQueue(Ticker ticker, Timers timers, long delayNanos) {
    this.ticker = ticker;
    this.timers = timers;
    this.delayNanos = delayNanos;
  }

  /** Sets a deadline that is in no queue. */
  public void add(Deadline deadline) {
    if (deadline.queue != null) {
      throw new IllegalStateException("deadline is set (expected: one that is in no queue)");
    }
    deadline.queue = this;
    deadline.at = ticker.nanos() + delayNanos;
    deadline.previous = last;
    if (last == null) {
      first = deadline;
    } else {
      last.next = deadline;
    }
    last = deadline;
    if (!armed) {
      arm(delayNanos);
    }
  }

  /** Those that are set now, the first one first. */
  public List<Deadline> waiting() {
    List<Deadline> all = new ArrayList<>();
    for (Deadline each = first; each != null; each = each.next) {
      all.add(each);
    }
    return all;
  }

  private void remove(Deadline deadline) {
    Deadline before = deadline.previous;
    Deadline after = deadline.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    deadline.queue = null;
    deadline.previous = null;
    deadline.next = null;
  }

  private void arm(long delay) {
    armed = true;
    timers.schedule(delay, this::sweep);
  }

  private void sweep() {
    armed = false;
    long now = ticker.nanos();
    for (Deadline head = first; head != null && head.at - now <= 0; head = first) {
      remove(head);
      head.due();
    }
    if (first != null && !armed) {
      arm(first.at - now);
    }
  }
}
