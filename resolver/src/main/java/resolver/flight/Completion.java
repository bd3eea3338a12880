package resolver.flight;

/**
 * Ends a flight with the result of its loader. Whoever keeps results has kept this one before the
 * call (so that nobody finds neither flight nor result). Any thread may call; the first call
 * counts, and none does once the flight was ended otherwise.
 */
public interface Completion<V> {
  /** The loader has its value. */
  void value(V value);

  /** The loader failed. */
  void failure(Throwable failure);
}
