package resolver.daemon;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import resolver.clock.Timers;
import resolver.net.Sockets;

/**
 * All threads of the process.
 *
 * <ul>
 *   <li>The event loops do the work, and never block.
 *   <li>The watchdog's timers outlive them: what they wait for may be a loop that hangs.
 *   <li>Chores read files, which may block, and never delay the watchdog.
 *   <li>Off the loops, large responses are parsed; there is room for a few, and no more.
 * </ul>
 */
final class Threads implements AutoCloseable {
  private static final int LARGE_RESPONSES = 64;

  private final int count;
  private final EventLoopGroup loops;
  private final ScheduledThreadPoolExecutor watchdog;
  private final ScheduledThreadPoolExecutor chores;
  private final ThreadPoolExecutor offLoop;

  Threads(Sockets sockets, int count) {
    this.count = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    loops = sockets.newLoops(this.count, "loop");
    watchdog = scheduler("watchdog");
    chores = scheduler("chores");
    offLoop =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(LARGE_RESPONSES),
            new DefaultThreadFactory("off-loop", true));
    offLoop.allowCoreThreadTimeOut(true);
  }

  private static ScheduledThreadPoolExecutor scheduler(String name) {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory(name, true));
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return scheduler;
  }

  /** How many event loops there are. */
  int count() {
    return count;
  }

  EventLoopGroup loops() {
    return loops;
  }

  Executor offLoop() {
    return offLoop;
  }

  ScheduledThreadPoolExecutor chores() {
    return chores;
  }

  /** Has a chore done soon, unless all is about to end. Any thread may call. */
  void chore(Runnable task) {
    try {
      chores.execute(task);
    } catch (RejectedExecutionException e) {
      // Nobody needs it any more.
    }
  }

  Timers watchdog() {
    return (delayNanos, task) -> {
      if (watchdog.isShutdown()) {
        return () -> {};
      }
      ScheduledFuture<?> scheduled =
          watchdog.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    };
  }

  /** Ends them all; the loops close what sockets they have left. */
  @Override
  public void close() {
    chores.shutdownNow();
    Sockets.end(loops, 500).awaitUninterruptibly(1000);
    offLoop.shutdownNow();
    watchdog.shutdownNow();
  }
}
