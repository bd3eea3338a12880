package resolver.flight;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which flight waits for which. Two flights could each be about to wait for the other, so looking
 * for a way back and adding the edge are one step under one lock, this object's. Only flights that
 * join others take it, never clients; no other lock is taken under it.
 */
final class Edges<K, V> {
  /** How long a chain of flights started one by another may grow. */
  static final int MAX_DEPTH = 16;

  /** How often one flight may join others. */
  static final int MAX_CHILDREN = 64;

  /** How many edges are followed in search of a way back. */
  static final int MAX_WALK = 1024;

  /**
   * Adds the edge from a flight to that in which it has a place, before it is put in line there.
   *
   * @return why not, or null
   */
  synchronized @Nullable Joined add(Flight<K, V> from, Waiting<K, V> edge) {
    from.childJoins++;
    if (from.isSealed()) {
      return Joined.ENDED;
    }
    if (from.childJoins > MAX_CHILDREN
        || edge.flight.depth > MAX_DEPTH
        || leadsTo(edge.flight, from)) {
      return Joined.LOOP;
    }
    if (from.waitsFor == null) {
      from.waitsFor = Collections.newSetFromMap(new IdentityHashMap<>(4));
    }
    from.waitsFor.add(edge);
    return null;
  }

  /** Takes an edge away; does no harm where there is none. */
  synchronized void remove(Flight<K, V> from, Waiting<K, V> edge) {
    if (from.waitsFor != null) {
      from.waitsFor.remove(edge);
    }
  }

  /** Takes an edge away that has come to nothing. */
  synchronized void withdraw(Flight<K, V> from, Waiting<K, V> edge) {
    from.childJoins--;
    remove(from, edge);
  }

  /** The places that a flight holds in others. */
  synchronized List<Waiting<K, V>> of(Flight<K, V> from) {
    return from.waitsFor == null ? List.of() : List.copyOf(from.waitsFor);
  }

  /** Whether there is a way from one flight to the other, or too many to look at all. */
  private boolean leadsTo(Flight<K, V> start, Flight<K, V> target) {
    Set<Flight<K, V>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Flight<K, V>> ahead = new ArrayDeque<>();
    ahead.add(start);
    int walked = 0;
    for (Flight<K, V> at = start; at != null; at = ahead.poll()) {
      if (at == target) {
        return true;
      }
      if (!seen.add(at) || at.waitsFor == null) {
        continue;
      }
      for (Waiting<K, V> edge : at.waitsFor) {
        if (++walked > MAX_WALK) {
          return true;
        }
        ahead.add(edge.flight);
      }
    }
    return false;
  }
}
