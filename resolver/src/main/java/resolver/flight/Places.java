package resolver.flight;

import org.jspecify.annotations.Nullable;

/** The line before one flight: who waits, in the order of coming. Guarded by the flight's lock. */
final class Places<K, V> {
  private @Nullable Waiting<K, V> first;
  private @Nullable Waiting<K, V> last;
  private int size;

  void add(Waiting<K, V> place) {
    place.previous = last;
    if (last == null) {
      first = place;
    } else {
      last.next = place;
    }
    last = place;
    size++;
  }

  /** Takes one out of the middle, in one step. */
  void remove(Waiting<K, V> place) {
    Waiting<K, V> previous = place.previous;
    Waiting<K, V> next = place.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    place.previous = null;
    place.next = null;
    size--;
  }

  /** Empties the line. Returns its first; the others follow by {@code next}. */
  @Nullable Waiting<K, V> takeAll() {
    Waiting<K, V> all = first;
    first = null;
    last = null;
    size = 0;
    return all;
  }

  int size() {
    return size;
  }
}
