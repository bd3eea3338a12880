package resolver.observe;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.query.SettledQuery;

/**
 * Somebody's watching of queries as they are settled. Whoever watches too slowly loses some, and is
 * told how many. All but the taking of queries belongs to the thread of the watcher.
 */
public final class QueryWatch implements QueryTaps.Listener, AutoCloseable {
  private static final int ROOM = 8192;

  private final Ring<SettledQuery> ring = new Ring<>(ROOM);
  private final Consumer<QueryWatch> onClose;

  QueryWatch(Consumer<QueryWatch> onClose) {
    this.onClose = onClose;
  }

  @Override
  public void take(SettledQuery query) {
    ring.offer(query);
  }

  /** The next query, or null where there is none. */
  public @Nullable SettledQuery poll() {
    return ring.poll();
  }

  /** Waits until there is a query, the thread is interrupted, or the time is over. */
  public void await(long mostNanos) {
    ring.await(mostNanos);
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
