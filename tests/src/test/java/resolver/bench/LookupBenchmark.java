package resolver.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import resolver.cache.AnswerCache;
import resolver.cache.CacheRules;
import resolver.cache.CacheSettings;
import resolver.clock.SystemTicker;
import resolver.query.Answer;
import resolver.query.Question;

/** A look into the cache, with a key that is new each time, for names in no order. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class LookupBenchmark {
  private static final int ASKED = 1 << 16;
  private static final CacheSettings SETTINGS = CacheSettings.DEFAULTS.withSize(1L << 30);

  /** How many names are cached. */
  @Param({"1000", "100000", "1000000"})
  public int names;

  private final SystemTicker ticker = new SystemTicker();
  private final AnswerCache cache = new AnswerCache(SETTINGS, new CacheRules(SETTINGS), ticker);
  private final Question[] cached = new Question[ASKED];
  private final Question[] unknown = new Question[ASKED];

  /** Fills the cache, and chooses what is asked. */
  @Setup(Level.Trial)
  public void fill() {
    for (int i = 0; i < names; i++) {
      Question question = Packets.question(i);
      cache.keep(question, Packets.answer(question, i, ticker.nanos()));
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < ASKED; i++) {
      cached[i] = Packets.question(random.nextInt(names));
      unknown[i] = Packets.question(names + i);
    }
  }

  /** The place of one thread among the questions. */
  @State(Scope.Thread)
  public static class Asker {
    private int at = System.identityHashCode(this);

    Question of(Question[] questions) {
      return questions[at++ & (ASKED - 1)];
    }
  }

  /** Finds a fresh answer. */
  @Benchmark
  public Answer hit(Asker asker) {
    Answer answer = cache.fresh(asker.of(cached));
    if (answer == null) {
      throw new IllegalStateException("nothing (expected: an answer)");
    }
    return answer;
  }

  /** Finds none, neither to the question nor about the name. */
  @Benchmark
  public @Nullable Answer miss(Asker asker) {
    return cache.fresh(asker.of(unknown));
  }
}
