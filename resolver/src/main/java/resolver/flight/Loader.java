package resolver.flight;

/** The work of a flight. */
@FunctionalInterface
public interface Loader<K, V> {
  /**
   * Starts the work and returns; called once a flight, on the thread of the caller who started it,
   * under no lock. What it throws is the outcome for all who wait.
   *
   * <p>It may be called for a flight that has ended a moment ago, for example by close.
   *
   * @param done takes the result, on any thread, now or later; the first call counts
   */
  void load(K key, FlightContext<K, V> flight, Completion<V> done) throws Exception;
}
