package resolver.rendezvous;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One meeting of the parties. Guarded by the lock of its barrier, but for what is final. */
final class Round {
  private final AsyncCyclicBarrier barrier;
  private final long number;

  /** Who has come, the first one first. */
  final List<Place> places = new ArrayList<>();

  /** Set where the round must not be passed though all have come. */
  RoundFailedException.@Nullable Reason doom;

  Round(AsyncCyclicBarrier barrier, long number) {
    this.barrier = barrier;
    this.number = number;
  }

  AsyncCyclicBarrier barrier() {
    return barrier;
  }

  long number() {
    return number;
  }
}
