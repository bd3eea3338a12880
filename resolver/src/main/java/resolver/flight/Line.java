package resolver.flight;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Those who waited for one flight and share an executor, first come first served. It tells a
 * bounded number in one turn of the executor and then queues up again, so that a flight with
 * thousands of waiters neither freezes an event loop nor makes it send a burst.
 */
final class Line<K, V> implements Runnable {
  /** How many are told in one turn. */
  static final int SLICE = 64;

  private final Executor executor;
  private @Nullable Waiting<K, V> first;
  private @Nullable Waiting<K, V> last;

  private Line(Executor executor) {
    this.executor = executor;
  }

  /** Tells all who stand behind the first, it included. The flight has its result. */
  static <K, V> void tell(@Nullable Waiting<K, V> first) {
    if (first == null) {
      return;
    }
    if (first.next == null) {
      first.tell();
      return;
    }
    Line<K, V> here = null;
    for (Line<K, V> line : split(first)) {
      if (line.isHere()) {
        here = line;
      } else {
        line.queueUp();
      }
    }
    if (here != null) {
      here.run();
    }
  }

  private static <K, V> List<Line<K, V>> split(Waiting<K, V> first) {
    IdentityHashMap<Executor, Line<K, V>> byExecutor = new IdentityHashMap<>();
    List<Line<K, V>> lines = new ArrayList<>();
    Line<K, V> line = null;
    Waiting<K, V> next;
    for (Waiting<K, V> waiting = first; waiting != null; waiting = next) {
      next = waiting.next;
      waiting.next = null;
      waiting.previous = null;
      Executor executor = executorOf(waiting);
      if (executor == null) {
        continue;
      }
      if (line == null || line.executor != executor) {
        line = byExecutor.get(executor);
      }
      if (line == null) {
        line = new Line<>(executor);
        byExecutor.put(executor, line);
        lines.add(line);
      }
      line.add(waiting);
    }
    return lines;
  }

  private static <K, V> @Nullable Executor executorOf(Waiting<K, V> waiting) {
    Waiter<V> waiter = waiting.get();
    try {
      return waiter == null ? null : waiter.executor();
    } catch (Throwable thrown) {
      waiting.lose(thrown);
      return null;
    }
  }

  private void add(Waiting<K, V> waiting) {
    if (last == null) {
      first = waiting;
    } else {
      last.next = waiting;
    }
    last = waiting;
  }

  private boolean isHere() {
    Waiter<V> waiter = first == null ? null : first.get();
    return waiter != null && waiter.onOwnExecutor();
  }

  @Override
  public void run() {
    for (int told = 0; told < SLICE; told++) {
      Waiting<K, V> waiting = first;
      if (waiting == null) {
        return;
      }
      first = waiting.next;
      waiting.next = null;
      waiting.run();
    }
    if (first != null) {
      queueUp();
    }
  }

  private void queueUp() {
    try {
      executor.execute(this);
    } catch (Throwable rejected) {
      loseAll(rejected);
    }
  }

  private void loseAll(Throwable rejected) {
    for (Waiting<K, V> waiting = first; waiting != null; waiting = waiting.next) {
      waiting.lose(rejected);
    }
    first = null;
  }
}
