package resolver.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is left to chance, decided by a seed, the question and how often it has been asked: the
 * third query for a name is lost or not, whenever it comes and whatever came between. Belongs to
 * one thread.
 */
final class Chance {
  /** What is decided; each is drawn by itself. */
  enum Of {
    LOSS_OF_QUERY(1),
    LOSS_OF_REPLY(2),
    REPLY(3),
    DUPLICATE(4),
    REORDER(5),
    JITTER(6);

    private final int number;

    Of(int number) {
      this.number = number;
    }
  }

  private static final int MOST_QUESTIONS = 1 << 17;

  private final long seed;
  private final Map<Long, Integer> asked =
      new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > MOST_QUESTIONS;
        }
      };

  Chance(long seed) {
    this.seed = seed;
  }

  /** The fate of a question that is asked once more. */
  Fate next(long question) {
    return new Fate(mix(seed ^ mix(question)), asked.merge(question, 1, Integer::sum));
  }

  /** Begins anew, as if nobody had asked anything. */
  void forget() {
    asked.clear();
  }

  /**
   * What becomes of one query.
   *
   * @param time counted from 1
   */
  record Fate(long base, int time) {
    /** A number from 0 on and below 1. */
    double draw(Of what) {
      return (mix(base + time * 31L + what.number * 0x9e3779b97f4a7c15L) >>> 11) * 0x1p-53;
    }
  }

  /** Stafford's variant 13 of the 64-bit finisher of MurmurHash3. */
  private static long mix(long z) {
    long first = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
    return second ^ (second >>> 31);
  }
}
