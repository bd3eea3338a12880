package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;

/** The stage and the blocking form. */
class FacadeTest {
  private final Setup setup = new Setup();

  @Test
  void aStageCompletesOnItsExecutor() {
    HandExecutor loop = new HandExecutor();
    CompletableFuture<Outcome<String>> stage =
        setup.flights.run("a", loop, setup.loads).toCompletableFuture();
    setup.loads.end(0, "one");
    assertThat(stage).isNotDone();
    loop.runAll();
    assertThat(stage.join().value()).isEqualTo("one");
  }

  @Test
  void aStageWhoseExecutorIsGoneFails() {
    HandExecutor gone = new HandExecutor();
    CompletableFuture<Outcome<String>> stage =
        setup.flights.run("a", gone, setup.loads).toCompletableFuture();
    gone.shutDown();
    setup.loads.end(0, "one");
    assertThat(stage)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aStageForARefusedJoinTellsSo() {
    assertThat(setup.flights.close(Duration.ZERO).toCompletableFuture()).isDone();
    Outcome<String> outcome =
        setup.flights.run("a", Runnable::run, setup.loads).toCompletableFuture().join();
    assertThat(outcome.failure()).hasMessage("no result: the join was refused");
  }

  @Test
  void aThreadWaitsForTheRunOfAnother() throws Exception {
    Callable<Outcome<String>> call =
        () -> setup.flights.runAndWait("a", setup.loads, Duration.ofMinutes(1));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Outcome<String>> first = threads.submit(call);
      awaitWaiters(1);
      Future<Outcome<String>> second = threads.submit(call);
      awaitWaiters(2);
      while (setup.loads.count() == 0) {
        Thread.onSpinWait();
      }
      setup.loads.end(0, "one");
      assertThat(first.get().value()).isEqualTo("one");
      assertThat(first.get().leader()).isTrue();
      assertThat(second.get().value()).isEqualTo("one");
      assertThat(second.get().leader()).isFalse();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aThreadWhoseTimeIsOverLeavesTheFlightAlone() {
    Told other = setup.joined("a");
    assertThatThrownBy(() -> setup.flights.runAndWait("a", setup.loads, Duration.ofNanos(1)))
        .isInstanceOf(TimeoutException.class);
    assertThat(setup.flights.waiters("a")).isEqualTo(1);
    setup.loads.end(0, "one");
    assertThat(other.value()).isEqualTo("one");
  }

  private void awaitWaiters(int count) {
    while (setup.flights.waiters("a") < count) {
      Thread.onSpinWait();
    }
  }
}
