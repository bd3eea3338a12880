package resolver.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code resolve stats}: every counter of the daemon. */
@Command(
    name = "stats",
    header = "Tell every counter of the running daemon.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve stats|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {"Tells all that the daemon has counted since its start."},
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:told",
      "2:the command line is wrong",
      "9:the daemon broke off",
      "10:a defect of this program, or of the daemon",
      "11:no daemon listens, or its socket may not be opened",
      "12:the daemon is busy with other such requests"
    },
    footerHeading =
        "%nThe fields of --json, schema 1 (fields may be added; others keep their meaning):%n",
    footer = {
      "  schema                    1",
      "  counts                    what happened how often, to queries and to flights",
      "  outcomes                  how many queries had which outcome: their sum is what was received",
      "  sent                      how often something was sent upstream, by the reason",
      "  spreads                   fanout: waiters of a flight; flightMicros: how long flights took;",
      "                            leaderWaitMicros, followerWaitMicros: how long clients waited",
      "    count                   how many there were",
      "    median, p95, p99, most  what so many of them do not exceed, to 25 %%"
    })
final class StatsCommand extends ControlOptions {
  StatsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject stats = one(List.of("stats"));
    if (json()) {
      print(stats);
      return ExitCode.ANSWERED;
    }
    Columns counts = new Columns();
    for (String group : List.of("counts", "outcomes", "sent")) {
      for (Map.Entry<String, JsonElement> count : Json.object(stats, group).entrySet()) {
        counts.row(group, Human.words(count.getKey()), Human.count(count.getValue().getAsLong()));
      }
    }
    counts.lines().forEach(surroundings().out()::println);
    Columns spreads = new Columns().row("spreads", "", "count", "median", "95 %", "99 %", "most");
    JsonObject all = Json.object(stats, "spreads");
    for (String name : all.keySet()) {
      JsonObject spread = Json.object(all, name);
      spreads.row(
          "",
          Human.words(name),
          Human.count(Json.number(spread, "count")),
          Human.count(Json.number(spread, "median")),
          Human.count(Json.number(spread, "p95")),
          Human.count(Json.number(spread, "p99")),
          Human.count(Json.number(spread, "most")));
    }
    spreads.lines().forEach(surroundings().out()::println);
    return ExitCode.ANSWERED;
  }
}
