package resolver.server;

import org.jspecify.annotations.Nullable;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.QuestionProbe;

/**
 * The roads that a client's question may take.
 *
 * @param resolving the whole pipeline
 * @param cacheOnly for queries that do not desire recursion
 * @param full for clients that wait for too many answers already: the cache, and nothing else
 * @param limited for clients whose network causes too many lookups: the cache, and nothing else
 * @param kept finds what all four would answer at once, and would do no more than answer
 */
public record Sources(
    AnswerSource resolving,
    AnswerSource cacheOnly,
    AnswerSource full,
    AnswerSource limited,
    Kept kept) {
  /** Finds answers that are kept, without making objects. Any thread may ask. */
  @FunctionalInterface
  public interface Kept {
    /**
     * The answer that is to be given from the cache with nothing else to be done, or null.
     *
     * @param probe stands for the question, and for another one afterwards
     * @param now the ticker's time
     */
    @Nullable Answer find(QuestionProbe probe, long now);
  }

  /** Roads without a shortcut, on which too many lookups are too many answers waited for. */
  public Sources(AnswerSource resolving, AnswerSource cacheOnly, AnswerSource full) {
    this(resolving, cacheOnly, full, full, (probe, now) -> null);
  }
}
