package resolver.rendezvous;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import resolver.clock.Timers;

/**
 * A party's place in one round of a barrier. Any thread may call.
 *
 * <p>The round decides what becomes of a place, once; after that its timer, should it still come,
 * finds nothing to do.
 */
public final class Place {
  final Round round;
  final int arrivalIndex;
  private final Executor executor;
  private final CompletableFuture<Arrival> told = new CompletableFuture<>();
  private volatile Timers.@Nullable Timeout timeout;
  private volatile boolean settled;

  Place(Round round, int arrivalIndex, Executor executor) {
    this.round = round;
    this.arrivalIndex = arrivalIndex;
    this.executor = executor;
  }

  /**
   * Completes on the party's executor: with its arrival, or exceptionally with a {@link
   * RoundFailedException}. To be listened to, not to be completed; {@link #cancel} gives up.
   *
   * <p>The last to arrive may find it completed already, and then a listener runs as it is set. A
   * party that comes back from its listener sets one that runs on its executor.
   */
  public CompletionStage<Arrival> stage() {
    return told;
  }

  /**
   * Gives up, which fails the round for all who wait in it.
   *
   * @return false where the round was decided before; then nothing happens
   */
  public boolean cancel() {
    return round.barrier().abandon(this, RoundFailedException.Reason.CANCELLED);
  }

  /** Sets the timer; it may be that the place is settled by now. */
  void timeout(Timers.Timeout set) {
    timeout = set;
    if (settled) {
      set.cancel();
    }
  }

  void pass() {
    settle(() -> told.complete(new Arrival(round.number(), arrivalIndex)));
  }

  void fail(RoundFailedException why) {
    settle(() -> told.completeExceptionally(why));
  }

  /** A party whose executor takes no more tasks must not keep the others from being told. */
  private void settle(Runnable tell) {
    settled = true;
    Timers.Timeout set = timeout;
    if (set != null) {
      set.cancel();
    }
    try {
      executor.execute(tell);
    } catch (RuntimeException e) {
      tell.run();
    }
  }
}
