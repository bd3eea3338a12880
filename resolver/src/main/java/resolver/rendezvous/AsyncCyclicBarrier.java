package resolver.rendezvous;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import resolver.clock.Timers;
import resolver.rendezvous.RoundFailedException.Reason;

/**
 * Lets a fixed number of parties go together, again and again. A party is whoever awaits; it holds
 * no thread meanwhile.
 *
 * <ul>
 *   <li>Each meeting is a round of its own. The last to arrive makes it full; from then on nobody
 *       can leave it, and who comes next belongs to the next round.
 *   <li>The thread of the last to arrive runs the action, and then tells the parties, each on its
 *       own executor. Rounds that have filled up meanwhile follow, in their order, on that thread.
 *   <li>A round comes about for all of its parties or for none. When one gives up, runs out of time
 *       or the action throws, all fail, and so does every further await until {@link #reset}.
 * </ul>
 *
 * <p>Any thread may call anything, and the action and those who are told may call back. The lock
 * guards the rounds, and is never held while foreign code runs. What a party did before it awaited
 * is visible to the action, and what the action did to all who pass.
 */
public final class AsyncCyclicBarrier implements AutoCloseable {
  /** What is done between the last arrival and the release. */
  public interface Action {
    /** Does nothing. */
    Action NONE = round -> {};

    /**
     * Runs once a round.
     *
     * @param round its number
     * @throws Exception fails the round for all its parties
     */
    void run(long round) throws Exception;
  }

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final int parties;
  private final Timers timers;
  private final Action action;
  private final boolean strict;

  private final Object lock = new Object();

  /** Full rounds, whose turn comes in this order; the first one's action may be under way. */
  private final Deque<Round> full = new ArrayDeque<>();

  private Round open = new Round(this, 0);
  private @Nullable RoundFailedException broken;
  private boolean tripping;
  private boolean inAction;
  private boolean closed;

  /** A barrier without action, where one party too many joins the next round. */
  public AsyncCyclicBarrier(int parties, Timers timers) {
    this(parties, timers, Action.NONE);
  }

  /** A barrier where one party too many joins the next round. */
  public AsyncCyclicBarrier(int parties, Timers timers, Action action) {
    this(parties, timers, action, false);
  }

  /**
   * A barrier.
   *
   * @param parties how many make a round, 1 or more
   * @param timers where deadlines wait; their thread fails the round whose time is over
   * @param action runs in every round, on the thread of the last to arrive
   * @param strict whether a party that comes while the action runs is turned away; nobody who was
   *     let through can come so soon, so it is one too many
   * @throws IllegalArgumentException where there are no parties
   */
  public AsyncCyclicBarrier(int parties, Timers timers, Action action, boolean strict) {
    if (parties < 1) {
      throw new IllegalArgumentException("parties: " + parties + " (expected: >= 1)");
    }
    this.parties = parties;
    this.timers = timers;
    this.action = action;
    this.strict = strict;
  }

  /**
   * Arrives, and waits without end.
   *
   * @param executor where the party is told; one that runs its tasks at once, on the thread of the
   *     last to arrive, will not do for a party that comes back again and again from its own
   *     callback, for each time lies deeper in the stack
   */
  public Place await(Executor executor) {
    return arrive(executor, null);
  }

  /**
   * Arrives, and waits for a time at most; when it is over, the round fails for all.
   *
   * @param executor where the party is told
   * @param deadline how long from now; a party with no time left is not counted, and harms nobody
   * @throws RuntimeException what the timers threw where they take no more tasks; the round fails
   */
  public Place await(Executor executor, Duration deadline) {
    return arrive(executor, deadline);
  }

  /** How many parties make a round. */
  public int parties() {
    return parties;
  }

  /** How many parties wait for the others or for the action; 0 while broken. */
  public int waiting() {
    synchronized (lock) {
      return full.size() * parties + open.places.size();
    }
  }

  /** Whether further parties fail at once, until {@link #reset} or, once closed, for good. */
  public boolean isBroken() {
    synchronized (lock) {
      return broken != null || closed;
    }
  }

  /**
   * Fails all who wait, and begins anew, unbroken. A round whose action is under way fails when the
   * action is over. Has no effect once closed.
   */
  public void reset() {
    breakAll(Reason.RESET, false);
  }

  /**
   * Fails all who wait and all who will come. A round whose action is under way fails when the
   * action is over.
   */
  @Override
  public void close() {
    breakAll(Reason.CLOSED, true);
  }

  private Place arrive(Executor executor, @Nullable Duration deadline) {
    Place place;
    Reason refused;
    RoundFailedException cause;
    boolean trip = false;
    synchronized (lock) {
      cause = broken;
      refused = refusal(deadline);
      place = new Place(open, parties - 1 - open.places.size(), executor);
      if (refused == null) {
        open.places.add(place);
        if (place.arrivalIndex == 0) {
          full.add(open);
          open = new Round(this, open.number() + 1);
          trip = !tripping;
          tripping = true;
        }
      }
    }
    if (refused != null) {
      place.fail(new RoundFailedException(place.round.number(), refused, cause));
    } else if (trip) {
      tripAll();
    } else if (deadline != null && place.arrivalIndex > 0) {
      setTimer(place, deadline);
    }
    return place;
  }

  /** A party without its timer would be waited for though nobody knows its place. */
  private void setTimer(Place place, Duration deadline) {
    try {
      place.timeout(timers.schedule(nanos(deadline), () -> abandon(place, Reason.TIMED_OUT)));
    } catch (RuntimeException e) {
      abandon(place, Reason.CANCELLED);
      throw e;
    }
  }

  /** Some centuries at most. */
  private static long nanos(Duration deadline) {
    return deadline.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : deadline.toNanos();
  }

  private @Nullable Reason refusal(@Nullable Duration deadline) {
    if (closed) {
      return Reason.CLOSED;
    }
    if (broken != null) {
      return Reason.BROKEN;
    }
    if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
      return Reason.TIMED_OUT;
    }
    return strict && !full.isEmpty() ? Reason.SURPLUS : null;
  }

  /** Takes the full rounds through, one after the other, whoever filled them. */
  private void tripAll() {
    for (Round round = nextFull(); round != null; round = nextFull()) {
      Throwable thrown = runAction(round);
      RoundFailedException failure =
          thrown == null
              ? null
              : new RoundFailedException(round.number(), Reason.ACTION_THREW, thrown);
      List<Place> later = List.of();
      Reason doom;
      synchronized (lock) {
        inAction = false;
        doom = round.doom;
        if (doom == null) {
          full.remove(round);
          if (failure != null) {
            broken = failure;
            later = takeAll();
          }
        }
      }
      if (failure != null) {
        failAll(round.places, Reason.ACTION_THREW, thrown);
        failAll(later, Reason.BROKEN, failure);
      } else if (doom != null) {
        failAll(round.places, doom, null);
      } else {
        round.places.forEach(Place::pass);
      }
    }
  }

  private @Nullable Throwable runAction(Round round) {
    try {
      action.run(round.number());
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private @Nullable Round nextFull() {
    synchronized (lock) {
      Round next = full.peek();
      inAction = next != null;
      tripping = next != null;
      return next;
    }
  }

  /** A party gives up: its own round alone is concerned, and only while that is open. */
  boolean abandon(Place place, Reason reason) {
    RoundFailedException own = new RoundFailedException(place.round.number(), reason, null);
    List<Place> others;
    synchronized (lock) {
      if (place.round != open || broken != null || closed || !open.places.remove(place)) {
        return false;
      }
      broken = own;
      others = open.places;
      open = new Round(this, open.number() + 1);
    }
    place.fail(own);
    failAll(others, Reason.BROKEN, own);
    return true;
  }

  private void breakAll(Reason reason, boolean forGood) {
    List<Place> all;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = forGood;
      broken = null;
      Round acting = inAction ? full.poll() : null;
      if (acting != null) {
        acting.doom = reason;
      }
      all = takeAll();
    }
    failAll(all, reason, null);
  }

  /** Takes everybody out who waits; the caller holds the lock. */
  private List<Place> takeAll() {
    List<Place> all = new ArrayList<>();
    full.forEach(round -> all.addAll(round.places));
    full.clear();
    all.addAll(open.places);
    open = new Round(this, open.number() + 1);
    return all;
  }

  private static void failAll(List<Place> places, Reason reason, @Nullable Throwable cause) {
    for (Place place : places) {
      place.fail(new RoundFailedException(place.round.number(), reason, cause));
    }
  }
}
