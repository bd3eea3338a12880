package resolver.flight;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to flights and waiters, for counting. Called by any thread, under no lock;
 * must not block or throw. Every waiter with a place ends in exactly one of delivered, left, lost;
 * every flight whose loader is called ends once.
 */
public interface FlightListener<K, V> {
  /**
   * A flight has ended; nobody has been told yet.
   *
   * @param value what its loader gave, or null
   * @param failure why it gave nothing, or null
   * @param joined how many ever waited for it
   * @param age how long it took, in nanoseconds
   */
  default void ended(K key, @Nullable V value, @Nullable Throwable failure, int joined, long age) {}

  /** A waiter is about to be told the outcome. */
  default void delivered(Outcome<V> outcome) {}

  /** A waiter left before the outcome. */
  default void left() {}

  /** A waiter could not be told: its executor takes no tasks any more. */
  default void lost() {}

  /** The last waiter left a flight, which goes on, or is cancelled. */
  default void abandoned(boolean cancelled) {}

  /** A flight was forgotten. */
  default void forgotten() {}

  /** A flight was failed because its time was over. */
  default void watchdogKilled() {}

  /** A loader threw, or gave null: nobody but this listener is told of it as a defect. */
  default void loaderThrew(K key, Throwable thrown) {}
}
