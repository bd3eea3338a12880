package resolver.flight;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A waiter that is a stage. */
final class Promise<V> implements Waiter<V> {
  final CompletableFuture<Outcome<V>> told = new CompletableFuture<>();
  private final Executor executor;

  Promise(Executor executor) {
    this.executor = executor;
  }

  /** Tells the caller itself that it has no place, for no flight will. */
  void settleUnlessWaiting(Ticket ticket) {
    if (!ticket.joined().waits()) {
      FlightException refused = new FlightException(FlightException.Reason.REFUSED);
      told.complete(new Outcome<>(null, refused, false, false, 0, 0, 0));
    }
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public void complete(Outcome<V> outcome) {
    told.complete(outcome);
  }

  @Override
  public void lost(Throwable rejected) {
    told.completeExceptionally(rejected);
  }
}
