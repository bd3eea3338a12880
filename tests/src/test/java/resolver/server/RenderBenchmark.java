package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import resolver.bench.Packets;
import resolver.query.Answer;
import resolver.query.Query;
import resolver.wire.QueryView;

/** From an answer to the octets for one client; in this package, for the writer is its own. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class RenderBenchmark {
  private static final long SECOND = 1_000_000_000L;

  /** How it is asked. */
  @Param public Packets.Stub stub = Packets.Stub.PLAIN;

  /** How old the answer is, in seconds: TTLs are counted down from the first one on. */
  @Param({"0", "60"})
  public int age;

  private final ResponseWriter writer = new ResponseWriter(Packets.UDP_SIZE);
  private final ByteBuf out = Unpooled.directBuffer(Packets.UDP_SIZE);
  private Query query = query(Packets.Stub.PLAIN);
  private Answer answer = Packets.answer(query.question(), 1, 0);

  /** Makes the query and its answer. */
  @Setup
  public void prepare() {
    query = query(stub);
    answer = Packets.answer(query.question(), 1, 0);
  }

  private static Query query(Packets.Stub stub) {
    ByteBuf packet = Packets.query(1, stub);
    try {
      return Packets.read(new QueryView(), packet);
    } finally {
      packet.release();
    }
  }

  /** Gives the buffer back. */
  @TearDown
  public void end() {
    out.release();
  }

  /** Writes the response over the one before. */
  @Benchmark
  public ByteBuf write() {
    writer.write(out.clear(), query, answer, age * SECOND);
    return out;
  }
}
