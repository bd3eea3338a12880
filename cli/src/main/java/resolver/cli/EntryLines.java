package resolver.cli;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a daemon remembers of a name, in lines. */
final class EntryLines {
  private EntryLines() {}

  /** The entries and failures of a reply. */
  static List<String> of(JsonObject reply) {
    List<String> lines = new ArrayList<>();
    Json.objects(reply, "entries").forEach(entry -> entry(entry, lines));
    for (JsonObject failure : Json.objects(reply, "failures")) {
      lines.add(
          type(failure)
              + Json.text(failure, "rcode")
              + ", a failure ("
              + Json.text(failure, "failure")
              + "), given out again for "
              + Human.time(Json.fraction(failure, "leftSeconds")));
      errors(failure, lines);
    }
    return lines;
  }

  private static void entry(JsonObject entry, List<String> lines) {
    double left = Json.fraction(entry, "leftSeconds");
    lines.add(
        type(entry)
            + Json.text(entry, "rcode")
            + (Json.text(entry, "outcome").equals("nodata") ? ", no such records" : "")
            + ", "
            + Json.text(entry, "freshness")
            + (left >= 0 ? ", " + Human.time(left) + " left" : ", for " + Human.time(-left))
            + " of "
            + Json.number(entry, "ttl")
            + "s"
            + (Json.truth(entry, "checkingDisabled") ? ", for CD" : "")
            + (Json.number(entry, "space") == 0 ? "" : ", of an alias by another route"));
    JsonObject from = Json.object(entry, "provenance");
    if (!from.keySet().isEmpty()) {
      long waiters = Json.number(from, "waiters");
      lines.add(
          String.format(
              Locale.ROOT,
              "      from %s over %s in %s, tries %d, waiters %d; came %s ago, %s",
              Json.text(from, "server"),
              Json.text(from, "transport"),
              Human.millis(from, "roundTripMillis"),
              Json.number(from, "tries"),
              waiters,
              Human.time(Json.fraction(entry, "ageSeconds")),
              Json.truth(entry, "used") ? "used since" : "not used since"));
    }
    errors(entry, lines);
    Json.texts(entry, "records").forEach(record -> lines.add("      " + record));
  }

  private static String type(JsonObject entry) {
    return TailLine.pad(Json.text(entry, "type"), 4) + "  ";
  }

  private static void errors(JsonObject of, List<String> lines) {
    for (JsonObject error : Json.objects(of, "extendedErrors")) {
      lines.add("      error " + Json.number(error, "code") + ": " + Json.text(error, "text"));
    }
  }
}
