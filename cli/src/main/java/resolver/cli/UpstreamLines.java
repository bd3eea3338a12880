package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;

/** What a daemon tells of its upstream servers, in lines. */
final class UpstreamLines {
  private UpstreamLines() {}

  /** A table, the route of each server in its first column. */
  static List<String> of(List<JsonObject> servers) {
    Columns table =
        new Columns().row("ROUTE", "SERVER", "STATE", "RTT", "95 %", "FAILED", "HEARD", "WHY");
    for (JsonObject server : servers) {
      table.row(
          Json.text(server, "route"),
          Json.text(server, "server"),
          Json.text(server, "state"),
          Human.millis(server, "roundTripMillis"),
          Human.millis(server, "lateMillis"),
          Human.count(Json.number(server, "failures")),
          Human.ago(server, "heardSecondsAgo"),
          Json.text(server, "why"));
    }
    return table.lines();
  }
}
