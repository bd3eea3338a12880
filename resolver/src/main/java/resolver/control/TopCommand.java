package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xbill.DNS.Type;
import resolver.clock.Ticker;
import resolver.flight.FlightSnapshot;
import resolver.observe.Census;
import resolver.observe.Ledger;
import resolver.observe.QueryLine;
import resolver.observe.QueryTaps;
import resolver.observe.QueryWatch;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.selection.ServerStatus;
import resolver.settings.Spelling;
import resolver.settings.Words;

/**
 * {@code top}: what goes on, an object at once and another one after each interval, until the
 * reader leaves. Figures of the ledger are sums since the start of the daemon: the reader takes
 * differences.
 */
public final class TopCommand implements ControlCommand {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final Duration USUAL = Duration.ofSeconds(1);
  private static final long FADE_NANOS = 30_000_000_000L;
  private static final long GATHER_NANOS = 20_000_000;
  private static final int FLIGHTS_TOLD = 50;

  /**
   * What is looked at.
   *
   * @param flights the flights that are under way
   * @param upstreams the upstream servers by the domain of their route
   * @param cached how many answers are kept
   */
  public record Sights(
      Ledger ledger,
      Supplier<List<FlightSnapshot<Question>>> flights,
      Supplier<Map<String, List<ServerStatus>>> upstreams,
      LongSupplier cached) {}

  private final QueryTaps taps;
  private final Sights sights;
  private final Ticker ticker;
  private final long startedAt;

  /** Looks at these, and watches the queries that come to these taps. */
  public TopCommand(QueryTaps taps, Sights sights, Ticker ticker) {
    this.taps = taps;
    this.sights = sights;
    this.ticker = ticker;
    this.startedAt = ticker.nanos();
  }

  @Override
  public String name() {
    return "top";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException, InterruptedException {
    long interval = interval(words).toNanos();
    Census census = new Census();
    long unseen = 0;
    try (QueryWatch watch = TailCommand.watch(taps)) {
      long at = ticker.nanos();
      long fadeAt = at + FADE_NANOS;
      while (out.isOpen()) {
        long untold = unseen;
        out.object(json -> write(json, census, untold));
        // What a suspend, or a slow reader, has kept from being told is not made up for.
        at = later(at + interval, ticker.nanos());
        while (ticker.nanos() - at < 0 && out.isOpen()) {
          take(watch, census);
          LockSupport.parkNanos(this, Math.min(GATHER_NANOS, at - ticker.nanos()));
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        take(watch, census);
        unseen += watch.takeLost();
        if (ticker.nanos() - fadeAt >= 0) {
          census.fade();
          fadeAt = ticker.nanos() + FADE_NANOS;
        }
      }
    }
  }

  /** The later of two times in the ticker's nanoseconds. */
  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  private static Duration interval(List<String> words) {
    if (words.isEmpty()) {
      return USUAL;
    }
    String expected = " (expected: --interval and a duration, 100ms to 1m)";
    if (words.size() != 2 || !words.get(0).equals("--interval")) {
      throw new ControlException(String.join(" ", words) + expected);
    }
    try {
      Duration interval = Words.parseDuration(words.get(1));
      if (interval.compareTo(LEAST) >= 0 && interval.compareTo(MOST) <= 0) {
        return interval;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new ControlException(String.join(" ", words) + expected);
  }

  private static void take(QueryWatch watch, Census census) {
    for (SettledQuery query = watch.poll(); query != null; query = watch.poll()) {
      census.add(query);
    }
  }

  private void write(JsonWriter json, Census census, long unseen) throws IOException {
    long now = ticker.nanos();
    json.name("wallMillis").value(ticker.wallMillis());
    json.name("upMillis").value((now - startedAt) / 1_000_000);
    writeCounts(json);
    json.name("cached").value(sights.cached().getAsLong());
    json.name("unseen").value(unseen);
    writeFlights(json);
    writeUpstreams(json);
    census.writeTo(json);
  }

  private void writeCounts(JsonWriter json) throws IOException {
    Ledger ledger = sights.ledger();
    json.name("received").value(ledger.received());
    json.name("outcomes").beginObject();
    for (QueryObserver.Outcome outcome : QueryObserver.Outcome.values()) {
      json.name(QueryLine.outcome(outcome)).value(ledger.get(outcome));
    }
    json.endObject();
    json.name("shares").beginObject();
    ledger.shares().writeTo(json);
    json.endObject();
    json.name("sent").beginObject();
    for (QueryObserver.Send send : QueryObserver.Send.values()) {
      json.name(Spelling.word(send)).value(ledger.get(send));
    }
    json.endObject();
    json.name("responsesLost").value(ledger.get(Ledger.Count.RESPONSES_LOST));
    json.name("kernelDrops").value(ledger.get(Ledger.Count.KERNEL_DROPS));
    json.name("queryLogLost").value(ledger.get(Ledger.Count.QUERY_LOG_LOST));
  }

  private void writeFlights(JsonWriter json) throws IOException {
    List<FlightSnapshot<Question>> flights = sights.flights().get();
    json.name("flights").beginObject();
    json.name("count").value(flights.size());
    json.name("waiters").value(flights.stream().mapToLong(FlightSnapshot::waiters).sum());
    json.name("most").beginArray();
    List<FlightSnapshot<Question>> most =
        flights.stream()
            .sorted(
                Comparator.<FlightSnapshot<Question>>comparingInt(FlightSnapshot::waiters)
                    .thenComparingLong(FlightSnapshot::age)
                    .reversed())
            .limit(FLIGHTS_TOLD)
            .toList();
    for (FlightSnapshot<Question> flight : most) {
      json.beginObject().name("name").value(flight.key().nameText());
      json.name("type").value(Type.string(flight.key().type()));
      json.name("milliseconds").value(milliseconds(flight.age()));
      json.name("waiters").value(flight.waiters()).endObject();
    }
    json.endArray().endObject();
  }

  private void writeUpstreams(JsonWriter json) throws IOException {
    json.name("upstreams").beginArray();
    for (Map.Entry<String, List<ServerStatus>> route : sights.upstreams().get().entrySet()) {
      for (ServerStatus server : route.getValue()) {
        json.beginObject().name("route").value(route.getKey());
        json.name("server").value(server.name());
        json.name("state").value(server.state());
        json.name("roundTrip").value(milliseconds(server.roundTripNanos()));
        json.name("late").value(milliseconds(server.lateNanos()));
        json.name("failures").value(server.failures());
        json.name("why").value(server.why()).endObject();
      }
    }
    json.endArray();
  }

  private static BigDecimal milliseconds(long nanos) {
    return BigDecimal.valueOf(nanos / 1000, 3);
  }
}
