package resolver.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from many threads to one. Whoever offers never waits: what finds no room is lost,
 * and counted.
 *
 * <p>Places are given out by {@code tail}, and given back by {@code head}, which the taker alone
 * moves, after it has emptied the place; so a place that was given out is empty. Between the giving
 * out and the filling of a place the taker sees it empty, and waits. The writes of a place and of
 * {@code waiting} are volatile, and each side writes its own before it reads the other's: no
 * element is left behind by a taker that sleeps.
 *
 * <p>The end adds {@code CLOSED} to {@code tail}: no place is given out behind it, and the taker
 * can tell when it has emptied all that were given out before.
 */
final class Ring<E> {
  private static final long CLOSED = 1L << 62;

  private final AtomicReferenceArray<@Nullable E> places;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile long head;
  private volatile @Nullable Thread waiting;

  /**
   * An empty ring.
   *
   * @param size how many elements it holds: a power of two
   */
  Ring(int size) {
    if (Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: a power of two)");
    }
    places = new AtomicReferenceArray<>(size);
    mask = size - 1;
  }

  /**
   * Adds an element, or loses it. Any thread may call.
   *
   * @return false where the ring is closed, which is not counted as a loss
   */
  boolean offer(E element) {
    long at;
    do {
      at = tail.get();
      if (at - head > mask) {
        if (at >= CLOSED) {
          return false;
        }
        lost.incrementAndGet();
        return true;
      }
    } while (!tail.compareAndSet(at, at + 1));
    places.set((int) at & mask, element);
    Thread sleeper = waiting;
    if (sleeper != null) {
      waiting = null;
      LockSupport.unpark(sleeper);
    }
    return true;
  }

  /** Takes no more elements. Any thread may call, also twice. */
  void close() {
    tail.getAndUpdate(at -> at < CLOSED ? at + CLOSED : at);
  }

  /** Whether nothing is left, not even a place that is about to be filled. */
  boolean isEmpty() {
    return head == (tail.get() & ~CLOSED);
  }

  /** Takes the oldest element, or null where there is none. */
  @Nullable E poll() {
    long at = head;
    E element = places.get((int) at & mask);
    if (element != null) {
      places.lazySet((int) at & mask, null);
      head = at + 1;
    }
    return element;
  }

  /** Waits until there is an element, the thread is interrupted, or the time is over. */
  void await(long mostNanos) {
    waiting = Thread.currentThread();
    if (places.get((int) head & mask) == null) {
      LockSupport.parkNanos(this, mostNanos);
    }
    waiting = null;
  }

  /** How many were lost since the last time this was asked. */
  long takeLost() {
    return lost.get() == 0 ? 0 : lost.getAndSet(0);
  }
}
