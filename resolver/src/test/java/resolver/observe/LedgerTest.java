package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import resolver.observe.Ledger.Count;
import resolver.observe.Ledger.Spread;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver.GivenUp;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;
import resolver.query.Transport;

@SuppressWarnings("EnumOrdinal") // Only to tell the counts apart.
class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void anEmptyLedgerTellsZero() {
    for (Count count : Count.values()) {
      assertThat(ledger.get(count)).isZero();
    }
    for (Outcome outcome : Outcome.values()) {
      assertThat(ledger.get(outcome)).isZero();
    }
    for (Send why : Send.values()) {
      assertThat(ledger.get(why)).isZero();
    }
  }

  @Test
  void everyEventHasACellOfItsOwn() {
    for (Outcome outcome : Outcome.values()) {
      times(outcome.ordinal() + 1, () -> ledger.classified(outcome));
    }
    for (Send why : Send.values()) {
      times(why.ordinal() + 1, () -> ledger.sent(why));
    }
    List<Runnable> inOrderOfTheCounts =
        List.of(
            () -> ledger.received(Transport.UDP),
            () -> ledger.received(Transport.TCP),
            ledger::responseLost,
            () -> ledger.kernelDropped(1),
            ledger::connectionRefused,
            () -> ledger.flightStarted(Ask.Purpose.CLIENT),
            () -> ledger.flightStarted(Ask.Purpose.PREFETCH),
            () -> ledger.flightStarted(Ask.Purpose.STALE_REFRESH),
            () -> ledger.flightStarted(Ask.Purpose.CHILD),
            () -> ledger.flightEnded(Answer.Failure.NONE, 1, 0),
            () -> ledger.flightEnded(Answer.Failure.TIMEOUT, 1, 0),
            ledger::rechecked,
            ledger::failedBeforeSend,
            () -> ledger.delivered(true, 0),
            ledger::left,
            () -> ledger.gaveUp(GivenUp.DEADLINE),
            () -> ledger.gaveUp(GivenUp.DISCONNECT),
            ledger::servedStale,
            () -> ledger.abandoned(false),
            () -> ledger.abandoned(true),
            ledger::forgotten,
            ledger::watchdogKilled,
            ledger::loaderThrew,
            ledger::answerRefused,
            () -> ledger.queryLogLost(1));
    Count[] counts = Count.values();
    assertThat(inOrderOfTheCounts).hasSameSizeAs(counts);
    for (int i = 0; i < counts.length; i++) {
      times(i + 1, inOrderOfTheCounts.get(i));
    }
    for (int i = 0; i < counts.length; i++) {
      assertThat(ledger.get(counts[i])).as("%s", counts[i]).isEqualTo(i + 1);
    }
    for (Outcome outcome : Outcome.values()) {
      assertThat(ledger.get(outcome)).as("%s", outcome).isEqualTo(outcome.ordinal() + 1);
    }
    for (Send why : Send.values()) {
      assertThat(ledger.get(why)).as("%s", why).isEqualTo(why.ordinal() + 1);
    }
    assertThat(ledger.received()).isEqualTo(1 + 2);
  }

  @Test
  void sizesAreSpreadOut() {
    ledger.flightEnded(Answer.Failure.NONE, 3, 2_000_000);
    ledger.delivered(true, 1_000_000);
    ledger.delivered(false, 500_000);
    ledger.delivered(false, 500_000);

    assertThat(ledger.get(Spread.FANOUT).quantile(1)).isEqualTo(3);
    assertThat(ledger.get(Spread.FLIGHT_MICROS).quantile(1)).isBetween(2000L, 2500L);
    assertThat(ledger.get(Spread.LEADER_WAIT_MICROS).quantile(1)).isBetween(1000L, 1250L);
    assertThat(ledger.get(Spread.FOLLOWER_WAIT_MICROS).quantile(1)).isBetween(500L, 625L);
    assertThat(ledger.get(Spread.FOLLOWER_WAIT_MICROS).count()).isEqualTo(2);
  }

  @Test
  void sharesAreOfWhatCouldHaveBeenAskedUpstream() {
    assertThat(ledger.shares().hitRatio()).isNaN();
    assertThat(ledger.shares().mergeRatio()).isNaN();
    for (Outcome outcome : Outcome.values()) {
      int count =
          switch (outcome) {
            case HIT -> 3;
            case STALE -> 2;
            case FAILURE_HIT -> 1;
            case LEADER -> 4;
            case FOLLOWER -> 14;
            default -> 1000;
          };
      times(count, () -> ledger.classified(outcome));
    }
    Shares shares = ledger.shares();
    assertThat(shares).isEqualTo(new Shares(6, 14, 4));
    assertThat(shares.misses()).isEqualTo(18);
    assertThat(shares.hitRatio()).isEqualTo(0.25);
    assertThat(shares.mergeRatio()).isEqualTo(14 / 18.0);
  }

  @Test
  void nothingIsLostBetweenThreads() throws InterruptedException, ExecutionException {
    int threads = 4;
    int each = 50_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(threads);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          pool.submit(
              () -> {
                start.countDown();
                start.await();
                for (int j = 0; j < each; j++) {
                  ledger.received(Transport.UDP);
                  ledger.classified(j % 2 == 0 ? Outcome.HIT : Outcome.LEADER);
                }
                return null;
              }));
    }
    long last = 0;
    while (last < (long) threads * each && !all.stream().allMatch(Future::isDone)) {
      long now = ledger.received();
      assertThat(now).as("a sum never falls").isGreaterThanOrEqualTo(last);
      last = now;
    }
    for (Future<?> one : all) {
      one.get();
    }
    pool.shutdownNow();
    assertThat(ledger.received()).isEqualTo((long) threads * each);
    assertThat(ledger.get(Outcome.HIT)).isEqualTo((long) threads * each / 2);
    assertThat(ledger.get(Outcome.LEADER)).isEqualTo((long) threads * each / 2);
  }

  @Test
  void whatAThreadHasCountedOutlivesIt() throws InterruptedException {
    Thread thread = new Thread(() -> ledger.classified(Outcome.HIT));
    thread.start();
    thread.join();
    assertThat(ledger.get(Outcome.HIT)).isEqualTo(1);
  }

  @Test
  void theSummaryTellsTheMainFigures() {
    times(3, () -> ledger.received(Transport.UDP));
    times(2, () -> ledger.classified(Outcome.HIT));
    ledger.classified(Outcome.CACHE_ONLY_MISS);
    ledger.sent(Send.FIRST);
    ledger.sent(Send.TCP);
    assertThat(ledger.summary())
        .isEqualTo(
            "received 3 (hit 2, cache only miss 1); sent upstream 2; responses lost 0; dropped by"
                + " the kernel 0");
  }

  @Test
  void theSummaryTellsOfRefusedAnswersWhereThereAreSome() {
    ledger.answerRefused();
    assertThat(ledger.summary()).contains("; answers refused 1;");
  }

  private static void times(int count, Runnable run) {
    for (int i = 0; i < count; i++) {
      run.run();
    }
  }
}
