package resolver.flight;

/** What a loader may know and do of its flight. Safe for use by any thread. */
public interface FlightContext<K, V> {
  /** The number of the flight, unique in its group. */
  long id();

  /** When it is failed at the latest, in the ticker's nanoseconds. */
  long deadline();

  /** How many wait for it now. */
  int waiters();

  /** Whether its result may be kept: false once it was forgotten, or ended without its loader. */
  boolean mayKeep();

  /**
   * Runs a task when the flight ends without its loader: nobody waits for it any more, its time is
   * over, it gave way to newer ones, or the group closes. At once if that has happened already.
   */
  void onCancel(Runnable task);

  /**
   * Joins another flight on behalf of this one. A loader joins in no other way, for only so is a
   * flight that would wait for itself, be it over others, found: it is refused with {@link
   * Joined#LOOP}. When this flight ends, it leaves those that it still waits for.
   */
  Ticket joinChild(K key, Waiter<V> waiter, Loader<K, V> loader);
}
