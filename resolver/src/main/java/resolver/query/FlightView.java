package resolver.query;

/** What the stages below a flight may know of it. Safe for use by any thread. */
public interface FlightView {
  /** How many wait for its outcome now. */
  int waiters();

  /** Whether its result may still be kept: false once the flight was forgotten. */
  boolean mayKeep();

  /** When it is failed at the latest, in the ticker's nanoseconds. */
  long deadline();
}
