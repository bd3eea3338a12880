package resolver.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import resolver.fixtures.ManualClock;

/** Parties on threads of their own, for 10,000 rounds. */
@Timeout(120)
class BarrierRaceTest {
  private static final int ROUNDS = 10_000;
  private static final Executor HERE = Runnable::run;

  private final ManualClock clock = new ManualClock();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void noWakeUpIsLostAndTheActionsWorkIsSeenByAll() throws Exception {
    // Not volatile: what makes it visible is the barrier.
    long[] written = {-1};
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock, round -> written[0] = round);
    List<Future<?>> parties = new ArrayList<>();
    for (int party = 0; party < 2; party++) {
      parties.add(
          threads.submit(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  Arrival arrival =
                      barrier.await(HERE).stage().toCompletableFuture().get(30, TimeUnit.SECONDS);
                  assertThat(arrival.round()).isEqualTo(round);
                  assertThat(written[0]).isGreaterThanOrEqualTo(round);
                }
                return null;
              }));
    }
    for (Future<?> party : parties) {
      party.get();
    }
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
    assertThat(written[0]).isEqualTo(ROUNDS - 1);
  }

  @Test
  void aFastPartyLapsASlowOneAndNeitherMissesARound() throws Exception {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    Runner fast = new Runner(barrier, HERE);
    Runner slow = new Runner(barrier, threads);
    fast.arrive();
    slow.arrive();
    fast.done.get(60, TimeUnit.SECONDS);
    slow.done.get(60, TimeUnit.SECONDS);
    assertThat(fast.rounds).isEqualTo(slow.rounds).hasSize(ROUNDS);
    assertThat(fast.rounds).isSorted().doesNotHaveDuplicates().endsWith(ROUNDS - 1L);
  }

  @Test
  void eightPartiesMeetTenThousandTimesAndTheActionRunsOnceInEachRound() throws Exception {
    // A plain list: the actions of two rounds never overlap.
    List<Long> ran = new ArrayList<>();
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(8, clock, ran::add);
    List<Runner> runners = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      runners.add(new Runner(barrier, threads));
    }
    runners.forEach(Runner::arrive);
    for (Runner each : runners) {
      each.done.get(60, TimeUnit.SECONDS);
    }
    assertThat(ran).hasSize(ROUNDS).isSorted().doesNotHaveDuplicates();
    assertThat(runners).allSatisfy(each -> assertThat(each.rounds).isEqualTo(ran));
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
  }

  @Test
  void aCancelOfAnEndedRoundThatRacesTheNextHarmsNobody() throws Exception {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    CyclicBarrier start = new CyclicBarrier(2);
    for (int i = 0; i < ROUNDS; i++) {
      Place stale = barrier.await(HERE);
      barrier.await(HERE);
      Future<Boolean> cancel =
          threads.submit(
              () -> {
                start.await();
                return stale.cancel();
              });
      start.await();
      Place next = barrier.await(HERE);
      Place last = barrier.await(HERE);
      assertThat(cancel.get()).isFalse();
      assertThat(next.stage().toCompletableFuture().get().round()).isEqualTo(2L * i + 1);
      assertThat(last.stage().toCompletableFuture()).isCompleted();
      assertThat(barrier.isBroken()).isFalse();
    }
  }

  /** A party that comes back as soon as it is told. */
  private static final class Runner {
    private final AsyncCyclicBarrier barrier;
    private final Executor executor;
    private final List<Long> rounds = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private Runner(AsyncCyclicBarrier barrier, Executor executor) {
      this.barrier = barrier;
      this.executor = executor;
    }

    private void arrive() {
      // Not on this thread where the place is settled by now: each time would lie deeper in the
      // stack.
      barrier.await(executor).stage().whenCompleteAsync(this::passed, executor);
    }

    private void passed(Arrival arrival, Throwable failed) {
      if (failed != null) {
        done.completeExceptionally(failed);
        return;
      }
      rounds.add(arrival.round());
      if (rounds.size() == ROUNDS) {
        done.complete(null);
      } else {
        arrive();
      }
    }
  }

  @Test
  void aCancelThatRacesTheLastArrivalFailsAllOrNobody() throws Exception {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    CyclicBarrier start = new CyclicBarrier(2);
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier.await(HERE);
      Future<Boolean> cancel =
          threads.submit(
              () -> {
                start.await();
                return first.cancel();
              });
      start.await();
      Place last = barrier.await(HERE);
      boolean failed = cancel.get();
      assertThat(first.stage().toCompletableFuture().isCompletedExceptionally()).isEqualTo(failed);
      assertThat(last.stage().toCompletableFuture().isCompletedExceptionally()).isEqualTo(failed);
      assertThat(barrier.isBroken()).isEqualTo(failed);
      assertThat(barrier.waiting()).isZero();
      if (failed) {
        barrier.reset();
      }
    }
  }

  @Test
  void resetsThatRaceArrivalsAndActionsLetNoRoundThroughEarlyAndLeaveNobodyBehind()
      throws Exception {
    AtomicLong inAction = new AtomicLong();
    AtomicLong overlaps = new AtomicLong();
    AsyncCyclicBarrier barrier =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              if (inAction.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
              }
              Thread.onSpinWait();
              inAction.decrementAndGet();
            });
    List<Future<Integer>> parties = new ArrayList<>();
    for (int party = 0; party < 2; party++) {
      parties.add(threads.submit(() -> passesAmongResets(barrier)));
    }
    while (!parties.stream().allMatch(Future::isDone)) {
      barrier.reset();
    }
    assertThat(parties.get(0).get())
        .as("a round is for all or none")
        .isEqualTo(parties.get(1).get());
    assertThat(overlaps).hasValue(0);
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
  }

  private static int passesAmongResets(AsyncCyclicBarrier barrier) throws Exception {
    int passes = 0;
    for (int i = 0; i < ROUNDS; i++) {
      try {
        barrier.await(HERE).stage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        passes++;
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                RoundFailedException.class,
                failed -> assertThat(failed.reason()).isEqualTo(RoundFailedException.Reason.RESET));
      }
    }
    return passes;
  }
}
