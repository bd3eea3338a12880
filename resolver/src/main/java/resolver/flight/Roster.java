package resolver.flight;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.clock.Timers;

/**
 * The flights under way, forgotten ones included, oldest first: bounds their number and fails those
 * whose time is over.
 *
 * <p>All flights have the same time, so they stand in the order of their deadlines, and one timer
 * for the oldest serves all. They are linked to one another, so each is taken out in one step and
 * none is held after its end. Guarded by this object's lock, which any thread takes for a few
 * instructions; no other lock is taken and no foreign code is run under it.
 */
final class Roster<K, V> {
  /** A flight that somebody joined within this time does not give way to newer ones. */
  static final long RECENT = 1_000_000_000L;

  /** How many of the oldest are looked at for one that may give way. */
  private static final int LOOKED_AT = 16;

  private final int most;
  private final Ticker ticker;
  private final Timers timers;

  private @Nullable Flight<K, V> oldest;
  private @Nullable Flight<K, V> newest;
  private int size;
  private volatile boolean armed;
  private volatile boolean closed;

  Roster(int most, Ticker ticker, Timers timers) {
    this.most = most;
    this.ticker = ticker;
    this.timers = timers;
  }

  /**
   * Takes a flight in; where there are too many, the oldest without recent joins gives way.
   *
   * @return why not, or null
   */
  @Nullable Joined admit(Flight<K, V> flight) {
    Flight<K, V> givesWay = null;
    synchronized (this) {
      if (closed) {
        return Joined.CLOSING;
      }
      if (size >= most) {
        givesWay = oldestUnwanted(flight.startedAt);
        if (givesWay == null) {
          return Joined.TOO_MANY_FLIGHTS;
        }
        unlink(givesWay);
      }
      link(flight);
    }
    if (givesWay != null) {
      givesWay.abort(FlightException.Reason.DISPLACED);
    }
    return null;
  }

  /** Sees to it that the oldest flight is failed in time. */
  void watch() {
    if (armed) {
      return;
    }
    long due;
    synchronized (this) {
      if (armed || oldest == null) {
        return;
      }
      armed = true;
      due = oldest.deadline;
    }
    timers.schedule(due - ticker.nanos(), this::failThoseDue);
  }

  synchronized void remove(Flight<K, V> flight) {
    unlink(flight);
  }

  synchronized int size() {
    return size;
  }

  /** The oldest flight, or null. */
  synchronized @Nullable Flight<K, V> oldest() {
    return oldest;
  }

  synchronized List<Flight<K, V>> all() {
    List<Flight<K, V>> all = new ArrayList<>(size);
    for (Flight<K, V> flight = oldest; flight != null; flight = flight.newer) {
      all.add(flight);
    }
    return all;
  }

  /** Takes no more flights. */
  synchronized void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  private void failThoseDue() {
    long now = ticker.nanos();
    for (Flight<K, V> due = takeDue(now); due != null; due = takeDue(now)) {
      due.abort(FlightException.Reason.DEADLINE);
    }
    watch();
  }

  private synchronized @Nullable Flight<K, V> takeDue(long now) {
    Flight<K, V> flight = oldest;
    if (flight == null || flight.deadline - now > 0) {
      armed = false;
      return null;
    }
    unlink(flight);
    return flight;
  }

  private @Nullable Flight<K, V> oldestUnwanted(long now) {
    Flight<K, V> flight = oldest;
    for (int i = 0; i < LOOKED_AT && flight != null; i++) {
      if (now - flight.lastJoinAt() > RECENT) {
        return flight;
      }
      flight = flight.newer;
    }
    return null;
  }

  private void link(Flight<K, V> flight) {
    flight.older = newest;
    if (newest == null) {
      oldest = flight;
    } else {
      newest.newer = flight;
    }
    newest = flight;
    flight.listed = true;
    size++;
  }

  private void unlink(Flight<K, V> flight) {
    if (!flight.listed) {
      return;
    }
    Flight<K, V> older = flight.older;
    Flight<K, V> newer = flight.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    flight.older = null;
    flight.newer = null;
    flight.listed = false;
    size--;
  }
}
