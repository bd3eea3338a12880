package resolver.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that come most often, out of any number, in bounded memory: the "space-saving" sketch of
 * Metwally, Agrawal and El Abbadi (2005).
 *
 * <ul>
 *   <li>A key that is counted already is counted on.
 *   <li>A new key takes a free counter, else the smallest one with what that has counted: this may
 *       be too much for the new key, by so much at most, and it is remembered.
 *   <li>So any key that is more than the number of counters' share of all is there.
 * </ul>
 *
 * <p>The counters are a heap, the smallest at its top. Belongs to one thread.
 */
final class TopKeys<K> {
  private final Map<K, Counter<K>> byKey = new HashMap<>();
  private final List<Counter<K>> heap = new ArrayList<>();
  private final int room;
  private long total;

  private static final class Counter<K> {
    private K key;
    private long count;
    private long tooMany;
    private int at;

    Counter(K key) {
      this.key = key;
    }
  }

  /**
   * A key and how often it came.
   *
   * @param count how often at most
   * @param tooMany by how much that may be too much
   */
  record Counted<K>(K key, long count, long tooMany) {}

  /**
   * Nothing counted yet.
   *
   * @param room how many counters there are
   */
  TopKeys(int room) {
    this.room = room;
  }

  /** A key has come. */
  void add(K key) {
    total++;
    Counter<K> counter = byKey.get(key);
    if (counter == null) {
      counter = heap.size() < room ? fresh(key) : takeSmallest(key);
    }
    counter.count++;
    sink(counter);
  }

  private Counter<K> fresh(K key) {
    Counter<K> counter = new Counter<>(key);
    counter.at = heap.size();
    heap.add(counter);
    byKey.put(key, counter);
    // It counts nothing yet, so it belongs at the top.
    while (counter.at > 0) {
      swap(counter, heap.get((counter.at - 1) / 2));
    }
    return counter;
  }

  private Counter<K> takeSmallest(K key) {
    Counter<K> counter = heap.get(0);
    byKey.remove(counter.key);
    counter.key = key;
    counter.tooMany = counter.count;
    byKey.put(key, counter);
    return counter;
  }

  private void sink(Counter<K> counter) {
    while (true) {
      int left = 2 * counter.at + 1;
      if (left >= heap.size()) {
        return;
      }
      Counter<K> least = heap.get(left);
      if (left + 1 < heap.size() && heap.get(left + 1).count < least.count) {
        least = heap.get(left + 1);
      }
      if (counter.count <= least.count) {
        return;
      }
      swap(counter, least);
    }
  }

  private void swap(Counter<K> one, Counter<K> other) {
    int at = one.at;
    one.at = other.at;
    other.at = at;
    heap.set(one.at, one);
    heap.set(other.at, other);
  }

  /** Halves what was counted, so that what comes now weighs more than what came long ago. */
  void fade() {
    total /= 2;
    for (Counter<K> counter : heap) {
      counter.count /= 2;
      counter.tooMany /= 2;
    }
  }

  /** How many keys have come, as far as they have not faded. */
  long total() {
    return total;
  }

  /** Those that came most often, the first of them first. */
  List<Counted<K>> top(int most) {
    return heap.stream()
        .filter(counter -> counter.count > 0)
        .sorted(Comparator.comparingLong((Counter<K> counter) -> counter.count).reversed())
        .limit(most)
        .map(counter -> new Counted<>(counter.key, counter.count, counter.tooMany))
        .toList();
  }
}
