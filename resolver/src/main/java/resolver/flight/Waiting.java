package resolver.flight;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A place in a flight: the waiter's ticket, its link in the line, and the task that tells it.
 *
 * <p>Its value is the waiter until somebody takes it out, to tell it or to let it leave. That one
 * exchange makes the outcome come once, and lets go of the waiter at the same moment.
 */
final class Waiting<K, V> extends AtomicReference<@Nullable Waiter<V>> implements Ticket, Runnable {
  private static final long serialVersionUID = 1;

  final Flight<K, V> flight;

  /** The flight that waits here, or null where somebody else does. */
  final @Nullable Flight<K, V> parent;

  final boolean leader;
  final long joinedAt;

  /** Guarded by the flight while it runs, then the own of whoever tells the line. */
  @Nullable Waiting<K, V> next;

  /** Guarded by the flight. */
  @Nullable Waiting<K, V> previous;

  Waiting(
      Flight<K, V> flight,
      Waiter<V> waiter,
      @Nullable Flight<K, V> parent,
      boolean leader,
      long joinedAt) {
    super(waiter);
    this.flight = flight;
    this.parent = parent;
    this.leader = leader;
    this.joinedAt = joinedAt;
  }

  @Override
  public Joined joined() {
    return leader ? Joined.LEADER : Joined.FOLLOWER;
  }

  @Override
  public boolean leave() {
    Waiter<V> waiter = get();
    if (waiter == null) {
      return false;
    }
    if (flight.result() != null && waiter.onOwnExecutor()) {
      run();
      return false;
    }
    if (!compareAndSet(waiter, null)) {
      return false;
    }
    flight.unlink(this);
    flight.group.listener.left();
    flight.group.release(this);
    return true;
  }

  /** Gives the place back unused, without a word to anybody. */
  void withdraw() {
    set(null);
    if (parent != null) {
      flight.group.edges.withdraw(parent, this);
    }
    flight.group.release(this);
  }

  /** Tells the waiter, on the spot where that may be, else by its executor. */
  void tell() {
    Waiter<V> waiter = get();
    if (waiter == null) {
      return;
    }
    try {
      if (waiter.onOwnExecutor()) {
        run();
      } else {
        waiter.executor().execute(this);
      }
    } catch (Throwable rejected) {
      lose(rejected);
    }
  }

  /** Tells the waiter here and now, unless it has left. The flight's result is there. */
  @Override
  public void run() {
    Waiter<V> waiter = getAndSet(null);
    if (waiter == null) {
      return;
    }
    SingleFlight<K, V> group = flight.group;
    try {
      Outcome<V> outcome = flight.outcomeFor(this);
      group.listener.delivered(outcome);
      waiter.complete(outcome);
    } catch (Throwable thrown) {
      group.faults.report("a waiter", flight.key, thrown);
    } finally {
      group.release(this);
    }
  }

  /** Lets go of a waiter that cannot be reached. */
  void lose(Throwable rejected) {
    Waiter<V> waiter = getAndSet(null);
    if (waiter == null) {
      return;
    }
    SingleFlight<K, V> group = flight.group;
    try {
      group.listener.lost();
      waiter.lost(rejected);
    } catch (Throwable thrown) {
      group.faults.report("a waiter", flight.key, thrown);
    } finally {
      group.release(this);
    }
  }
}
