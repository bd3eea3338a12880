package resolver.cache;

import java.time.Duration;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * A look at what is remembered for a question, for people.
 *
 * @param question what was asked; of {@link Question#EVERY_TYPE} where the answer is that the name
 *     does not exist
 * @param answer what came, with its {@link Answer#provenance}
 * @param freshness what it is good for now
 * @param left how long it holds yet; negative once it is past its TTL
 */
public record CacheEntry(Question question, Answer answer, Freshness freshness, Duration left) {
  /** Whether it may be given out, be it only where nothing better is to be had. */
  public boolean isUsable() {
    return freshness != Freshness.EXPIRED;
  }
}
