package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import resolver.observe.Histogram;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;

/** {@code stats}: every counter of the ledger. */
public final class StatsCommand implements ControlCommand {
  private final Ledger ledger;

  /** Tells of a ledger. */
  public StatsCommand(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public String name() {
    return "stats";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    takesNone(words);
    out.object(
        json -> {
          json.name("schema").value(1);
          counts(json, "counts", Ledger.Count.values(), ledger::get);
          counts(json, "outcomes", Outcome.values(), ledger::get);
          counts(json, "sent", Send.values(), ledger::get);
          json.name("spreads").beginObject();
          for (Ledger.Spread spread : Ledger.Spread.values()) {
            json.name(Words.camel(spread));
            spread(json, ledger.get(spread));
          }
          json.endObject();
        });
  }

  private static <E extends Enum<E>> void counts(
      JsonWriter json, String name, E[] each, ToLongFunction<E> value) throws IOException {
    json.name(name).beginObject();
    for (E one : each) {
      json.name(Words.camel(one)).value(value.applyAsLong(one));
    }
    json.endObject();
  }

  private static void spread(JsonWriter json, Histogram seen) throws IOException {
    json.beginObject();
    json.name("count").value(seen.count());
    json.name("median").value(seen.quantile(0.5));
    json.name("p95").value(seen.quantile(0.95));
    json.name("p99").value(seen.quantile(0.99));
    json.name("most").value(seen.quantile(1));
    json.endObject();
  }
}
