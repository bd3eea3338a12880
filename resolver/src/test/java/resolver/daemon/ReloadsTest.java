package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who want a reload at the same time share it. */
@Timeout(60)
class ReloadsTest {
  private final AtomicInteger orders = new AtomicInteger();
  private final Reloads<String> reloads = new Reloads<>(orders::incrementAndGet);

  @Test
  void askersShareARunThatHasNotBegun() {
    CompletableFuture<String> one = reloads.request();
    CompletableFuture<String> other = reloads.request();
    assertThat(orders).hasValue(1);
    reloads.run(askers -> "first, for " + askers);
    assertThat(one).isCompletedWithValue("first, for 2");
    assertThat(other).isCompletedWithValue("first, for 2");
    reloads.run(
        askers -> {
          throw new AssertionError("nobody has asked");
        });
  }

  @Test
  void whoComesWhileOneRunsGetsTheNext() {
    List<CompletableFuture<String>> late = new ArrayList<>();
    CompletableFuture<String> early = reloads.request();
    reloads.run(
        askers -> {
          late.add(reloads.request());
          late.add(reloads.request());
          return "first";
        });
    assertThat(early).isCompletedWithValue("first");
    assertThat(late).noneMatch(CompletableFuture::isDone);
    assertThat(orders).hasValue(2);
    reloads.run(askers -> "second, for " + askers);
    assertThat(late).allMatch(each -> "second, for 2".equals(each.join()));
  }

  @Test
  void whoeverWaitsAtTheStopIsTold() {
    CompletableFuture<String> waiting = reloads.request();
    reloads.close("over");
    assertThat(waiting).isCompletedWithValue("over");
    assertThat(reloads.request()).isCompletedWithValue("over");
  }

  @Test
  void aHundredAtOnceAreTwoRunsAtMost() throws Exception {
    int many = 100;
    BlockingQueue<Boolean> queue = new LinkedBlockingQueue<>();
    Reloads<Integer> shared = new Reloads<>(() -> queue.add(true));
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(many);
    List<CompletableFuture<Integer>> outcomes = new ArrayList<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                while (queue.take()) {
                  // As long as a run takes, so that all others come while the first one runs.
                  shared.run(
                      askers -> {
                        try {
                          asked.await(30, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                        return runs.incrementAndGet();
                      });
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    runner.start();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Thread asker =
          new Thread(
              () -> {
                CompletableFuture<Integer> outcome = shared.request();
                synchronized (outcomes) {
                  outcomes.add(outcome);
                }
                asked.countDown();
              });
      askers.add(asker);
      asker.start();
    }
    for (Thread asker : askers) {
      asker.join();
    }
    for (CompletableFuture<Integer> outcome : outcomes) {
      assertThat(outcome.get(30, TimeUnit.SECONDS)).isBetween(1, 2);
    }
    assertThat(runs.get()).isBetween(1, 2);
    runner.interrupt();
    runner.join();
  }
}
