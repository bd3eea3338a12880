package resolver.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;

/** Dresses answers that are past their TTL for those who get them (RFC 8767 section 4). */
public final class StaleAnswers {
  private final int ttl;
  private final Ticker ticker;

  /** Dresses as the settings say. */
  public StaleAnswers(CacheSettings settings, Ticker ticker) {
    this.ttl = Math.toIntExact(settings.staleTtl().toSeconds());
    this.ticker = ticker;
  }

  /**
   * A stale answer.
   *
   * @param failure why there is no better one, or null where none has come yet
   */
  Answer of(Answer old, @Nullable Answer failure) {
    return old.stale(ttl, ticker.nanos(), failure == null ? List.of() : failure.errors());
  }
}
