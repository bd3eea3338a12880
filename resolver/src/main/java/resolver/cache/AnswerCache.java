package resolver.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.QuestionProbe;

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
  private final CacheRules rules;
  private final Ticker ticker;
  private final LongAdder evictions = new LongAdder();
  private final long budget;
  private volatile @Nullable Restoration restoration;

  /** An empty cache. */
  public AnswerCache(CacheSettings settings, CacheRules rules, Ticker ticker) {
    this.rules = rules;
    this.ticker = ticker;
    this.budget = settings.size();
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(settings.size())
            .weigher(AnswerCache::weigh)
            .executor(Runnable::run)
            .evictionListener((question, answer, cause) -> evictions.increment())
            .build();
  }

  /** A fresh answer to the question, or null. */
  public @Nullable Answer fresh(Question question) {
    long now = ticker.nanos();
    Answer exact = answers.getIfPresent(question);
    if (exact != null && judgeFresh(exact, now).isFresh()) {
      return exact;
    }
    Answer noSuchName = answers.getIfPresent(question.forEveryType());
    return noSuchName != null && judgeFresh(noSuchName, now).isFresh() ? noSuchName : null;
  }

  /**
   * What {@link #fresh(Question)} gives, unless it may be time to ask for it ahead of time: then
   * null.
   *
   * @param probe stands for the question, and for another one afterwards
   */
  @SuppressWarnings("CollectionIncompatibleType") // The probe is made to equal a question.
  public @Nullable Answer freshAndNotDue(QuestionProbe probe, long now) {
    Answer answer = answers.asMap().get(probe);
    if (answer == null || !judgeFresh(answer, now).isFresh()) {
      probe.setEveryType();
      answer = answers.asMap().get(probe);
    }
    return answer != null && judgeFresh(answer, now) == Freshness.FRESH ? answer : null;
  }

  /** For those who care for no stale answers; needs no rules. */
  private static Freshness judgeFresh(Answer answer, long now) {
    return Freshness.of(now - answer.arrivedAt(), answer.ttl(), 0);
  }

  /** The newest answer to the question that may be given out, fresh or not, or null. */
  @Nullable Answer evenStale(Question question) {
    long now = ticker.nanos();
    Answer exact = usable(question, answers.getIfPresent(question), now);
    Answer noSuchName = usable(question, answers.getIfPresent(question.forEveryType()), now);
    if (exact == null || noSuchName == null) {
      return exact == null ? noSuchName : exact;
    }
    return noSuchName.arrivedAt() - exact.arrivedAt() > 0 ? noSuchName : exact;
  }

  /** How long yet there is an answer that may be given out, fresh or not, in nanoseconds. */
  long usableFor(Question question) {
    Answer kept = evenStale(question);
    if (kept == null) {
      return 0;
    }
    long life = Freshness.nanos(kept.ttl()) + rules.of(question).staleNanos();
    return life - (ticker.nanos() - kept.arrivedAt());
  }

  private @Nullable Answer usable(Question question, @Nullable Answer answer, long now) {
    return answer == null || judge(question, answer, now) == Freshness.EXPIRED ? null : answer;
  }

  /**
   * Whether a fresh answer, not used for the first time, is to be asked for ahead; yes only once.
   */
  boolean isToBeRenewed(Question question, Answer answer) {
    return judge(question, answer, ticker.nanos()) == Freshness.DUE
        && rules.of(question).prefetches()
        && answer.claimRefresh();
  }

  private Freshness judge(Question question, Answer answer, long now) {
    return Freshness.of(now - answer.arrivedAt(), answer.ttl(), rules.of(question).staleNanos());
  }

  /**
   * Keeps an answer, unless its TTL is zero (RFC 1035 section 3.2.1: this transaction only), or
   * nothing about its name is kept. The latest word about a name counts: that there is no such name
   * replaces what was known for the question, any other answer replaces that there was none, and
   * one that is not kept leaves nothing older in its place.
   */
  public void keep(Question question, Answer answer) {
    Question key = keyOf(question, answer);
    if (saysNothing(answer)) {
      return;
    }
    Question other = key.equals(question) ? question.forEveryType() : question;
    Restoration restoring = restoration;
    if (restoring != null) {
      restoring.heard(key);
      restoring.heard(other);
    }
    if (answer.ttl() > 0 && rules.of(question).keeps()) {
      answers.put(key, answer);
    } else {
      answers.invalidate(key);
    }
    drop(other);
  }

  /** Mostly there is nothing, and looking is cheaper than taking out. */
  private void drop(Question question) {
    if (answers.asMap().containsKey(question)) {
      answers.invalidate(question);
    }
  }

  /** Neither records nor the SOA that a negative answer has: no word about anything. */
  private static boolean saysNothing(Answer answer) {
    return answer.ttl() == 0
        && answer.rcode() != NXDOMAIN
        && answer.image(false).answers() == 0
        && answer.image(false).authorities() == 0;
  }

  /** Takes out an answer that should not have been kept; another one in its place stays. */
  public void takeBack(Question question, Answer answer) {
    answers.asMap().remove(keyOf(question, answer), answer);
  }

  /** Forgets all that is kept for the questions that match. */
  public void clearIf(Predicate<? super Question> matches) {
    tellForgotten((question, answer) -> matches.test(question));
    answers.asMap().keySet().removeIf(matches);
  }

  /** Forgets what says that there is no such name, or nothing of its type. */
  public void clearNegatives() {
    tellForgotten((question, answer) -> answer.isNegative());
    answers.asMap().values().removeIf(Answer::isNegative);
  }

  /** Forgets everything. */
  public void clear() {
    tellForgotten((question, answer) -> true);
    answers.invalidateAll();
  }

  /** Forgets what an earlier run of the daemon was told. */
  void clearRestored() {
    answers.asMap().values().removeIf(Answer::fromSnapshot);
  }

  private void tellForgotten(BiPredicate<Question, Answer> matches) {
    Restoration restoring = restoration;
    if (restoring != null) {
      restoring.forgotten(matches);
    }
  }

  /**
   * Prepares for answers of an earlier run: from now on it is noted what is kept and forgotten, so
   * that they replace nothing. Comes before the first question.
   */
  void expectRestoration() {
    restoration = new Restoration(answers.asMap());
  }

  /** Ends what {@link #expectRestoration} began. */
  void endRestoration() {
    restoration = null;
  }

  /**
   * Keeps an answer of an earlier run, unless the rules in force forbid it, or something newer is
   * known or was forgotten since the start.
   *
   * @param key as it was kept under
   * @return whether it is kept
   */
  boolean restore(Question key, Answer answer) {
    CacheRules.Rule rule = rules.of(key);
    int most = answer.isNegative() ? rule.limits().mostNegative() : rule.limits().most();
    Restoration restoring = restoration;
    return restoring != null
        && rule.keeps()
        && answer.ttl() <= most
        && isUsable(key, answer, ticker.nanos())
        && restoring.put(key, answer);
  }

  /** Whether nothing can be restored any more. */
  boolean isRestorationOver() {
    Restoration restoring = restoration;
    return restoring == null || restoring.isOver();
  }

  /** Everything that is kept, by what it is kept under; changes meanwhile may show or not. */
  Set<Map.Entry<Question, Answer>> all() {
    return answers.asMap().entrySet();
  }

  /** Whether an answer may still be given out at a time of the ticker, fresh or not. */
  boolean isUsable(Question question, Answer answer, long now) {
    return judge(question, answer, now) != Freshness.EXPIRED;
  }

  /**
   * What is kept for a name, of every type. Walks through the whole cache: for people, not for
   * queries.
   *
   * @param name a whole name as octets, letters small
   */
  public List<CacheEntry> entries(byte[] name) {
    long now = ticker.nanos();
    List<CacheEntry> found = new ArrayList<>();
    answers
        .asMap()
        .forEach(
            (question, answer) -> {
              if (question.isAt(name)) {
                found.add(entry(question, answer, now));
              }
            });
    return found;
  }

  private CacheEntry entry(Question question, Answer answer, long now) {
    Duration left = Duration.ofSeconds(answer.ttl()).minusNanos(now - answer.arrivedAt());
    return new CacheEntry(question, answer, judge(question, answer, now), left);
  }

  /** How many questions match of those for which something is kept. Walks through all. */
  public long count(Predicate<? super Question> matches) {
    return answers.asMap().keySet().stream().filter(matches).count();
  }

  /**
   * What all answers weigh, with room for the collector, in octets by estimate. For people: it
   * takes a lock.
   */
  public long weight() {
    return answers
        .policy()
        .eviction()
        .map(eviction -> eviction.weightedSize().orElse(0))
        .orElse(0L);
  }

  /** How many answers are kept now, by estimate. */
  public long size() {
    return answers.estimatedSize();
  }

  /** What they may weigh, in octets. */
  public long budget() {
    return budget;
  }

  /** How many were crowded out by others so far. */
  public long evictions() {
    return evictions.sum();
  }

  private static Question keyOf(Question question, Answer answer) {
    boolean aboutTheName = answer.rcode() == NXDOMAIN && answer.image(false).answers() == 0;
    return aboutTheName ? question.forEveryType() : question;
  }

  /** With as much room beside each entry as the collector needs to find what has been dropped. */
  private static int weigh(Question question, Answer answer) {
    return (ENTRY_OVERHEAD + question.weight() + answer.weight()) * 7 / 4;
  }
}
