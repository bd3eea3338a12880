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
import resolver.query.Answer;
import resolver.query.Ask;
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
    times(1, () -> ledger.received(Transport.UDP));
    times(2, () -> ledger.received(Transport.TCP));
    times(3, ledger::responseLost);
    ledger.kernelDropped(4);
    times(5, ledger::connectionRefused);
    times(6, () -> ledger.flightStarted(Ask.Purpose.CLIENT));
    times(7, () -> ledger.flightStarted(Ask.Purpose.PREFETCH));
    times(8, () -> ledger.flightStarted(Ask.Purpose.STALE_REFRESH));
    times(9, () -> ledger.flightStarted(Ask.Purpose.CHILD));
    times(10, () -> ledger.flightEnded(Answer.Failure.NONE));
    times(11, () -> ledger.flightEnded(Answer.Failure.TIMEOUT));
    times(12, ledger::rechecked);
    times(13, ledger::failedBeforeSend);
    times(14, ledger::delivered);
    times(15, ledger::left);
    times(16, () -> ledger.abandoned(false));
    times(17, () -> ledger.abandoned(true));
    times(18, ledger::forgotten);
    times(19, ledger::watchdogKilled);
    times(20, ledger::loaderThrew);
    times(21, ledger::answerRefused);
    Count[] counts = Count.values();
    assertThat(counts).hasSize(21);
    for (int i = 0; i < counts.length; i++) {
      assertThat(ledger.get(counts[i])).as("%s", counts[i]).isEqualTo(i + 1);
    }
    for (Outcome outcome : Outcome.values()) {
      assertThat(ledger.get(outcome)).as("%s", outcome).isEqualTo(outcome.ordinal() + 1);
    }
    for (Send why : Send.values()) {
      assertThat(ledger.get(why)).as("%s", why).isEqualTo(why.ordinal() + 1);
    }
    assertThat(ledger.received()).isEqualTo(3);
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
