package resolver.observe;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.query.SettledQuery;

/**
 * Somebody's watching of queries as they are settled. Whoever watches too slowly loses some, and is
 * told how many. All but the taking of queries belongs to the thread of the watcher.
 */
public final class QueryWatch implements QueryTaps.Listener, AutoCloseable {
  private static final int ROOM = 8192;
  private static final long GATHER_NANOS = 10_000_000;

  private final Ring<SettledQuery> ring = new Ring<>(ROOM);
  private final Consumer<QueryWatch> onClose;
  private boolean took;

  QueryWatch(Consumer<QueryWatch> onClose) {
    this.onClose = onClose;
  }

  @Override
  public void take(SettledQuery query) {
    ring.offer(query);
  }

  /** The next query, or null where there is none. */
  public @Nullable SettledQuery poll() {
    SettledQuery query = ring.poll();
    took |= query != null;
    return query;
  }

  /**
   * Waits until there is a query, the thread is interrupted, or the time is over. Behind a query
   * more may follow soon: those gather for a moment, so that no loop wakes the watcher for each.
   */
  public void await(long mostNanos) {
    if (took) {
      LockSupport.parkNanos(this, Math.min(mostNanos, GATHER_NANOS));
    } else {
      ring.await(mostNanos);
    }
    took = false;
  }

  /** How many queries were lost since the last time this was asked. */
  public long takeLost() {
    return ring.takeLost();
  }

  /** Watches no more. Does no harm twice. */
  @Override
  public void close() {
    onClose.accept(this);
  }
}
