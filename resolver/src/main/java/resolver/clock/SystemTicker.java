package resolver.clock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * The machine's time, suspends included.
 *
 * <p>Java's own monotonic clock stands still while the machine is suspended. The wall clock does
 * not, so a jump between the two is taken as a hint, and Linux's uptime, which counts suspends,
 * then tells how much time was missed. The two are compared once a millisecond at most, so that a
 * suspend counts within a millisecond after it. Where there is no uptime to read, suspends are not
 * seen.
 *
 * <p>Any thread may call; the correction only grows, under a lock that is taken at such a jump
 * alone.
 */
public final class SystemTicker implements Ticker {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final long HINT_MILLIS = 300;
  private static final long LOOK_NANOS = 1_000_000;
  private static final long NONE = Long.MIN_VALUE;

  private final LongSupplier monotonic;
  private final LongSupplier wall;
  private final LongSupplier sinceBoot;

  private volatile long missedNanos;
  private volatile long expectedGapMillis;
  private volatile Runnable onWaking = () -> {};
  private volatile long lookedAt;
  private long bootGapNanos;

  /** The clocks of this machine. */
  public SystemTicker() {
    this(System::nanoTime, System::currentTimeMillis, SystemTicker::readUptimeNanos);
  }

  /**
   * Clocks given by the caller.
   *
   * @param monotonic nanoseconds, without suspends
   * @param wall milliseconds since 1970
   * @param sinceBoot nanoseconds, with suspends, or {@code Long.MIN_VALUE} when it cannot be read
   */
  SystemTicker(LongSupplier monotonic, LongSupplier wall, LongSupplier sinceBoot) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.sinceBoot = sinceBoot;
    long now = monotonic.getAsLong();
    expectedGapMillis = wall.getAsLong() - now / 1_000_000;
    lookedAt = now;
    long boot = sinceBoot.getAsLong();
    bootGapNanos = boot == NONE ? NONE : boot - now;
  }

  @Override
  public long nanos() {
    long now = monotonic.getAsLong();
    if (now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      lookForSuspend(now);
    }
    return now + missedNanos;
  }

  @Override
  public long wallMillis() {
    return wall.getAsLong();
  }

  /** How long the machine was suspended in all since this ticker was made, in nanoseconds. */
  public long asleepNanos() {
    // Nobody else may have asked for the time since.
    nanos();
    return missedNanos;
  }

  /**
   * Has somebody told of every suspend from now on, when the time is asked for soon after it, by
   * whoever asks: the task must be short, and must not throw.
   */
  public void onWaking(Runnable task) {
    onWaking = task;
  }

  /** A hint that is not followed up stays one for the next look. */
  private void lookForSuspend(long now) {
    long gap = wall.getAsLong() - now / 1_000_000;
    if (Math.abs(gap - expectedGapMillis) > HINT_MILLIS && learnWhatWasMissed(now, gap)) {
      onWaking.run();
    }
  }

  /** Whether the machine was suspended. */
  private synchronized boolean learnWhatWasMissed(long now, long gap) {
    long boot = sinceBoot.getAsLong();
    // Read last, so that a pause of this thread never looks like a suspend.
    long after = monotonic.getAsLong();
    if (after - now > HINT_MILLIS * 1_000_000) {
      // There was a pause between the readings: they do not belong together.
      return false;
    }
    long grown = boot == NONE || bootGapNanos == NONE ? 0 : boot - after - bootGapNanos;
    boolean slept = grown > HINT_MILLIS * 1_000_000;
    if (slept) {
      missedNanos += grown;
      bootGapNanos += grown;
    }
    expectedGapMillis = gap;
    return slept;
  }

  private static long readUptimeNanos() {
    try {
      String line = Files.readString(UPTIME, StandardCharsets.US_ASCII);
      return (long) (Double.parseDouble(line.substring(0, line.indexOf(' '))) * 1e9);
    } catch (IOException | RuntimeException e) {
      return NONE;
    }
  }
}
