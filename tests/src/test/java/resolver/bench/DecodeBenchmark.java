package resolver.bench;

import io.netty.buffer.ByteBuf;
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
import resolver.query.Query;
import resolver.wire.QueryView;

/** From the octets of a packet to a query, whose question has its hash then. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class DecodeBenchmark {
  private static final int PACKETS = 64;

  /** How it is asked. */
  @Param public Packets.Stub stub = Packets.Stub.PLAIN;

  private final QueryView view = new QueryView();
  private final ByteBuf[] packets = new ByteBuf[PACKETS];
  private int next;

  /** Makes the packets. */
  @Setup
  public void prepare() {
    for (int i = 0; i < PACKETS; i++) {
      packets[i] = Packets.query(i, stub);
    }
  }

  /** Gives them back. */
  @TearDown
  public void end() {
    for (ByteBuf packet : packets) {
      packet.release();
    }
  }

  /** Looks at the packet, without making an object. */
  @Benchmark
  public QueryView.Verdict view() {
    return view.read(packets[next++ & (PACKETS - 1)]);
  }

  /** Makes a query of it, too. */
  @Benchmark
  public Query query() {
    return Packets.read(view, packets[next++ & (PACKETS - 1)]);
  }
}
