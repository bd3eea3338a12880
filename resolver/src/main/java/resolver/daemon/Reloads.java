package resolver.daemon;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one task for all who ask for one: a merging of writes. Whoever asks joins the next run
 * that has not begun, for one that has may have read already what the asker has just changed. So a
 * hundred who ask at the same time share two runs at most, and each hears the outcome of its own.
 *
 * <p>Any thread may ask; one thread runs. The lock guards which run takes askers, and nothing is
 * called under it but {@code order}, which must not block.
 *
 * @param <V> the outcome of a run
 */
final class Reloads<V> {
  private final Runnable order;
  private @Nullable Gathering<V> next;
  private @Nullable V last;

  /** A run that has not begun. */
  private static final class Gathering<V> {
    final CompletableFuture<V> outcome = new CompletableFuture<>();
    int askers;
  }

  /**
   * No run yet.
   *
   * @param order has {@link #run} called soon, once for each call
   */
  Reloads(Runnable order) {
    this.order = order;
  }

  /**
   * Asks for a run.
   *
   * @return its outcome, once it has ended
   */
  synchronized CompletableFuture<V> request() {
    if (last != null) {
      return CompletableFuture.completedFuture(last);
    }
    Gathering<V> joined = next;
    if (joined == null) {
      joined = new Gathering<>();
      next = joined;
      order.run();
    }
    joined.askers++;
    return joined.outcome;
  }

  /**
   * Begins the run that was asked for, and ends it; does nothing where none was.
   *
   * @param task is told how many asked; must not throw
   */
  void run(IntFunction<V> task) {
    Gathering<V> begun = take();
    if (begun != null) {
      begun.outcome.complete(task.apply(begun.askers));
    }
  }

  /** Runs no more: all who wait, and all who ask from now on, are told this. */
  void close(V instead) {
    synchronized (this) {
      last = instead;
    }
    Gathering<V> waiting = take();
    if (waiting != null) {
      waiting.outcome.complete(instead);
    }
  }

  private synchronized @Nullable Gathering<V> take() {
    Gathering<V> taken = next;
    next = null;
    return taken;
  }
}
