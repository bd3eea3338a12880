package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code resolve flights}: the lookups under way. */
@Command(
    name = "flights",
    header = "List the lookups that are under way in the running daemon.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve flights|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Lists lookups, the oldest first: what each is for, how long it has lasted, how many clients"
          + " wait for it, and what it waits for itself: another flight, or the servers of a route."
    },
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
      "  count, waiters            how many flights there are, and who wait for them, in all",
      "  flights[]                 the oldest first",
      "    id                      its number",
      "    name, type, checkingDisabled",
      "    ageMillis, waiters",
      "    forgotten               whether its answer will not be kept",
      "    waitsFor[]              the numbers of flights that it waits for",
      "    route, servers[]        the domain of its route, and who is asked by it, in order"
    })
final class FlightsCommand extends ControlOptions {
  @Option(
      names = {"-n", "--most"},
      paramLabel = "NUMBER",
      defaultValue = "1000",
      description = "List so many at most. Default: ${DEFAULT-VALUE}.")
  private int most = 1000;

  FlightsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(List.of("flights", Integer.toString(most)));
    if (json()) {
      print(reply);
      return ExitCode.ANSWERED;
    }
    List<JsonObject> flights = Json.objects(reply, "flights");
    if (!flights.isEmpty()) {
      Columns table = new Columns().row("FLIGHT", "AGE", "WAITERS", "TYPE", "NAME", "WAITS FOR");
      flights.forEach(flight -> row(table, flight));
      table.lines().forEach(surroundings().out()::println);
    }
    surroundings()
        .out()
        .println(
            "under way "
                + Human.count(Json.number(reply, "count"))
                + ", waiters "
                + Human.count(Json.number(reply, "waiters")));
    return ExitCode.ANSWERED;
  }

  private static void row(Columns table, JsonObject flight) {
    List<String> others = Json.texts(flight, "waitsFor");
    String route = Json.text(flight, "route");
    String servers = String.join(", ", Json.texts(flight, "servers"));
    String what =
        others.isEmpty()
            ? servers + (route.equals(".") ? "" : " (route " + route + ")")
            : others.stream().map(id -> "flight " + id).collect(Collectors.joining(", "));
    table.row(
        Json.number(flight, "id"),
        Human.millis(flight, "ageMillis"),
        Json.number(flight, "waiters"),
        Json.text(flight, "type"),
        Json.text(flight, "name"),
        what + (Json.truth(flight, "forgotten") ? "; flushed, not kept" : ""));
  }
}
