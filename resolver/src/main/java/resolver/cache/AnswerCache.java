package resolver.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * The answers that are remembered, weighed in octets against one budget.
 *
 * <p>An answer that a name does not exist is kept under the name alone and holds for every type of
 * it (RFC 2308 section 5), unless it came at the end of a CNAME chain: then it is about another
 * name (RFC 6604 section 3). All else is kept under name and type.
 *
 * <p>Freshness is judged at each look-up, so that expiry costs nothing; what has expired is crowded
 * out by what is used. Any thread may call any method.
 */
public final class AnswerCache {
  /** Caffeine's node and the slot of its hash table, by estimate. */
  private static final int ENTRY_OVERHEAD = 96;

  private static final int NXDOMAIN = 3;

  private final Cache<Question, Answer> answers;
  private final Ticker ticker;

  /** An empty cache. */
  public AnswerCache(CacheSettings settings, Ticker ticker) {
    this.ticker = ticker;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(settings.size())
            .weigher(AnswerCache::weigh)
            .executor(Runnable::run)
            .build();
  }

  /** A fresh answer to the question, or null. */
  public @Nullable Answer fresh(Question question) {
    long now = ticker.nanos();
    Answer exact = answers.getIfPresent(question);
    if (exact != null && Freshness.of(exact, now) == Freshness.FRESH) {
      return exact;
    }
    Answer noSuchName = answers.getIfPresent(question.forEveryType());
    return noSuchName != null && Freshness.of(noSuchName, now) == Freshness.FRESH
        ? noSuchName
        : null;
  }

  /** Keeps an answer, unless its TTL is zero (RFC 1035 section 3.2.1: this transaction only). */
  public void keep(Question question, Answer answer) {
    if (answer.ttl() > 0) {
      answers.put(keyOf(question, answer), answer);
    }
  }

  /** Takes out an answer that should not have been kept; another one in its place stays. */
  void takeBack(Question question, Answer answer) {
    answers.asMap().remove(keyOf(question, answer), answer);
  }

  /**
   * Forgets a name and all names below it.
   *
   * @param name a whole name as octets, letters small
   */
  public void clearBelow(byte[] name) {
    answers.asMap().keySet().removeIf(question -> question.isAtOrBelow(name));
  }

  /** How many answers are kept now, by estimate. */
  public long size() {
    return answers.estimatedSize();
  }

  private static Question keyOf(Question question, Answer answer) {
    boolean aboutTheName = answer.rcode() == NXDOMAIN && answer.image(false).answers() == 0;
    return aboutTheName ? question.forEveryType() : question;
  }

  private static int weigh(Question question, Answer answer) {
    return ENTRY_OVERHEAD + question.weight() + answer.weight();
  }
}
