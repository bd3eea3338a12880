package resolver.rendezvous;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits for parties that are not threads: first come, first served. Any thread may
 * call; who waits is told on its own executor, and never under the lock.
 */
public final class AsyncSemaphore {
  private record Waiting(Executor executor, CompletableFuture<Void> told) {
    /** A party whose executor takes no more tasks must learn of its permit all the same. */
    void tell() {
      try {
        executor.execute(() -> told.complete(null));
      } catch (RuntimeException e) {
        told.complete(null);
      }
    }
  }

  private final Object lock = new Object();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int permits;

  /**
   * A semaphore.
   *
   * @param permits how many there are, 0 or more
   * @throws IllegalArgumentException where there are fewer
   */
  public AsyncSemaphore(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits: " + permits + " (expected: >= 0)");
    }
    this.permits = permits;
  }

  /** Takes a permit as soon as there is one; the stage then completes on the executor. */
  public CompletionStage<Void> acquire(Executor executor) {
    Waiting own = new Waiting(executor, new CompletableFuture<>());
    synchronized (lock) {
      if (permits == 0) {
        queue.add(own);
        return own.told();
      }
      permits--;
    }
    own.tell();
    return own.told();
  }

  /** Gives a permit back, which goes to the one who waits longest. */
  public void release() {
    Waiting next;
    synchronized (lock) {
      next = queue.poll();
      if (next == null) {
        permits++;
      }
    }
    tell(next);
  }

  /** How many permits are free. */
  public int available() {
    synchronized (lock) {
      return permits;
    }
  }

  /** How many parties wait for a permit. */
  public int waiting() {
    synchronized (lock) {
      return queue.size();
    }
  }

  private static void tell(@Nullable Waiting waiting) {
    if (waiting != null) {
      waiting.tell();
    }
  }
}
