package resolver.cli;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The screen of {@code top} as lines: two looks at the daemon, a width and a height in, lines out.
 *
 * <p>The figures at the top are there at every size; of the tables below, each gets what the others
 * leave of the height, and the names the rest. A name that is too long loses its beginning.
 */
final class TopScreen {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final int MOST_FLIGHTS = 8;
  private static final int LEAST_WIDTH = 20;
  private static final int WIDTH_FOR_REASONS = 90;

  private final JsonObject now;
  private final @Nullable JsonObject before;
  private final int width;
  private final int height;
  private final ZoneId zone;
  private final Paint paint;

  /**
   * A screen.
   *
   * @param before an earlier look; null where this is the first: then there are no rates
   */
  TopScreen(
      JsonObject now, @Nullable JsonObject before, Terminal.Size size, ZoneId zone, Paint paint) {
    this.now = now;
    this.before = before;
    this.width = Math.max(LEAST_WIDTH, size.width());
    this.height = Math.max(1, size.height());
    this.zone = zone;
    this.paint = paint;
  }

  /** The lines, none wider than the width, and no more than the height. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(title());
    lines.add(rates());
    lines.add(times());
    lines.add(outcomes());
    String losses = losses();
    if (!losses.isEmpty()) {
      lines.add(paint.bad(cut(losses)));
    }
    int left = height - lines.size();
    List<String> flights = flights();
    List<String> upstreams = upstreams();
    List<String> names = names();
    int forFlights = room(flights.size(), Math.min(2 + MOST_FLIGHTS, left / 3));
    int forUpstreams = room(upstreams.size(), Math.max(left / 3, left - forFlights - names.size()));
    addTable(lines, upstreams, forUpstreams);
    addTable(lines, flights, forFlights);
    addTable(lines, names, left - forFlights - forUpstreams);
    return List.copyOf(lines.subList(0, Math.min(height, lines.size())));
  }

  /** A table with its blank line, or nothing of it where not even one row fits. */
  private static int room(int table, int most) {
    return Math.min(table + 1, most) < 3 ? 0 : Math.min(table + 1, most);
  }

  private void addTable(List<String> lines, List<String> table, int room) {
    if (room >= 3 && table.size() > 1) {
      lines.add("");
      lines.add(paint.type(cut(table.get(0))));
      table.stream().skip(1).limit(room - 2).map(this::cut).forEach(lines::add);
    }
  }

  private String title() {
    String clock = TIME.format(Instant.ofEpochMilli(Json.number(now, "wallMillis")).atZone(zone));
    String text = "resolver  up " + duration(Json.number(now, "upMillis") / 1000);
    return paint.type(cut(text + " ".repeat(gap(text, clock)) + clock));
  }

  private int gap(String left, String right) {
    return Math.max(2, width - left.length() - right.length());
  }

  private String rates() {
    return cut(
        String.format(
            Locale.ROOT,
            "%s queries/s  %s hits  %s merged  %s upstream/s",
            rate("received"),
            percent(share("hits"), share("hits") + share("misses")),
            percent(share("merged"), share("misses")),
            perSecond(upstreamSends())));
  }

  private String times() {
    JsonObject clients = Json.object(now, "clients");
    StringBuilder line = new StringBuilder("clients wait ");
    line.append(milliseconds(clients, "p50")).append(" ms, 95 % ");
    line.append(milliseconds(clients, "p95")).append(", 99 % ");
    line.append(milliseconds(clients, "p99"));
    line.append("  cached ").append(Human.count(Json.number(now, "cached")));
    return cut(line.toString());
  }

  /** Since the start of the daemon; empty on a good day. */
  private String losses() {
    StringBuilder line = new StringBuilder();
    lost(line, "kernelDrops", "queries dropped by the kernel");
    lost(line, "responsesLost", "responses lost");
    lost(line, "queryLogLost", "lost to the query log");
    lost(line, "unseen", "not seen here");
    return line.toString();
  }

  private void lost(StringBuilder line, String field, String what) {
    if (Json.number(now, field) > 0) {
      line.append(line.isEmpty() ? "" : "  ");
      line.append(Human.count(Json.number(now, field))).append(' ').append(what);
    }
  }

  private String outcomes() {
    if (before == null) {
      return cut("rates follow with the next screen");
    }
    StringBuilder line = new StringBuilder();
    for (String outcome : Json.object(now, "outcomes").keySet()) {
      if (outcome(outcome) > 0) {
        line.append(line.isEmpty() ? "" : "  ").append(outcome).append(' ');
        line.append(perSecond(outcome(outcome)));
      }
    }
    return cut(line.isEmpty() ? "no queries" : line.toString());
  }

  private List<String> flights() {
    JsonObject flights = Json.object(now, "flights");
    List<String> lines = new ArrayList<>();
    lines.add(
        "LOOKUPS UNDER WAY "
            + Human.count(Json.number(flights, "count"))
            + ", FOR "
            + Human.count(Json.number(flights, "waiters"))
            + " WHO WAIT");
    for (JsonObject flight : Json.objects(flights, "most")) {
      String head =
          String.format(
              Locale.ROOT,
              "%10s ms %6s wait  %-5s  ",
              milliseconds(flight, "milliseconds"),
              Human.count(Json.number(flight, "waiters")),
              Json.text(flight, "type"));
      lines.add(head + end(Json.text(flight, "name"), width - head.length()));
    }
    return lines;
  }

  private List<String> upstreams() {
    List<JsonObject> servers = Json.objects(now, "upstreams");
    int column = "UPSTREAM".length();
    for (JsonObject server : servers) {
      column = Math.max(column, label(server).length());
    }
    column = Math.max(LEAST_WIDTH, Math.min(column, width - 52));
    List<String> lines = new ArrayList<>();
    lines.add(
        TailLine.pad("UPSTREAM", column) + "  STATE       USUAL      50 %      95 %      99 % ms");
    for (JsonObject server : servers) {
      JsonObject times = timesOf(Json.text(server, "server"));
      lines.add(
          TailLine.pad(end(label(server), column), column)
              + String.format(
                  Locale.ROOT,
                  "  %-8s %9s %9s %9s %9s",
                  Json.text(server, "state"),
                  milliseconds(server, "roundTrip"),
                  milliseconds(times, "p50"),
                  milliseconds(times, "p95"),
                  milliseconds(times, "p99"))
              + (width < WIDTH_FOR_REASONS ? "" : "  " + Json.text(server, "why")).stripTrailing());
    }
    return lines;
  }

  private static String label(JsonObject server) {
    String route = Json.text(server, "route");
    return Json.text(server, "server") + (route.equals(".") ? "" : " for " + route);
  }

  /** What was seen of the exchanges with a server; those of others by name are not known. */
  private JsonObject timesOf(String server) {
    return Json.objects(now, "servers").stream()
        .filter(times -> Json.text(times, "server").equals(server))
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  private List<String> names() {
    List<String> lines = new ArrayList<>();
    lines.add("  SHARE  NAME");
    for (JsonObject name : Json.objects(now, "names")) {
      String head = String.format(Locale.ROOT, "%5.1f %%  ", Json.fraction(name, "share"));
      lines.add(head + end(Json.text(name, "name"), width - head.length()));
    }
    return lines;
  }

  private long outcome(String outcome) {
    return since(Json.object(now, "outcomes"), object(before, "outcomes"), outcome);
  }

  private long share(String what) {
    return since(Json.object(now, "shares"), object(before, "shares"), what);
  }

  private long upstreamSends() {
    long sum = 0;
    for (String why : Json.object(now, "sent").keySet()) {
      sum += since(Json.object(now, "sent"), object(before, "sent"), why);
    }
    return sum;
  }

  private static JsonObject object(@Nullable JsonObject from, String field) {
    return from == null ? new JsonObject() : Json.object(from, field);
  }

  private static long since(JsonObject now, JsonObject before, String field) {
    return Json.number(now, field) - Json.number(before, field);
  }

  private String rate(String field) {
    return perSecond(before == null ? 0 : since(now, before, field));
  }

  private String perSecond(long events) {
    long millis = before == null ? 0 : since(now, before, "upMillis");
    return millis <= 0 ? "-" : Human.count(Math.round(events * 1000.0 / millis));
  }

  private String percent(long part, long all) {
    return before == null || all <= 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
  }

  private static String milliseconds(JsonObject times, String field) {
    double value = Json.fraction(times, field);
    if (value == 0) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
  }

  private static String duration(long seconds) {
    return seconds < 60 ? seconds + "s" : Human.time((double) seconds);
  }

  private String cut(String line) {
    return line.length() <= width ? line : line.substring(0, width - 1) + ">";
  }

  /** The end of a name tells more than its beginning. */
  private static String end(String name, int room) {
    int most = Math.max(1, room);
    return name.length() <= most ? name : "<" + name.substring(name.length() - most + 1);
  }
}
