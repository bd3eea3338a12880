package resolver.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Question;

/** The key of everything that is shared: made with its hash, and compared. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class QuestionBenchmark {
  /** How long the name is. */
  public enum Length {
    /** 13 octets. */
    SHORT("example.org"),
    /** 62 octets, like the names of a content network. */
    LONG("www.static-assets-of-a-shop.eu-central-1.content.example.net"),
    /** 74 octets in 34 labels: an address of IPv6, asked for its name. */
    MANY_LABELS("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");

    private final String name;

    Length(String name) {
      this.name = name;
    }
  }

  /** What is asked for. */
  @Param public Length length = Length.SHORT;

  private byte[] octets = new byte[0];
  private Question one = Packets.question(0);
  private Question same = Packets.question(0);

  /** Makes the octets and two equal questions of them. */
  @Setup
  public void prepare() {
    octets = Answers.name(length.name).toWire();
    one = Question.of(octets, Type.A, 1, false);
    same = Question.of(octets, Type.A, 1, false);
  }

  /** Folds the letters, and works out the hash. */
  @Benchmark
  public Question key() {
    return Question.of(octets, Type.A, 1, false);
  }

  /** Compares with an equal one, as every hit does. */
  @Benchmark
  public boolean equal() {
    return one.equals(same);
  }

  /** Makes the key under which the lack of a name is kept. */
  @Benchmark
  public Question everyType() {
    return one.forEveryType();
  }
}
