package resolver.metrics;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resolver.flight.FlightSnapshot;
import resolver.observe.Histogram;
import resolver.observe.Ledger;
import resolver.observe.SlowNames.Slow;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;
import resolver.query.QueryObserver.Way;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.selection.ServerState;
import resolver.selection.ServerStatus;

/** What the status page draws, as JSON. Counts go from the start; whoever reads twice has rates. */
final class StatusDocument {
  private static final int SCHEMA = 1;
  private static final int MOST_FLIGHTS = 10;
  private static final int MOST_SLOW = 15;
  private static final double MILLIS = 1e-6;

  private final Subject subject;
  private final JsonWriter out;
  private final long now;

  private StatusDocument(Subject subject, JsonWriter out) {
    this.subject = subject;
    this.out = out;
    this.now = subject.ticker().nanos();
  }

  static Page of(Subject subject, boolean alive, boolean ready) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.setHtmlSafe(true);
      new StatusDocument(subject, out).write(alive, ready);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return Page.of(200, "application/json", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void write(boolean alive, boolean ready) throws IOException {
    out.beginObject();
    out.name("schema").value(SCHEMA);
    out.name("version").value(subject.version());
    out.name("java").value(subject.java());
    out.name("alive").value(alive);
    out.name("ready").value(ready);
    out.name("atMillis").value(now / 1_000_000);
    out.name("upSeconds").value(ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    queries();
    clients();
    flights();
    cache();
    upstreams();
    slowest();
    memory("memory", Memory.used(subject));
    memory("memoryBounds", Memory.bounds(subject));
    out.endObject();
  }

  private void queries() throws IOException {
    Ledger ledger = subject.ledger();
    out.name("received").value(ledger.received());
    out.name("outcomes").beginObject();
    for (Outcome outcome : Outcome.values()) {
      out.name(LedgerMetrics.word(outcome)).value(ledger.get(outcome));
    }
    out.endObject();
    out.name("shares").beginObject();
    ledger.shares().writeTo(out);
    out.endObject();
    out.name("sends").beginObject();
    for (Send why : Send.values()) {
      out.name(LedgerMetrics.word(why)).value(ledger.get(why));
    }
    out.endObject();
  }

  private void clients() throws IOException {
    out.name("clients").beginArray();
    for (Transport transport : Transport.values()) {
      for (Way way : Way.values()) {
        Histogram micros = subject.ledger().clients().micros(transport, way);
        if (micros.count() > 0) {
          out.beginObject();
          out.name("transport").value(LedgerMetrics.word(transport));
          out.name("outcome").value(LedgerMetrics.word(way));
          latency(micros);
          out.endObject();
        }
      }
    }
    out.endArray();
  }

  private void latency(Histogram micros) throws IOException {
    out.name("count").value(micros.count());
    out.name("p50Millis").value(micros.quantile(0.5) / 1e3);
    out.name("p95Millis").value(micros.quantile(0.95) / 1e3);
    out.name("p99Millis").value(micros.quantile(0.99) / 1e3);
  }

  private void flights() throws IOException {
    List<FlightSnapshot<Question>> all = subject.flights().snapshot();
    out.name("flights").beginObject();
    out.name("underWay").value(all.size());
    out.name("waiting").value(StateMetrics.waiting(all));
    out.name("detached").value(subject.flights().detached());
    out.name("oldest").beginArray();
    for (FlightSnapshot<Question> each : all.subList(0, Math.min(MOST_FLIGHTS, all.size()))) {
      out.beginObject();
      out.name("question").value(each.key().toString());
      out.name("ageMillis").value(each.age() * MILLIS);
      out.name("waiters").value(each.waiters());
      out.endObject();
    }
    out.endArray();
    out.endObject();
  }

  private void cache() throws IOException {
    out.name("cache").beginObject();
    out.name("entries").value(subject.cache().size());
    out.name("evictions").value(subject.cache().evictions());
    out.name("failures").value(subject.failures().size());
    out.endObject();
  }

  private void upstreams() throws IOException {
    Map<String, Histogram> latencies = subject.ledger().upstreams().micros();
    out.name("upstreams").beginArray();
    int told = 0;
    for (Map.Entry<String, List<ServerStatus>> route : subject.upstreams().get().entrySet()) {
      for (ServerStatus server : route.getValue()) {
        if (told++ < StateMetrics.MOST_SERVERS) {
          upstream(route.getKey(), server, latencies.get(server.name()));
        }
      }
    }
    out.endArray();
  }

  private void upstream(String route, ServerStatus server, @Nullable Histogram micros)
      throws IOException {
    out.beginObject();
    out.name("route").value(route);
    out.name("server").value(server.name());
    out.name("state").value(server.state());
    out.name("why").value(server.why());
    out.name("roundTripMillis").value(server.roundTripNanos() * MILLIS);
    if (server.heardAt() != ServerState.NEVER) {
      out.name("silentMillis").value((now - server.heardAt()) * MILLIS);
    }
    if (micros != null) {
      latency(micros);
    }
    out.endObject();
  }

  private void slowest() throws IOException {
    out.name("slowest").beginArray();
    for (Slow slow : subject.ledger().slow().slowest(now, MOST_SLOW)) {
      out.beginObject();
      out.name("question").value(slow.question().toString());
      out.name("millis").value(slow.nanos() * MILLIS);
      out.name("agoSeconds").value((now - slow.endedAt()) / 1_000_000_000);
      out.name("times").value(slow.times());
      out.name("waiters").value(slow.waiters());
      out.name("failure").value(LedgerMetrics.word(slow.failure()));
      out.endObject();
    }
    out.endArray();
  }

  private void memory(String name, Map<String, Long> areas) throws IOException {
    out.name(name).beginObject();
    for (Map.Entry<String, Long> each : areas.entrySet()) {
      out.name(each.getKey()).value(each.getValue());
    }
    out.endObject();
  }
}
