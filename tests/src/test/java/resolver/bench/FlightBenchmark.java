package resolver.bench;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import resolver.clock.SystemTicker;
import resolver.flight.FlightListener;
import resolver.flight.FlightSettings;
import resolver.flight.Outcome;
import resolver.flight.SingleFlight;
import resolver.flight.Waiter;
import resolver.query.Question;

/**
 * A flight from its start to its waiters' being told, by a loader that is done at once: what
 * merging adds to a lookup. Time is per call and thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class FlightBenchmark {
  private static final int KEYS = 1024;

  private final Question one = Packets.question(0);
  private final AtomicInteger asking = new AtomicInteger();
  private final SingleFlight<Question, String> flights =
      new SingleFlight<>(
          FlightSettings.DEFAULTS,
          Question::weight,
          new SystemTicker(),
          (delay, task) -> () -> {},
          new FlightListener<>() {});

  /** A caller with names of its own, told where it stands. */
  @State(Scope.Thread)
  public static class Caller implements Waiter<String> {
    private final Question[] own = new Question[KEYS];
    private int next;
    private @Nullable Outcome<String> told;

    /** A caller whose names no other has. */
    @Setup
    public void choose(FlightBenchmark benchmark) {
      int first = 1 + benchmark.asking.getAndIncrement() * KEYS;
      for (int i = 0; i < KEYS; i++) {
        own[i] = Packets.question(first + i);
      }
    }

    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public boolean onOwnExecutor() {
      return true;
    }

    @Override
    public void complete(Outcome<String> outcome) {
      told = outcome;
    }
  }

  /** One thread, nobody else. */
  @Benchmark
  @Threads(1)
  public @Nullable Outcome<String> alone(Caller caller) {
    return fly(caller.own[caller.next++ & (KEYS - 1)], caller);
  }

  /** Eight threads, all for one name. */
  @Benchmark
  @Threads(8)
  public @Nullable Outcome<String> eightForOneName(Caller caller) {
    return fly(one, caller);
  }

  /** Eight threads, each for names of its own. */
  @Benchmark
  @Threads(8)
  public @Nullable Outcome<String> eightForManyNames(Caller caller) {
    return fly(caller.own[caller.next++ & (KEYS - 1)], caller);
  }

  private @Nullable Outcome<String> fly(Question question, Caller caller) {
    flights.join(question, caller, (key, flight, done) -> done.value("done"));
    return caller.told;
  }
}
