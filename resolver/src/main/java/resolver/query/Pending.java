package resolver.query;

/** An answer that has not come yet. */
@FunctionalInterface
public interface Pending {
  /** Nothing is awaited. */
  Pending DONE = () -> {};

  /**
   * Stops waiting, for this asker alone: nobody else's outcome changes. Any thread may call, at any
   * time, and more than once. After it returns on the receiver's own executor, no answer follows.
   */
  void leave();
}
