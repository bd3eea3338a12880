package resolver.faults;

/** How long something is held back. */
final class Delays {
  private Delays() {}

  /**
   * In nanoseconds.
   *
   * @param drawn from 0 on and below 1
   */
  static long nanos(Faults faults, double drawn) {
    return faults.delay().toNanos() + (long) ((2 * drawn - 1) * faults.jitter().toNanos());
  }
}
