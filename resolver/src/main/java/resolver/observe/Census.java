package resolver.observe;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.settings.Addresses;

/**
 * What somebody who watches the queries sees of them as a whole: how long clients and servers take,
 * and which names are asked for most. What is long ago fades. Belongs to one thread.
 */
public final class Census {
  private static final int NAMES = 1024;
  private static final int MOST_SERVERS = 64;
  private static final int MOST_TOLD = 100;

  private final TopKeys<Question> names = new TopKeys<>(NAMES);
  private final long[] waits = new long[Histogram.BUCKETS];
  private final Map<String, long[]> servers = new HashMap<>();

  /** Takes a query into account. */
  public void add(SettledQuery query) {
    Question question = query.question();
    if (question != null) {
      names.add(question.forEveryType());
    }
    if (query.rcode() != SettledQuery.SILENCE) {
      waits[Histogram.bucketOf(query.nanos() / 1000)]++;
    }
    Provenance provenance = query.provenance();
    if (provenance != null && query.outcome() == Outcome.LEADER) {
      add(provenance);
    }
  }

  /** Those who wait with others have the same exchange, which is to count once. */
  private void add(Provenance provenance) {
    String server = Addresses.format(provenance.server());
    if (servers.size() < MOST_SERVERS || servers.containsKey(server)) {
      long[] counts = servers.computeIfAbsent(server, key -> new long[Histogram.BUCKETS]);
      counts[Histogram.bucketOf(provenance.roundTripNanos() / 1000)]++;
    }
  }

  /** Halves the weight of all that was so far. */
  public void fade() {
    names.fade();
    halve(waits);
    servers.values().forEach(Census::halve);
    servers.values().removeIf(counts -> new Histogram(counts).count() == 0);
  }

  private static void halve(long[] counts) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] /= 2;
    }
  }

  /** Writes names and values: {@code clients}, {@code servers} and {@code names}. */
  public void writeTo(JsonWriter json) throws IOException {
    json.name("clients").beginObject();
    writeTimes(json, waits);
    json.endObject();
    json.name("servers").beginArray();
    List<String> sorted = new ArrayList<>(servers.keySet());
    sorted.sort(null);
    for (String server : sorted) {
      json.beginObject().name("server").value(server);
      writeTimes(json, servers.getOrDefault(server, waits));
      json.endObject();
    }
    json.endArray();
    json.name("names").beginArray();
    for (TopKeys.Counted<Question> name : names.top(MOST_TOLD)) {
      json.beginObject().name("name").value(name.key().nameText());
      json.name("share").value(share(name.count(), names.total()));
      json.name("tooMuch").value(share(name.tooMany(), names.total()));
      json.endObject();
    }
    json.endArray();
  }

  private static void writeTimes(JsonWriter json, long[] counts) throws IOException {
    Histogram times = new Histogram(counts);
    json.name("count").value(times.count());
    json.name("p50").value(milliseconds(times.quantile(0.5)));
    json.name("p95").value(milliseconds(times.quantile(0.95)));
    json.name("p99").value(milliseconds(times.quantile(0.99)));
  }

  private static BigDecimal milliseconds(long micros) {
    return BigDecimal.valueOf(micros, 3);
  }

  /** Of all, in hundredths, with one digit behind the point. */
  private static BigDecimal share(long count, long total) {
    return BigDecimal.valueOf(total == 0 ? 0 : Math.min(1000, count * 1000 / total), 1);
  }
}
