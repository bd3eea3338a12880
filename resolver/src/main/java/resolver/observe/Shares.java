package resolver.observe;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;

/**
 * How much of what could have been asked upstream was not: the one meaning of "hits" and "merged",
 * wherever they are told. Sums since the start; the shares of a time are those of the differences.
 *
 * <p>What cannot lead to a lookup counts neither way: local data, refusals, what is malformed,
 * limited, dropped or over a bound.
 *
 * @param hits queries that were answered by what is kept: fresh answers, stale ones and failures
 * @param merged queries that joined a lookup under way
 * @param asked queries that started a lookup
 */
public record Shares(long hits, long merged, long asked) {
  /** Queries that needed a lookup, their own or another's. */
  public long misses() {
    return merged + asked;
  }

  /** Hits of hits and misses: 0 to 1, or NaN where there were neither. */
  public double hitRatio() {
    return (double) hits / (hits + misses());
  }

  /** Merged of misses: 0 to 1, or NaN where there were none. */
  public double mergeRatio() {
    return (double) merged / misses();
  }

  /** Writes names and values: {@code hits}, {@code misses} and {@code merged}. */
  public void writeTo(JsonWriter json) throws IOException {
    json.name("hits").value(hits);
    json.name("misses").value(misses());
    json.name("merged").value(merged);
  }
}
