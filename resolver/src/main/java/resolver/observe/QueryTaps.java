package resolver.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryTap;
import resolver.query.SettledQuery;

/**
 * Passes on what is told of single queries to all who listen at the moment: the log, and those who
 * watch. While there are none, a query costs one look at a field.
 *
 * <p>Listeners come and go by any thread, under the lock; loops read the array.
 */
public final class QueryTaps implements QueryTap {
  /** Watchers at once: each costs every loop a little, and a ring. */
  static final int MOST_WATCHERS = 8;

  private static final Listener[] NOBODY = {};

  private final Ledger ledger;
  private final LastOutcome lastOutcome = new LastOutcome();
  private volatile Listener[] listeners = NOBODY;
  private int watchers;

  /** Takes queries; on a loop, so it must not block, lock or throw. */
  interface Listener {
    void take(SettledQuery query);
  }

  /**
   * Taps that nobody listens to yet.
   *
   * @param ledger counts the same queries, on the same threads
   */
  public QueryTaps(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public boolean isOn() {
    return listeners != NOBODY;
  }

  @Override
  public Outcome outcome() {
    return lastOutcome.get();
  }

  @Override
  public void settled(SettledQuery query) {
    for (Listener each : listeners) {
      each.take(query);
    }
  }

  /**
   * Starts to watch.
   *
   * @throws IllegalStateException where too many do already
   */
  public synchronized QueryWatch watch() {
    if (watchers == MOST_WATCHERS) {
      throw new IllegalStateException(
          "the queries are watched by " + watchers + " others already, which is the most at once");
    }
    watchers++;
    QueryWatch watch = new QueryWatch(this::leave);
    add(watch);
    return watch;
  }

  private synchronized void leave(QueryWatch watch) {
    if (remove(watch)) {
      watchers--;
    }
  }

  /**
   * Puts one listener in the place of another, in one step: each query is told to one of the two.
   *
   * @param old null for none
   * @param next null for none
   */
  synchronized void replace(@Nullable Listener old, @Nullable Listener next) {
    List<Listener> all = new ArrayList<>(Arrays.asList(listeners));
    all.remove(old);
    if (next != null) {
      // Stays so: a loop that sees the listener must find its outcomes noted.
      ledger.noteOutcomes(lastOutcome);
      all.add(next);
    }
    listeners = all.isEmpty() ? NOBODY : all.toArray(NOBODY);
  }

  void add(Listener listener) {
    replace(null, listener);
  }

  /** Whether it was there. */
  synchronized boolean remove(Listener listener) {
    boolean was = Arrays.asList(listeners).contains(listener);
    replace(listener, null);
    return was;
  }
}
