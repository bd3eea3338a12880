package resolver.flight;

import java.util.concurrent.Executor;

/** One who waits for the outcome of a flight. */
public interface Waiter<V> {
  /** Where to be told. */
  Executor executor();

  /**
   * Whether the calling thread is the executor's own, so that the waiter may be told on the spot.
   * False where that cannot be known.
   */
  default boolean onOwnExecutor() {
    return false;
  }

  /** Takes the outcome; called once at most. Must not block. What it throws is logged, no more. */
  void complete(Outcome<V> outcome);

  /**
   * The outcome is there but the executor did not take it; called on any thread in place of {@link
   * #complete}.
   */
  default void lost(Throwable rejected) {}
}
