package resolver.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

/** {@code resolve status}: the daemon at a glance. */
@Command(
    name = "status",
    header = "Tell how the running daemon fares, on one screen.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve status|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Tells since when the daemon is up, where it listens, how its upstream servers fare, what its"
          + " cache holds, how many questions that and the merging of lookups have saved, what it has"
          + " counted, and how much memory it takes. Works over the control socket, also while the"
          + " daemon is too busy to answer questions."
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
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve status",
      "  resolve status --json | jq .queries.hitRatio",
      "",
      "The fields of --json, schema 1 (fields may be added; others keep their meaning):",
      "  schema                    1",
      "  version, commit, java, pid",
      "  upSince, upSeconds        when the process was started, in UTC; how long ago",
      "  settings                  the settings file, in words",
      "  listening[]               addresses and ports",
      "  upstreamSource            the servers and where they come from, in words",
      "  upstreams[]               as in resolve upstreams",
      "  cache                     answers, failures: how many; octets, octetsAtMost",
      "  queries                   received; hits: answered from the cache; misses: those who needed",
      "                            a lookup; merged: those of them who joined one under way",
      "    hitRatio, mergeRatio    hits of hits and misses, merged of misses: 0 to 1, or null",
      "  flights                   underWay, detached: nobody waits for it, octets, oldestMillis",
      "  ledger                    how many queries had which outcome, and what was sent upstream,",
      "                            refused or lost; stats tells all",
      "  memory                    heapUsed, heapAtMost, resident, in octets"
    })
final class StatusCommand extends ControlOptions {
  StatusCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject status = one(List.of("status"));
    if (json()) {
      print(status);
    } else {
      tell(status, surroundings().out());
    }
    return ExitCode.ANSWERED;
  }

  private static void tell(JsonObject status, PrintStream out) {
    line(
        out,
        "resolver",
        Json.text(status, "version")
            + " ("
            + Json.text(status, "commit")
            + "), Java "
            + Json.text(status, "java")
            + ", process "
            + Json.number(status, "pid"));
    line(
        out,
        "up since",
        Json.text(status, "upSince") + ", " + Human.time(Json.fraction(status, "upSeconds")));
    line(out, "settings", Json.text(status, "settings"));
    line(out, "listening", String.join(", ", Json.texts(status, "listening")));
    line(out, "upstream", Json.text(status, "upstreamSource"));
    UpstreamLines.of(Json.objects(status, "upstreams")).forEach(l -> line(out, "", l));
    cache(Json.object(status, "cache"), out);
    queries(Json.object(status, "queries"), out);
    flights(Json.object(status, "flights"), out);
    ledger(Json.object(status, "ledger"), out);
    memory(Json.object(status, "memory"), out);
  }

  private static void line(PrintStream out, String head, String text) {
    out.println((head + " ".repeat(11 - head.length()) + text).stripTrailing());
  }

  private static void cache(JsonObject cache, PrintStream out) {
    line(
        out,
        "cache",
        "answers "
            + Human.count(Json.number(cache, "answers"))
            + ", failures "
            + Human.count(Json.number(cache, "failures"))
            + "; "
            + Human.size(Json.number(cache, "octets"))
            + " of "
            + Human.size(Json.number(cache, "octetsAtMost")));
  }

  private static void queries(JsonObject queries, PrintStream out) {
    line(
        out,
        "queries",
        "received "
            + Human.count(Json.number(queries, "received"))
            + "; from the cache "
            + Human.share(queries, "hitRatio")
            + ", of the rest merged "
            + Human.share(queries, "mergeRatio"));
  }

  private static void flights(JsonObject flights, PrintStream out) {
    line(
        out,
        "flights",
        "under way "
            + Human.count(Json.number(flights, "underWay"))
            + ", for nobody "
            + Human.count(Json.number(flights, "detached"))
            + ", the oldest since "
            + Human.time(Json.number(flights, "oldestMillis") / 1000.0));
  }

  private static void ledger(JsonObject ledger, PrintStream out) {
    StringJoiner words = new StringJoiner(", ");
    for (Map.Entry<String, JsonElement> count : ledger.entrySet()) {
      words.add(Safe.text(count.getKey()) + " " + Human.count(count.getValue().getAsLong()));
    }
    line(out, "ledger", words.toString());
  }

  private static void memory(JsonObject memory, PrintStream out) {
    line(
        out,
        "memory",
        "heap "
            + Human.size(Json.number(memory, "heapUsed"))
            + " of "
            + Human.size(Json.number(memory, "heapAtMost"))
            + ", resident "
            + Human.size(Json.number(memory, "resident")));
  }
}
