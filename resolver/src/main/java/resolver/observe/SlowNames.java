package resolver.observe;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * The questions whose lookups took longest, of the last ten minutes.
 *
 * <p>Each thread on which lookups end has a short table of its own which it alone writes; what is
 * in it never changes, and is replaced as a whole. Most lookups are quicker than all in the table,
 * and cost one comparison. Any thread may read.
 */
public final class SlowNames {
  static final int PLACES = 16;
  static final long KEPT_NANOS = 600_000_000_000L;

  /**
   * A question that took long.
   *
   * @param nanos how long its slowest lookup took
   * @param endedAt when the last of its slow ones ended, in the ticker's nanoseconds
   * @param times how many of its lookups were slow
   * @param waiters how many waited for the last of them
   * @param failure how that one ended
   */
  public record Slow(
      Question question, long nanos, long endedAt, int times, int waiters, Answer.Failure failure) {
    private Slow and(Slow other) {
      Slow last = other.endedAt - endedAt >= 0 ? other : this;
      return new Slow(
          question,
          Math.max(nanos, other.nanos),
          last.endedAt,
          times + other.times,
          last.waiters,
          last.failure);
    }
  }

  private static final class Page {
    private final AtomicReferenceArray<@Nullable Slow> places = new AtomicReferenceArray<>(PLACES);

    /** What is not above this has no place; its owner's. */
    private long least;

    /** When the first place will be too old; its owner's. */
    private long oldUntil;
  }

  private final List<Page> pages = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<Page> page =
      new FastThreadLocal<>() {
        @Override
        protected Page initialValue() {
          Page fresh = new Page();
          pages.add(fresh);
          return fresh;
        }
      };

  void lookedUp(Question question, Answer.Failure failure, int waiters, long nanos, long now) {
    Page own = page.get();
    if (nanos > own.least || now - own.oldUntil > 0) {
      put(own, new Slow(question, nanos, now, 1, waiters, failure));
    }
  }

  /** Puts it where it was, else where the least is; what is too old is less than anything. */
  private static void put(Page own, Slow slow) {
    int place = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < PLACES; i++) {
      Slow there = own.places.getPlain(i);
      if (there != null && there.question.equals(slow.question)) {
        boolean old = isOld(there, slow.endedAt);
        own.places.setRelease(i, old ? slow : there.and(slow));
        settle(own, slow.endedAt);
        return;
      }
      long value = there == null || isOld(there, slow.endedAt) ? -1 : there.nanos;
      if (value < least) {
        least = value;
        place = i;
      }
    }
    if (slow.nanos > least) {
      own.places.setRelease(place, slow);
    }
    settle(own, slow.endedAt);
  }

  private static void settle(Page own, long now) {
    long least = Long.MAX_VALUE;
    long oldest = now;
    for (int i = 0; i < PLACES; i++) {
      Slow there = own.places.getPlain(i);
      if (there == null || isOld(there, now)) {
        least = 0;
      } else {
        least = Math.min(least, there.nanos);
        oldest = there.endedAt - oldest < 0 ? there.endedAt : oldest;
      }
    }
    own.least = least;
    own.oldUntil = oldest + KEPT_NANOS;
  }

  private static boolean isOld(Slow slow, long now) {
    return now - slow.endedAt > KEPT_NANOS;
  }

  /**
   * The slowest questions, the slowest first.
   *
   * @param now the ticker's time
   * @param most how many at most
   */
  public List<Slow> slowest(long now, int most) {
    Map<Question, Slow> all = new HashMap<>();
    for (Page each : pages) {
      for (int i = 0; i < PLACES; i++) {
        Slow slow = each.places.getAcquire(i);
        if (slow != null && !isOld(slow, now)) {
          all.merge(slow.question, slow, Slow::and);
        }
      }
    }
    return all.values().stream()
        .sorted(Comparator.comparingLong(Slow::nanos).reversed())
        .limit(most)
        .toList();
  }
}
