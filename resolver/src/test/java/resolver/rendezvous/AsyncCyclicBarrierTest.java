package resolver.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.clock.Timers;
import resolver.fixtures.HandExecutor;
import resolver.fixtures.ManualClock;
import resolver.rendezvous.RoundFailedException.Reason;

/** What the barrier promises, step by step on one thread; each behaviour for 10,000 rounds. */
class AsyncCyclicBarrierTest {
  private static final int ROUNDS = 10_000;
  private static final Executor HERE = Runnable::run;

  private final ManualClock clock = new ManualClock();

  @Test
  void aNewOneKnowsItsPartiesAndNobodyWaits() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(10, clock);
    assertThat(barrier.parties()).isEqualTo(10);
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void thereMustBeParties(int parties) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AsyncCyclicBarrier(parties, clock))
        .withMessage("parties: " + parties + " (expected: >= 1)");
  }

  @Test
  void nobodyPassesBeforeAllHaveCome() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(3, clock);
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(HERE);
      Place second = barrier.await(HERE);
      assertThat(first.stage().toCompletableFuture()).isNotDone();
      assertThat(barrier.waiting()).isEqualTo(2);
      Place third = barrier.await(HERE);
      assertThat(arrivals(first, second, third))
          .containsExactly(new Arrival(round, 2), new Arrival(round, 1), new Arrival(round, 0));
      assertThat(barrier.waiting()).isZero();
      assertThat(barrier.isBroken()).isFalse();
    }
  }

  @Test
  void theActionRunsOncePerRoundBeforeAnybodyIsTold() {
    List<Long> ran = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    AsyncCyclicBarrier barrier =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              assertThat(places).allMatch(place -> !isDone(place));
              ran.add(round);
            });
    for (int round = 0; round < ROUNDS; round++) {
      places.clear();
      places.add(barrier.await(HERE));
      assertThat(ran).hasSize(round);
      places.add(barrier.await(HERE));
      assertThat(ran).hasSize(round + 1).endsWith((long) round);
      assertThat(places).allMatch(AsyncCyclicBarrierTest::isDone);
    }
  }

  @Test
  void thoseWhoWaitAreCountedDuringTheActionToo() {
    List<Integer> seen = new ArrayList<>();
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] = new AsyncCyclicBarrier(2, clock, round -> seen.add(barrier[0].waiting()));
    for (int round = 0; round < ROUNDS; round++) {
      barrier[0].await(HERE);
      barrier[0].await(HERE);
    }
    assertThat(seen).hasSize(ROUNDS).containsOnly(2);
  }

  @Test
  void aSinglePartyNeverWaitsAndStillRunsTheAction() {
    List<Long> ran = new ArrayList<>();
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(1, clock, ran::add);
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(arrivals(barrier.await(HERE))).containsExactly(new Arrival(round, 0));
    }
    assertThat(ran).hasSize(ROUNDS);
  }

  @Test
  void roundsThatFillUpDuringAReleaseFollowOneAnotherWithoutDiggingIntoTheStack() {
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    List<Long> ran = new ArrayList<>();
    barrier[0] =
        new AsyncCyclicBarrier(
            1,
            clock,
            round -> {
              ran.add(round);
              if (round < ROUNDS - 1) {
                barrier[0].await(HERE);
              }
            });
    barrier[0].await(HERE);
    assertThat(ran).hasSize(ROUNDS).isSorted();
    assertThat(barrier[0].waiting()).isZero();
  }

  @Test
  void everyPartyIsToldOnItsOwnExecutor() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    HandExecutor one = new HandExecutor();
    HandExecutor two = new HandExecutor();
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(one);
      Place second = barrier.await(two);
      assertThat(isDone(first) || isDone(second)).isFalse();
      two.runOne();
      assertThat(isDone(second)).isTrue();
      assertThat(isDone(first)).isFalse();
      one.runOne();
      assertThat(isDone(first)).isTrue();
      assertThat(one.waiting() + two.waiting()).isZero();
    }
  }

  @Test
  void aFastPartyComesBackBeforeASlowOneHasLearntOfTheLastRound() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    HandExecutor slowLoop = new HandExecutor();
    Place slow = barrier.await(slowLoop);
    Place fast = barrier.await(HERE);
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(arrivals(fast)).extracting(Arrival::round).containsExactly((long) round);
      assertThat(isDone(slow)).isFalse();
      fast = barrier.await(HERE);
      assertThat(barrier.waiting()).isEqualTo(1);
      assertThat(isDone(fast)).isFalse();
      slowLoop.runAll();
      assertThat(arrivals(slow)).extracting(Arrival::round).containsExactly((long) round);
      slow = barrier.await(slowLoop);
    }
  }

  @Test
  void aPartyWhoseExecutorHasEndedIsToldAllTheSameAndHarmsNobody() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(3, clock);
    HandExecutor ended = new HandExecutor();
    ended.shutDown();
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(HERE);
      Place second = barrier.await(ended);
      Place third = barrier.await(HERE);
      assertThat(arrivals(first, second, third)).hasSize(3);
    }
  }

  @Test
  void aPartyWithoutTimeIsNotCountedAndHarmsNobody() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    for (int round = 0; round < ROUNDS; round++) {
      Place waiting = barrier.await(HERE);
      Place late = barrier.await(HERE, Duration.ZERO);
      Place later = barrier.await(HERE, Duration.ofSeconds(-1));
      assertThat(failure(late).reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(failure(later).reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(barrier.waiting()).isEqualTo(1);
      assertThat(barrier.isBroken()).isFalse();
      assertThat(arrivals(waiting, barrier.await(HERE))).hasSize(2);
    }
  }

  @Test
  void aDeadlineFailsTheRoundForAllAndTheBarrierStaysBroken() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(4, clock);
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier.await(HERE);
      Place hasty = barrier.await(HERE, Duration.ofSeconds(1));
      Place patient = barrier.await(HERE, Duration.ofSeconds(2));
      clock.advance(Duration.ofMillis(999));
      assertThat(isDone(hasty)).isFalse();
      clock.advance(Duration.ofMillis(1));
      assertThat(failure(hasty).reason()).isEqualTo(Reason.TIMED_OUT);
      for (Place other : List.of(first, patient)) {
        assertThat(failure(other).reason()).isEqualTo(Reason.BROKEN);
        assertThat(failure(other)).hasCause(failure(hasty));
        assertThat(failure(other).round()).isEqualTo(failure(hasty).round());
      }
      assertStaysBroken(barrier, failure(hasty));
      assertThat(clock.pending()).as("no timer is left").isZero();
      barrier.reset();
    }
  }

  @Test
  void aDeadlineInMidCyclingFailsThatRoundAlone() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(HERE, Duration.ofSeconds(1));
      assertThat(arrivals(first, barrier.await(HERE, Duration.ofSeconds(1))))
          .allMatch(arrival -> arrival.round() < ROUNDS);
    }
    assertThat(clock.pending()).as("who passes needs no timer").isZero();
    Place lonely = barrier.await(HERE, Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(failure(lonely).round()).isEqualTo(ROUNDS);
    assertThat(barrier.isBroken()).isTrue();
  }

  @Test
  void aPartyThatCancelsFailsTheRoundForAll() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(3, clock);
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier.await(HERE);
      Place second = barrier.await(HERE);
      assertThat(second.cancel()).isTrue();
      assertThat(second.cancel()).isFalse();
      assertThat(first.cancel()).isFalse();
      assertThat(failure(second).reason()).isEqualTo(Reason.CANCELLED);
      assertThat(failure(first).reason()).isEqualTo(Reason.BROKEN);
      assertStaysBroken(barrier, failure(second));
      barrier.reset();
    }
  }

  @Test
  void aCancelThatComesTooLateTouchesNoOtherRound() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(HERE);
      Place second = barrier.await(HERE);
      Place next = barrier.await(HERE);
      assertThat(first.cancel()).isFalse();
      assertThat(second.cancel()).isFalse();
      assertThat(barrier.isBroken()).isFalse();
      assertThat(barrier.waiting()).isEqualTo(1);
      assertThat(arrivals(first, second, next, barrier.await(HERE))).hasSize(4);
    }
  }

  @Test
  void aDeadlineHeldUpUntilTheNextRoundTouchesOnlyItsOwn() {
    List<Runnable> heldUp = new ArrayList<>();
    Timers deaf =
        (delay, task) -> {
          heldUp.add(task);
          return () -> {};
        };
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, deaf);
    for (int round = 0; round < ROUNDS; round++) {
      barrier.await(HERE, Duration.ofSeconds(1));
      barrier.await(HERE);
      Place next = barrier.await(HERE);
      heldUp.forEach(Runnable::run);
      heldUp.clear();
      assertThat(barrier.isBroken()).isFalse();
      assertThat(arrivals(next, barrier.await(HERE))).hasSize(2);
    }
  }

  @Test
  void aCancelDuringTheActionComesTooLate() {
    List<Place> places = new ArrayList<>();
    List<Boolean> cancelled = new ArrayList<>();
    AsyncCyclicBarrier barrier =
        new AsyncCyclicBarrier(2, clock, round -> cancelled.add(places.get(0).cancel()));
    for (int round = 0; round < ROUNDS; round++) {
      places.clear();
      places.add(barrier.await(HERE));
      places.add(barrier.await(HERE));
      assertThat(arrivals(places.toArray(Place[]::new))).hasSize(2);
    }
    assertThat(cancelled).hasSize(ROUNDS).containsOnly(false);
    assertThat(barrier.isBroken()).isFalse();
  }

  @Test
  void aResetFailsAllWhoWaitAndBeginsAnew() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(3, clock);
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier.await(HERE, Duration.ofSeconds(1));
      Place second = barrier.await(HERE);
      barrier.reset();
      assertThat(failure(first).reason()).isEqualTo(Reason.RESET);
      assertThat(failure(second).reason()).isEqualTo(Reason.RESET);
      assertThat(barrier.waiting()).isZero();
      assertThat(barrier.isBroken()).isFalse();
      Place[] fresh = {barrier.await(HERE), barrier.await(HERE), barrier.await(HERE)};
      assertThat(arrivals(fresh)).hasSize(3);
    }
    assertThat(clock.pending()).isZero();
  }

  @Test
  void aThrowingActionFailsAllWithItsCauseUntilTheReset() {
    IllegalStateException thrown = new IllegalStateException("on purpose");
    boolean[] throwing = {true};
    AsyncCyclicBarrier barrier =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              if (throwing[0]) {
                throw thrown;
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      throwing[0] = true;
      Place first = barrier.await(HERE);
      Place second = barrier.await(HERE);
      for (Place each : List.of(first, second)) {
        assertThat(failure(each).reason()).isEqualTo(Reason.ACTION_THREW);
        assertThat(failure(each)).hasCause(thrown);
      }
      assertThat(barrier.isBroken()).isTrue();
      assertThat(barrier.waiting()).isZero();
      assertThat(failure(barrier.await(HERE)).reason()).isEqualTo(Reason.BROKEN);
      throwing[0] = false;
      barrier.reset();
      assertThat(arrivals(barrier.await(HERE), barrier.await(HERE))).hasSize(2);
    }
  }

  @Test
  void anErrorInTheActionLeavesNobodyHangingEither() {
    AsyncCyclicBarrier barrier =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              throw new AssertionError("on purpose");
            });
    for (int round = 0; round < ROUNDS; round++) {
      Place first = barrier.await(HERE);
      Place second = barrier.await(HERE);
      assertThat(failure(first)).hasCauseInstanceOf(AssertionError.class);
      assertThat(failure(second)).hasCauseInstanceOf(AssertionError.class);
      barrier.reset();
    }
  }

  @Test
  void whoComesDuringTheActionWaitsForItsEnd() {
    List<Place> early = new ArrayList<>();
    List<Long> ran = new ArrayList<>();
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              ran.add(round);
              if (round % 3 == 0) {
                for (int i = 0; i < 5; i++) {
                  early.add(barrier[0].await(HERE));
                }
                assertThat(ran).as("no other round's action begins").endsWith(round);
                assertThat(early).noneMatch(AsyncCyclicBarrierTest::isDone);
                assertThat(barrier[0].waiting()).isEqualTo(7);
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier[0].await(HERE);
      Place second = barrier[0].await(HERE);
      assertThat(arrivals(first, second)).allMatch(arrival -> arrival.round() % 3 == 0);
      assertThat(arrivals(early.subList(0, 4).toArray(Place[]::new)))
          .extracting(arrival -> arrival.round() % 3)
          .containsExactly(1L, 1L, 2L, 2L);
      assertThat(isDone(early.get(4))).isFalse();
      barrier[0].reset();
      early.clear();
      ran.clear();
      // A reset uses up a number; come to a multiple of three again.
      while ((failedRound(barrier[0]) + 1) % 3 != 0) {
        assertThat(barrier[0].isBroken()).isFalse();
      }
    }
  }

  /** The number of a round that is made and reset. */
  private static long failedRound(AsyncCyclicBarrier barrier) {
    Place place = barrier.await(HERE);
    barrier.reset();
    return failure(place).round();
  }

  @Test
  void aStrictOneTurnsAwayOneTooManyAndTheRoundIsUnharmed() {
    List<Place> surplus = new ArrayList<>();
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] =
        new AsyncCyclicBarrier(2, clock, round -> surplus.add(barrier[0].await(HERE)), true);
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(arrivals(barrier[0].await(HERE), barrier[0].await(HERE))).hasSize(2);
    }
    assertThat(surplus)
        .hasSize(ROUNDS)
        .allMatch(place -> failure(place).reason() == Reason.SURPLUS);
  }

  @Test
  void aStrictOneLetsThoseWhoPassedComeBackWhileOthersAreStillTold() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock, round -> {}, true);
    List<Place> back = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      barrier.await(HERE).stage().thenRun(() -> back.add(barrier.await(HERE)));
      Place second = barrier.await(HERE);
      assertThat(isDone(second)).isTrue();
      assertThat(arrivals(back.remove(0), barrier.await(HERE))).hasSize(2);
    }
  }

  @Test
  void aResetDuringTheActionFailsTheRoundWhenTheActionIsOver() {
    List<Place> queued = new ArrayList<>();
    List<Place> afterReset = new ArrayList<>();
    Place[] first = new Place[1];
    boolean[] resetting = {true};
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              if (resetting[0]) {
                resetting[0] = false;
                queued.add(barrier[0].await(HERE));
                barrier[0].reset();
                assertThat(isDone(first[0])).as("the action is not over").isFalse();
                afterReset.add(barrier[0].await(HERE));
                afterReset.add(barrier[0].await(HERE));
                assertThat(afterReset).noneMatch(AsyncCyclicBarrierTest::isDone);
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      resetting[0] = true;
      first[0] = barrier[0].await(HERE);
      Place second = barrier[0].await(HERE);
      assertThat(failure(first[0]).reason()).isEqualTo(Reason.RESET);
      assertThat(failure(second).reason()).isEqualTo(Reason.RESET);
      assertThat(failure(queued.get(0)).reason()).isEqualTo(Reason.RESET);
      assertThat(arrivals(afterReset.toArray(Place[]::new))).hasSize(2);
      assertThat(barrier[0].isBroken()).isFalse();
      assertThat(barrier[0].waiting()).isZero();
      queued.clear();
      afterReset.clear();
    }
  }

  @Test
  void anActionThatResetsAndThrowsLeavesTheBarrierWhole() {
    boolean[] throwing = new boolean[1];
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] =
        new AsyncCyclicBarrier(
            1,
            clock,
            round -> {
              if (throwing[0]) {
                barrier[0].reset();
                throw new IllegalStateException("on purpose");
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      throwing[0] = true;
      assertThat(failure(barrier[0].await(HERE)).reason()).isEqualTo(Reason.ACTION_THREW);
      assertThat(barrier[0].isBroken()).isFalse();
      throwing[0] = false;
      assertThat(arrivals(barrier[0].await(HERE))).hasSize(1);
    }
  }

  @Test
  void aThrowingActionFailsThoseWhoHaveComeForLaterRoundsToo() {
    List<Place> early = new ArrayList<>();
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    barrier[0] =
        new AsyncCyclicBarrier(
            2,
            clock,
            round -> {
              for (int i = 0; i < 3; i++) {
                early.add(barrier[0].await(HERE));
              }
              throw new IllegalStateException("on purpose");
            });
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier[0].await(HERE);
      Place second = barrier[0].await(HERE);
      assertThat(failure(first).reason()).isEqualTo(Reason.ACTION_THREW);
      assertThat(failure(second).reason()).isEqualTo(Reason.ACTION_THREW);
      assertThat(early).hasSize(3).allMatch(place -> failure(place).reason() == Reason.BROKEN);
      assertThat(barrier[0].waiting()).isZero();
      early.clear();
      barrier[0].reset();
    }
  }

  @Test
  void aClosedOneFailsAllNowAndLaterAndNoResetHelps() {
    for (int i = 0; i < ROUNDS; i++) {
      AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
      Place waiting = barrier.await(HERE, Duration.ofSeconds(1));
      barrier.close();
      barrier.close();
      assertThat(failure(waiting).reason()).isEqualTo(Reason.CLOSED);
      barrier.reset();
      assertThat(barrier.isBroken()).isTrue();
      assertThat(failure(barrier.await(HERE)).reason()).isEqualTo(Reason.CLOSED);
      assertThat(barrier.waiting()).isZero();
    }
    assertThat(clock.pending()).isZero();
  }

  @Test
  void aCloseDuringTheActionFailsTheRoundWhenTheActionIsOver() {
    AsyncCyclicBarrier[] barrier = new AsyncCyclicBarrier[1];
    for (int i = 0; i < ROUNDS; i++) {
      barrier[0] = new AsyncCyclicBarrier(2, clock, round -> barrier[0].close());
      Place first = barrier[0].await(HERE);
      Place second = barrier[0].await(HERE);
      assertThat(failure(first).reason()).isEqualTo(Reason.CLOSED);
      assertThat(failure(second).reason()).isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  void aDeadlineOfManyCenturiesIsWaitedForAsLongAsTimersCan() {
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(2, clock);
    for (int round = 0; round < ROUNDS; round++) {
      Place patient = barrier.await(HERE, Duration.ofSeconds(Long.MAX_VALUE));
      assertThat(barrier.waiting()).isEqualTo(1);
      assertThat(arrivals(patient, barrier.await(HERE))).hasSize(2);
    }
    assertThat(clock.pending()).isZero();
  }

  @Test
  void whereTheTimersHaveEndedThePartyIsToldAndNobodyWaitsForIt() {
    Timers ended =
        (delay, task) -> {
          throw new RejectedExecutionException("on purpose");
        };
    AsyncCyclicBarrier barrier = new AsyncCyclicBarrier(3, ended);
    for (int i = 0; i < ROUNDS; i++) {
      Place first = barrier.await(HERE);
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> barrier.await(HERE, Duration.ofSeconds(1)));
      assertThat(failure(first).reason()).isEqualTo(Reason.BROKEN);
      assertThat(barrier.waiting()).isZero();
      barrier.reset();
      assertThat(arrivals(barrier.await(HERE), barrier.await(HERE), barrier.await(HERE)))
          .hasSize(3);
    }
  }

  private static void assertStaysBroken(AsyncCyclicBarrier barrier, RoundFailedException cause) {
    assertThat(barrier.isBroken()).isTrue();
    assertThat(barrier.waiting()).isZero();
    Place late = barrier.await(HERE);
    assertThat(failure(late).reason()).isEqualTo(Reason.BROKEN);
    assertThat(failure(late)).hasCause(cause);
    assertThat(late.cancel()).isFalse();
  }

  private static boolean isDone(Place place) {
    return place.stage().toCompletableFuture().isDone();
  }

  private static List<Arrival> arrivals(Place... places) {
    List<Arrival> arrivals = new ArrayList<>();
    for (Place place : places) {
      assertThat(isDone(place)).isTrue();
      arrivals.add(place.stage().toCompletableFuture().join());
    }
    return arrivals;
  }

  private static RoundFailedException failure(Place place) {
    CompletableFuture<Arrival> told = place.stage().toCompletableFuture();
    assertThat(told).isCompletedExceptionally();
    try {
      told.join();
      throw new AssertionError("nothing was thrown");
    } catch (CompletionException e) {
      if (e.getCause() instanceof RoundFailedException failed) {
        return failed;
      }
      throw e;
    }
  }
}
