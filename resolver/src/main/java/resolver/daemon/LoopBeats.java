package resolver.daemon;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Whether all event loops are alive: every asking hands each loop a task, and the next asking looks
 * whether all of them have run. So a loop that hangs is found one asking later.
 *
 * <p>One thread asks; the loops answer.
 */
final class LoopBeats implements BooleanSupplier {
  private final List<Executor> loops;
  private AtomicInteger missing = new AtomicInteger();

  LoopBeats(Collection<? extends Executor> loops) {
    this.loops = List.copyOf(loops);
  }

  @Override
  public boolean getAsBoolean() {
    if (missing.get() > 0) {
      // No second task for a loop that has not run the first: a hanging one would hoard them.
      return false;
    }
    AtomicInteger round = new AtomicInteger(loops.size());
    missing = round;
    try {
      loops.forEach(loop -> loop.execute(round::decrementAndGet));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
