package resolver.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
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

/** What a new answer costs a cache that is full, which so gives another one up. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class KeepBenchmark {
  /** Of each thread, and more than the cache holds of all. */
  private static final int NAMES = 1 << 16;

  private static final CacheSettings SETTINGS = CacheSettings.DEFAULTS.withSize(16L << 20);

  private final SystemTicker ticker = new SystemTicker();
  private final AnswerCache cache = new AnswerCache(SETTINGS, new CacheRules(SETTINGS), ticker);
  private final AtomicInteger keeping = new AtomicInteger();

  /** A thread with answers for names of its own. */
  @State(Scope.Thread)
  public static class Keeper {
    private final Question[] questions = new Question[NAMES];
    private final Answer[] answers = new Answer[NAMES];
    private int next;

    /** Makes them. */
    @Setup
    public void prepare(KeepBenchmark benchmark) {
      int first = benchmark.keeping.getAndIncrement() * NAMES;
      for (int i = 0; i < NAMES; i++) {
        questions[i] = Packets.question(first + i);
        answers[i] = Packets.answer(questions[i], first + i, benchmark.ticker.nanos());
      }
    }
  }

  /** The next one comes. */
  @Benchmark
  public void keep(Keeper keeper) {
    int at = keeper.next++ & (NAMES - 1);
    cache.keep(keeper.questions[at], keeper.answers[at]);
  }
}
