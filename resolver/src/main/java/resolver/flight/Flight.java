package resolver.flight;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resolver.flight.FlightException.Reason;

/**
 * One run of a loader for one key, and those who wait for it in the order of their coming.
 *
 * <p>Its own lock guards the line and the changes of state; see {@link SingleFlight}.
 */
final class Flight<K, V> implements FlightContext<K, V>, Completion<V> {
  private enum State {
    /** In the map; may be joined. */
    OPEN,
    /** Out of the map, its loader still at work; its result will not be kept. */
    FORGOTTEN,
    /** Its end is decided and its line is closed. */
    SEALED
  }

  private record Result<V>(@Nullable V value, @Nullable Throwable failure, long at) {}

  final SingleFlight<K, V> group;
  final long id;
  final K key;
  final long startedAt;
  final long deadline;

  /** 1 for a flight that a client has started, one more for each flight in between. */
  final int depth;

  /** In octets, without its waiters. */
  final int weight;

  /** Guarded by the roster. */
  @Nullable Flight<K, V> older;

  /** Guarded by the roster. */
  @Nullable Flight<K, V> newer;

  /** Guarded by the roster. */
  boolean listed;

  /** Guarded by the edges. */
  @Nullable Set<Waiting<K, V>> waitsFor;

  /** Written under the lock of the edges, before {@link #isSealed} is asked. */
  volatile int childJoins;

  private volatile State state = State.OPEN;
  private volatile @Nullable Result<V> result;
  private volatile long lastJoinAt;

  // Guarded by this.
  private final Places<K, V> line = new Places<>();
  private int joined;
  private boolean detached;
  private boolean admitted;
  private boolean cancelled;
  private @Nullable Runnable onCancel;

  Flight(SingleFlight<K, V> group, long id, K key, int weight, int depth, long now) {
    this.group = group;
    this.id = id;
    this.key = key;
    this.weight = weight;
    this.depth = depth;
    this.startedAt = now;
    this.lastJoinAt = now;
    this.deadline = now + group.timeNanos;
  }

  /** Puts the first waiter in line, before anybody else knows of the flight. */
  synchronized void lead(Waiting<K, V> leader) {
    line.add(leader);
    joined = 1;
  }

  /**
   * Puts another waiter in line.
   *
   * @return {@link Joined#FOLLOWER}, a refusal, or null where the flight takes nobody any more and
   *     a new one may start
   */
  synchronized @Nullable Joined attach(Waiting<K, V> follower) {
    if (state != State.OPEN) {
      return null;
    }
    if (deadline - follower.joinedAt < SingleFlight.LAST_TRY) {
      return Joined.TOO_LATE;
    }
    lastJoinAt = follower.joinedAt;
    settleDetached();
    line.add(follower);
    joined++;
    return Joined.FOLLOWER;
  }

  /** Takes a waiter that has left out of the line. The last one decides over the flight. */
  void unlink(Waiting<K, V> leaving) {
    boolean cancels;
    synchronized (this) {
      if (state == State.SEALED) {
        return;
      }
      line.remove(leaving);
      if (line.size() > 0) {
        return;
      }
      detached = state == State.OPEN && group.detach();
      cancels = !detached;
      if (cancels) {
        seal();
        cancelled = true;
      }
    }
    if (cancels) {
      settle(failed(Reason.CANCELLED), null);
    }
    group.listener.abandoned(cancels);
  }

  /**
   * Takes the flight out of the map while its loader goes on. Those who wait get its result; where
   * nobody does, it is cancelled, for its result is of no use any more.
   *
   * @return false if it was not open, or is shared and must not be then
   */
  boolean forget(boolean evenIfShared) {
    boolean cancels;
    synchronized (this) {
      if (state != State.OPEN || (!evenIfShared && joined > 1)) {
        return false;
      }
      state = State.FORGOTTEN;
      cancels = line.size() == 0;
      if (cancels) {
        seal();
        cancelled = true;
      }
    }
    group.remove(this);
    group.listener.forgotten();
    if (cancels) {
      settle(failed(Reason.CANCELLED), null);
    }
    return true;
  }

  /** From here on the flight counts as one: its loader is called once, and its end is told. */
  void admit() {
    admitted = true;
  }

  /** Sets the watchdog and calls the loader. */
  void start(Loader<K, V> loader) {
    try {
      group.roster.watch();
      loader.load(key, this, this);
    } catch (Throwable thrown) {
      defect(thrown);
    }
  }

  /** Ends a flight that may not start; its first waiter is told by the ticket. */
  void refuse(Waiting<K, V> leader, Joined why) {
    leader.withdraw();
    Waiting<K, V> first;
    synchronized (this) {
      admitted = false;
      first = seal();
      cancelled = true;
    }
    Reason reason = why == Joined.CLOSING ? Reason.CLOSING : Reason.DISPLACED;
    settle(failed(reason), first);
  }

  /** Ends the flight without its loader, unless it has ended. */
  void abort(Reason reason) {
    if (end(failed(reason), true) && reason == Reason.DEADLINE) {
      group.listener.watchdogKilled();
    }
  }

  @Override
  public void value(V value) {
    if (value == null) {
      defect(new NullPointerException("value: null (expected: an object)"));
      return;
    }
    end(new Result<>(value, null, group.ticker.nanos()), false);
  }

  @Override
  public void failure(Throwable failure) {
    Throwable known = Objects.requireNonNullElseGet(failure, NullPointerException::new);
    end(new Result<>(null, known, group.ticker.nanos()), false);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public synchronized int waiters() {
    return line.size();
  }

  @Override
  public boolean mayKeep() {
    return state == State.OPEN;
  }

  @Override
  public void onCancel(Runnable task) {
    synchronized (this) {
      if (state != State.SEALED) {
        onCancel = both(onCancel, task);
        return;
      }
      if (!cancelled) {
        return;
      }
    }
    run(task);
  }

  @Override
  public Ticket joinChild(K childKey, Waiter<V> waiter, Loader<K, V> loader) {
    return group.join(childKey, waiter, loader, this, true);
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isSealed() {
    return state == State.SEALED;
  }

  long lastJoinAt() {
    return lastJoinAt;
  }

  /** What the waiters are told, or null until then. */
  @Nullable Object result() {
    return result;
  }

  /** What one waiter is told; the flight has its result. */
  Outcome<V> outcomeFor(Waiting<K, V> place) {
    Result<V> end = Objects.requireNonNull(result);
    return new Outcome<>(
        end.value,
        end.failure,
        joined > 1,
        place.leader,
        id,
        end.at - startedAt,
        group.ticker.nanos() - place.joinedAt);
  }

  FlightSnapshot<K> snapshot(long now) {
    List<Long> others = group.edges.of(this).stream().map(place -> place.flight.id).toList();
    return new FlightSnapshot<>(
        id, key, now - startedAt, waiters(), state == State.FORGOTTEN, others);
  }

  private void defect(Throwable thrown) {
    group.listener.loaderThrew(key, thrown);
    failure(thrown);
  }

  private Result<V> failed(Reason reason) {
    return new Result<>(null, new FlightException(reason), group.ticker.nanos());
  }

  private boolean end(Result<V> how, boolean withoutLoader) {
    Waiting<K, V> first;
    synchronized (this) {
      if (state == State.SEALED) {
        return false;
      }
      first = seal();
      cancelled = withoutLoader;
    }
    settle(how, first);
    return true;
  }

  /** Closes the line and hands it over; called once, under the lock. */
  private @Nullable Waiting<K, V> seal() {
    state = State.SEALED;
    settleDetached();
    return line.takeAll();
  }

  /** What follows the seal, in this order, under no lock. */
  private void settle(Result<V> how, @Nullable Waiting<K, V> first) {
    group.remove(this);
    group.roster.remove(this);
    result = how;
    if (admitted) {
      group.listener.ended(key, how.value, how.failure, joined, how.at - startedAt);
    }
    Line.tell(first);
    leaveChildren();
    Runnable task = takeOnCancel();
    if (cancelled) {
      run(task);
    }
    group.unreserve(weight);
  }

  private void leaveChildren() {
    if (childJoins > 0) {
      group.edges.of(this).forEach(Waiting::leave);
    }
  }

  private synchronized @Nullable Runnable takeOnCancel() {
    Runnable task = onCancel;
    onCancel = null;
    return task;
  }

  private void run(@Nullable Runnable task) {
    try {
      if (task != null) {
        task.run();
      }
    } catch (Throwable thrown) {
      group.faults.report("a loader told to stop", key, thrown);
    }
  }

  private static Runnable both(@Nullable Runnable one, Runnable other) {
    if (one == null) {
      return other;
    }
    return () -> {
      try {
        one.run();
      } finally {
        other.run();
      }
    };
  }

  private void settleDetached() {
    if (detached) {
      detached = false;
      group.attachAgain();
    }
  }
}
