package resolver.cli;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A query of the live log as a line for people. */
final class TailLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private TailLine() {}

  /**
   * The line.
   *
   * @param zone of whoever reads the time
   */
  static String of(JsonObject query, ZoneId zone, Paint paint) {
    String outcome = Json.text(query, "outcome");
    String rcode = Json.text(query, "rcode");
    StringBuilder line = new StringBuilder();
    line.append(
        paint.faint(TIME.format(Instant.parse(query.get("time").getAsString()).atZone(zone))));
    line.append("  ").append(pad(Json.text(query, "client"), 15));
    line.append("  ").append(paintOutcome(paint, outcome, pad(outcome, 11)));
    line.append("  ").append(pad(rcode.isEmpty() ? "no response" : rcode, 8));
    line.append(String.format(Locale.ROOT, "%11.3f ms  ", Json.fraction(query, "milliseconds")));
    line.append(paint.type(pad(Json.text(query, "type"), 5)));
    line.append("  ").append(paint.name(Json.text(query, "name")));
    appendRest(line, query, outcome, paint);
    return line.toString();
  }

  private static void appendRest(
      StringBuilder line, JsonObject query, String outcome, Paint paint) {
    boolean exchanged = outcome.equals("leader") || outcome.equals("follower");
    if (exchanged && query.has("upstream")) {
      line.append("  ").append(Json.text(query, "upstream"));
      append(line, Json.number(query, "tries"), "tries");
      append(line, Json.number(query, "waiters"), "waited");
    }
    for (JsonObject error : Json.objects(query, "extendedErrors")) {
      String text = Json.text(error, "text");
      line.append("  ")
          .append(
              paint.middling(
                  "(" + Json.number(error, "code") + (text.isEmpty() ? "" : ": " + text) + ")"));
    }
  }

  /** One try and one who waited go without saying. */
  private static void append(StringBuilder line, long number, String what) {
    if (number > 1) {
      line.append(", ").append(number).append(' ').append(what);
    }
  }

  private static String paintOutcome(Paint paint, String outcome, String text) {
    return switch (outcome) {
      case "hit", "local" -> paint.good(text);
      case "leader", "follower" -> text;
      case "stale", "failure-hit", "duplicate", "cache-only-miss" -> paint.middling(text);
      default -> paint.bad(text);
    };
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
