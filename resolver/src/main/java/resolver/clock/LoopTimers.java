package resolver.clock;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Timers that run on one event loop. */
public final class LoopTimers implements Timers {
  private final EventExecutor loop;

  /** The timers of a loop. */
  public LoopTimers(EventExecutor loop) {
    this.loop = loop;
  }

  @Override
  public Timeout schedule(long delayNanos, Runnable task) {
    Future<?> scheduled = loop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }
}
