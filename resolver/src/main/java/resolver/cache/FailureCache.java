package resolver.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.ServerNews;
import resolver.wire.ExtendedError;

/**
 * The failures that are remembered for a short while, apart from the answers, so that a crowd which
 * comes after a failure does not ask upstream again and a failure never displaces an answer (RFC
 * 9520 section 3.2).
 *
 * <ul>
 *   <li>A failure is given out again for a first time, which doubles with each failure that follows
 *       soon after, up to a longest time.
 *   <li>That no server could be reached is void as soon as one that may be asked for the name is
 *       heard again; unless one was heard while it was being asked, for then it is the question
 *       that nobody answers.
 *   <li>But where one came back while it was being asked, most of that was asked in vain: such a
 *       failure says nothing of the question, and is not remembered.
 *   <li>Troubles of this process itself are never remembered.
 * </ul>
 *
 * <p>Any thread may call any method.
 */
public final class FailureCache {
  /** Beyond so many questions, those least used are forgotten. */
  private static final int MOST = 8192;

  /**
   * A failure.
   *
   * @param nanos how long it stands
   * @param backOff what the next one doubles: how long it would stand if it were for itself
   */
  private record Entry(
      Answer answer, long failedAt, long nanos, long backOff, boolean untilHeard) {}

  private final Cache<Question, Entry> failures =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
  private final Ticker ticker;
  private final ServerNews news;
  private final long firstNanos;
  private final long mostNanos;

  /**
   * An empty one.
   *
   * @param first how long a failure is given out again, 1 s to 5 min
   * @param most up to what that doubles, 1 s to 5 min (RFC 9520 section 3.2)
   * @param news when the servers that are asked a question were heard
   */
  public FailureCache(Ticker ticker, Duration first, Duration most, ServerNews news) {
    this.ticker = ticker;
    this.news = news;
    this.firstNanos = first.toNanos();
    this.mostNanos = Math.max(first.toNanos(), most.toNanos());
  }

  /** The failure that still stands for a question, marked as remembered, or null. */
  @Nullable Answer standing(Question question) {
    Entry entry = failures.getIfPresent(question);
    return entry != null && stands(question, entry, ticker.nanos()) ? entry.answer : null;
  }

  /**
   * Remembers a failure where its class allows it.
   *
   * @param askedAt when the servers were asked, in the ticker's nanoseconds
   * @param atLeast how long it is given out again at least, in nanoseconds
   */
  void note(Question question, Answer failure, long askedAt, long atLeast) {
    boolean unreachable = isUnreachable(failure.failure());
    if (!isOfUpstream(failure.failure())
        || (unreachable && isAfter(news.backAt(question), askedAt))) {
      return;
    }
    long now = ticker.nanos();
    long backOff = nextBackOff(failures.getIfPresent(question), now);
    long nanos = Math.max(atLeast, backOff);
    boolean untilHeard = unreachable && !isAfter(news.heardAt(question), askedAt);
    failures.put(question, new Entry(marked(failure), now, nanos, backOff, untilHeard));
  }

  private long nextBackOff(@Nullable Entry before, long now) {
    if (before == null || now - before.failedAt >= 2 * before.nanos) {
      return firstNanos;
    }
    return Math.min(mostNanos, 2 * before.backOff);
  }

  /** An answer has come after all. */
  void forget(Question question) {
    if (failures.estimatedSize() != 0) {
      failures.invalidate(question);
    }
  }

  /** Forgets the questions that match. */
  public void clearIf(Predicate<? super Question> matches) {
    failures.asMap().keySet().removeIf(matches);
  }

  /** Forgets everything. */
  public void clear() {
    failures.invalidateAll();
  }

  /**
   * The failures that stand for a name, of every type. Walks through all: for people.
   *
   * @param name a whole name as octets, letters small
   */
  public List<FailureEntry> entries(byte[] name) {
    long now = ticker.nanos();
    List<FailureEntry> found = new ArrayList<>();
    failures
        .asMap()
        .forEach(
            (question, entry) -> {
              if (question.isAt(name) && stands(question, entry, now)) {
                Duration left = Duration.ofNanos(entry.failedAt + entry.nanos - now);
                found.add(new FailureEntry(question, entry.answer, left));
              }
            });
    return found;
  }

  /** How many are remembered now, by estimate. */
  public long size() {
    return failures.estimatedSize();
  }

  private boolean stands(Question question, Entry entry, long now) {
    return now - entry.failedAt < entry.nanos
        && !(entry.untilHeard && isAfter(news.heardAt(question), entry.failedAt));
  }

  private static boolean isAfter(long heard, long time) {
    return heard != ServerNews.NEVER && heard - time > 0;
  }

  private static boolean isUnreachable(Answer.Failure failure) {
    return failure == Answer.Failure.TIMEOUT || failure == Answer.Failure.NETWORK;
  }

  private static boolean isOfUpstream(Answer.Failure failure) {
    return isUnreachable(failure) || failure == Answer.Failure.UPSTREAM_RCODE;
  }

  private static Answer marked(Answer failure) {
    return failure.withError(new ExtendedError(ExtendedError.CACHED_ERROR, "asked a moment ago"));
  }
}
