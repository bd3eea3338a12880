package resolver.clock;

/** The kernel's own clocks, for what is told to other programs of this machine. */
public final class KernelClock {
  private KernelClock() {}

  /**
   * CLOCK_MONOTONIC in microseconds: on Linux the clock behind {@link System#nanoTime}. Unlike
   * {@link Ticker#nanos} it stands still during a suspend.
   */
  public static long monotonicMicros() {
    return System.nanoTime() / 1_000;
  }
}
