package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is learnt of a server. */
class ServerStateTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final TryTimes TIMES = new TryTimes(400 * MILLI, 100 * MILLI);

  private final ServerState server = new ServerState("192.0.2.53:53");
  private long now = Site.START;

  @Test
  void theFirstTryWithAnUnknownServerTakesWhatTheSettingSays() {
    assertThat(server.tryNanos(TIMES, 0)).isEqualTo(400 * MILLI);
    assertThat(server.tryNanos(TIMES, 1)).isEqualTo(800 * MILLI);
    assertThat(server.tryNanos(TIMES, 2)).isEqualTo(SECOND);
    assertThat(server.tryNanos(new TryTimes(5 * SECOND, 100 * MILLI), 2)).isEqualTo(5 * SECOND);
  }

  @Test
  void aTryTakesFourRoundTripsWithinItsBounds() {
    respond(100, 40 * MILLI);
    assertThat(server.tryNanos(TIMES, 0)).isBetween(155 * MILLI, 165 * MILLI);
    assertThat(server.tryNanos(TIMES, 1)).isBetween(310 * MILLI, 330 * MILLI);
    respond(200, MILLI);
    assertThat(server.tryNanos(TIMES, 0)).isEqualTo(100 * MILLI);
    TryTimes patient = new TryTimes(400 * MILLI, 5 * SECOND);
    assertThat(server.tryNanos(patient, 0)).isEqualTo(5 * SECOND);
    assertThat(server.tryNanos(patient, 1)).isEqualTo(5 * SECOND);
    respond(200, 2 * SECOND);
    assertThat(server.tryNanos(TIMES, 0)).isEqualTo(SECOND);
    assertThat(server.tryNanos(TIMES, 2)).isEqualTo(SECOND);
  }

  @Test
  void aTryTakesLongerWhereTheRoundTripsVary() {
    for (int i = 0; i <= 200; i++) {
      respond(1, i % 10 == 0 ? 150 * MILLI : 5 * MILLI);
    }
    assertThat(server.tryNanos(TIMES, 0)).isGreaterThan(110 * MILLI);
  }

  @Test
  void oneFailureSetsNobodyAside() {
    assertThat(fail()).isFalse();
    assertThat(fail()).isFalse();
    assertThat(server.isSetAside()).isFalse();
    assertThat(server.status().state()).isEqualTo("doubtful");
    respond(1, 10 * MILLI);
    assertThat(server.status()).extracting(ServerStatus::state).isEqualTo("good");
    fail();
    fail();
    assertThat(server.isSetAside()).as("not three in a row").isFalse();
  }

  @Test
  void threeFailuresInARowSetAServerAside() {
    fail();
    fail();
    assertThat(fail()).as("is told once").isTrue();
    assertThat(fail()).isFalse();
    assertThat(server.isSetAside()).isTrue();
    ServerStatus status = server.status();
    assertThat(status.state()).isEqualTo("resting");
    assertThat(status.failures()).isEqualTo(3);
    assertThat(status.why()).isEqualTo("no response");
    assertThat(status.restsUntil() - now).isEqualTo(5 * SECOND);
  }

  @Test
  void anyResponseBringsItBack() {
    setAside();
    assertThat(server.responded(10 * MILLI, now)).isTrue();
    assertThat(server.responded(10 * MILLI, now)).isFalse();
    assertThat(server.isSetAside()).isFalse();
    assertThat(server.status().why()).isEmpty();
  }

  @Test
  void oneProbeAtATimeIsSentAndEachInVainDoublesTheWait() {
    setAside();
    for (long rest : new long[] {5, 10, 20, 40, 60, 60}) {
      now += rest * SECOND - 1;
      assertThat(probe()).as("before %d s", rest).isFalse();
      now += 1;
      assertThat(probe()).as("after %d s", rest).isTrue();
      assertThat(probe()).as("one is under way").isFalse();
      fail();
    }
  }

  @Test
  void aProbeThatNobodyHearsOfIsSentAgain() {
    setAside();
    now += 5 * SECOND;
    assertThat(probe()).isTrue();
    now += Health.PROBE_NANOS;
    assertThat(probe()).isTrue();
  }

  @Test
  void whereThereIsNoOtherServerTheWaitDoesNotGrow() {
    setAside();
    for (int i = 0; i < 5; i++) {
      now += 5 * SECOND;
      assertThat(server.claimProbe(now, true, false)).isTrue();
      fail();
    }
  }

  @Test
  void aServerThatIsNotAskedIsMeasuredNowAndThen() {
    server.asked(now);
    assertThat(server.claimProbe(now + 9 * SECOND, false, true)).isFalse();
    now += 10 * SECOND;
    assertThat(server.claimProbe(now, false, false)).as("nobody goes by it").isFalse();
    assertThat(server.claimProbe(now, false, true)).isTrue();
    assertThat(server.claimProbe(now, false, true)).as("it is being done").isFalse();
  }

  @Test
  void whenItCameBackIsKeptThoughItIsHeardAgain() {
    fail();
    server.heard(now);
    assertThat(server.backAt()).as("it was doubtful, and never away").isEqualTo(ServerState.NEVER);
    setAside();
    long back = now;
    server.heard(back);
    now += SECOND;
    server.heard(now);
    assertThat(server.heardAt()).isEqualTo(now);
    assertThat(server.backAt()).isEqualTo(back);
  }

  @Test
  void whatTookAConnectionFirstIsHeardButNotMeasured() {
    setAside();
    assertThat(server.heard(now)).isTrue();
    assertThat(server.heardAt()).isEqualTo(now);
    assertThat(server.isMeasured()).isFalse();
  }

  @Test
  void samplesOfManyLoopsMayGetLostButNotTorn() throws Exception {
    ExecutorService loops = Executors.newFixedThreadPool(4);
    CountDownLatch start = new CountDownLatch(1);
    try {
      Future<?>[] all = new Future<?>[4];
      for (int loop = 0; loop < all.length; loop++) {
        long sample = (10L + loop) * MILLI;
        all[loop] =
            loops.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < 50_000; i++) {
                    server.responded(sample, now);
                    if (i % 100 == 0) {
                      server.failed(now, "no response");
                    }
                  }
                  return null;
                });
      }
      start.countDown();
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      loops.shutdownNow();
    }
    assertThat(server.roundTripNanos()).isBetween(10 * MILLI, 13 * MILLI);
    assertThat(server.lateNanos()).isBetween(9 * MILLI, 20 * MILLI);
    respond(1, 10 * MILLI);
    assertThat(server.isSetAside()).isFalse();
  }

  private void setAside() {
    fail();
    fail();
    fail();
  }

  private boolean fail() {
    return server.failed(now, "no response");
  }

  private boolean probe() {
    return server.claimProbe(now, false, false);
  }

  private void respond(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      now += 10 * MILLI;
      server.responded(nanos, now);
    }
  }
}
