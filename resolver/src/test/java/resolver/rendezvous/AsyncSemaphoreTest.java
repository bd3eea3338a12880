package resolver.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;

class AsyncSemaphoreTest {
  @Test
  void permitsAreGivenWhileThereAreSomeAndThenInTheOrderOfAsking() {
    AsyncSemaphore semaphore = new AsyncSemaphore(2);
    List<Integer> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int own = i;
      semaphore.acquire(Runnable::run).thenRun(() -> told.add(own));
    }
    assertThat(told).containsExactly(0, 1);
    assertThat(semaphore.waiting()).isEqualTo(3);
    semaphore.release();
    assertThat(told).containsExactly(0, 1, 2);
    for (int i = 0; i < 4; i++) {
      semaphore.release();
    }
    assertThat(told).containsExactly(0, 1, 2, 3, 4);
    assertThat(semaphore.available()).isEqualTo(2);
    assertThat(semaphore.waiting()).isZero();
  }

  @Test
  void whoWaitsIsToldOnItsOwnExecutor() {
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    HandExecutor own = new HandExecutor();
    CompletableFuture<Void> first = semaphore.acquire(own).toCompletableFuture();
    CompletableFuture<Void> second = semaphore.acquire(own).toCompletableFuture();
    assertThat(first).isNotDone();
    own.runAll();
    assertThat(first).isDone();
    semaphore.release();
    assertThat(second).isNotDone();
    own.runAll();
    assertThat(second).isDone();
  }

  @Test
  void aPartyWhoseExecutorHasEndedLearnsOfItsPermit() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    HandExecutor ended = new HandExecutor();
    CompletableFuture<Void> told = semaphore.acquire(ended).toCompletableFuture();
    ended.shutDown();
    semaphore.release();
    assertThat(told).isDone();
  }

  @Test
  void thereCannotBeFewerThanNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AsyncSemaphore(-1))
        .withMessage("permits: -1 (expected: >= 0)");
  }

  @Test
  void twoThreadsNeverHoldMoreThanThereAre() throws Exception {
    int turns = 50_000;
    AsyncSemaphore semaphore = new AsyncSemaphore(3);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch left = new CountDownLatch(2 * turns);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2 * turns; i++) {
        semaphore
            .acquire(threads)
            .thenRun(
                () -> {
                  most.accumulateAndGet(held.incrementAndGet(), Math::max);
                  held.decrementAndGet();
                  semaphore.release();
                  left.countDown();
                });
      }
      assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(semaphore.available()).isEqualTo(3);
  }
}
