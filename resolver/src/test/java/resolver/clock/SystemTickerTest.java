package resolver.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemTickerTest {
  private long monotonic = 5_000_000_000L;
  private long wall = 1_800_000_000_000L;
  private int told;
  private long boot = 9_000_000_000L;
  private final SystemTicker ticker = new SystemTicker(() -> monotonic, () -> wall, () -> boot);

  @Test
  void aSuspendCountsAsTime() {
    long before = ticker.nanos();
    pass(Duration.ofSeconds(1));
    suspend(Duration.ofHours(8));
    assertThat(ticker.nanos() - before).isEqualTo(Duration.ofHours(8).plusSeconds(1).toNanos());
  }

  @Test
  void severalSuspendsAddUp() {
    long before = ticker.nanos();
    suspend(Duration.ofHours(1));
    ticker.nanos();
    suspend(Duration.ofHours(2));
    assertThat(ticker.nanos() - before).isEqualTo(Duration.ofHours(3).toNanos());
  }

  @Test
  void aSuspendIsToldOfOnce() {
    List<Duration> told = new ArrayList<>();
    ticker.onWaking(() -> told.add(Duration.ofNanos(ticker.asleepNanos())));
    pass(Duration.ofSeconds(1));
    ticker.nanos();
    suspend(Duration.ofHours(1));
    ticker.nanos();
    pass(Duration.ofSeconds(1));
    ticker.nanos();
    suspend(Duration.ofHours(2));
    ticker.nanos();
    assertThat(told)
        .containsExactly(Duration.ofHours(1).minusMillis(1), Duration.ofHours(3).minusMillis(2));
  }

  @Test
  void aCorrectionOfTheWallClockDoesNot() {
    ticker.onWaking(() -> told++);
    long before = ticker.nanos();
    wall += Duration.ofDays(400).toMillis();
    pass(Duration.ofSeconds(1));
    assertThat(ticker.nanos() - before).isEqualTo(Duration.ofSeconds(1).toNanos());
    wall -= Duration.ofDays(900).toMillis();
    pass(Duration.ofSeconds(2));
    assertThat(ticker.nanos() - before).isEqualTo(Duration.ofSeconds(3).toNanos());
    assertThat(told).isZero();
  }

  @Test
  void aPauseBetweenTheReadingsIsNoSuspend() {
    boolean[] pauses = {false};
    SystemTicker paused =
        new SystemTicker(
            () -> monotonic,
            () -> {
              if (pauses[0]) {
                pauses[0] = false;
                pass(Duration.ofMillis(400));
              }
              return wall;
            },
            () -> boot);
    paused.onWaking(() -> told++);
    long before = paused.nanos();
    pass(Duration.ofSeconds(1));
    pauses[0] = true;
    paused.nanos();
    assertThat(pauses[0]).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(paused.nanos() - before).isEqualTo(Duration.ofMillis(2400).toNanos());
    assertThat(told).isZero();
    suspend(Duration.ofHours(1));
    assertThat(paused.nanos() - before).isEqualTo(Duration.ofHours(1).plusMillis(2400).toNanos());
    assertThat(told).isEqualTo(1);
  }

  @Test
  void aSuspendIsSeenInFullThoughAPauseFollowsAtOnce() {
    boolean[] pauses = {false};
    SystemTicker paused =
        new SystemTicker(
            () -> monotonic,
            () -> wall,
            () -> {
              long read = boot;
              if (pauses[0]) {
                pauses[0] = false;
                pass(Duration.ofSeconds(2));
              }
              return read;
            });
    long before = paused.nanos();
    suspend(Duration.ofHours(1));
    pauses[0] = true;
    paused.nanos();
    assertThat(pauses[0]).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(paused.nanos() - before).isEqualTo(Duration.ofHours(1).plusMillis(2001).toNanos());
  }

  @Test
  void withoutAnUptimeTheMonotonicClockHolds() {
    SystemTicker blind = new SystemTicker(() -> monotonic, () -> wall, () -> Long.MIN_VALUE);
    long before = blind.nanos();
    suspend(Duration.ofHours(1));
    pass(Duration.ofMillis(999));
    assertThat(blind.nanos() - before).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void theWallClockIsLookedAtOnceAMillisecond() {
    int[] looks = {0};
    SystemTicker counting =
        new SystemTicker(
            () -> monotonic,
            () -> {
              looks[0]++;
              return wall;
            },
            () -> boot);
    looks[0] = 0;
    for (int i = 0; i < 10_000; i++) {
      monotonic += 1000;
      counting.nanos();
    }
    assertThat(looks[0]).isEqualTo(10);
  }

  @Test
  void theRealOneRunsForward() {
    SystemTicker real = new SystemTicker();
    long before = real.nanos();
    assertThat(real.nanos()).isGreaterThanOrEqualTo(before);
    assertThat(real.wallMillis()).isPositive();
  }

  private void pass(Duration time) {
    monotonic += time.toNanos();
    wall += time.toMillis();
    boot += time.toNanos();
  }

  /** The last millisecond of it is one in which the machine runs again. */
  private void suspend(Duration time) {
    Duration asleep = time.minusMillis(1);
    wall += asleep.toMillis();
    boot += asleep.toNanos();
    pass(Duration.ofMillis(1));
  }
}
