package resolver.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.List;
import org.xbill.DNS.Type;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code resolve explain}: why a question is answered as it is. */
@Command(
    name = "explain",
    header = "Tell why the running daemon answers a question as it does.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve explain|@ [OPTIONS] NAME [TYPE]",
    descriptionHeading = "%n",
    description = {
      "Tells what decides about a question: a rule that answers it here, the route of its name and"
          + " the servers in the order in which they would be asked now, what is remembered and"
          + " which server that is from, a lookup under way; and what would be done if a client"
          + " asked now. Asks nobody, and changes nothing."
    },
    parameterListHeading = "%n",
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
      "  name, type                what is explained",
      "  rule                      rcode, why: what is answered here, or null",
      "  route                     domain (\".\" for names without one), action (forward, refuse,",
      "                            local-only), policy",
      "    servers[]               in the order in which they would be asked now; as in upstreams",
      "  entries[], failures[]     what is remembered for this question; as in lookup",
      "  flight                    id, ageMillis, waiters of the lookup under way, or null",
      "  now.outcome               what it would count as now: local, hit, stale, failure-hit,",
      "                            follower (waits for the lookup under way) or leader (starts one)",
      "  now.why                   the same in words"
    })
final class ExplainCommand extends ControlOptions {
  @Parameters(index = "0", paramLabel = "NAME", description = "The name, or an IP address.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TYPE",
      completionCandidates = QueryOptions.CommonTypes.class,
      description = "The type of records. Default: A; PTR for an IP address.")
  private String type = "";

  ExplainCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    NameWord word = NameWord.parse(name);
    String usual = word.reverse() ? "PTR" : "A";
    String wanted = type.isEmpty() ? usual : Type.string(TypeWord.parse(type));
    JsonObject reply = one(List.of("explain", word.name().toString(), wanted));
    if (json()) {
      print(reply);
    } else {
      tell(reply, surroundings().out());
    }
    return ExitCode.ANSWERED;
  }

  private static void tell(JsonObject reply, PrintStream out) {
    out.println("question   " + Json.text(reply, "name") + " " + Json.text(reply, "type"));
    JsonObject rule = Json.object(reply, "rule");
    out.println(
        "rule       "
            + (rule.keySet().isEmpty()
                ? "none: it is not answered here"
                : Json.text(rule, "rcode") + ": " + Json.text(rule, "why")));
    JsonObject route = Json.object(reply, "route");
    String domain = Json.text(route, "domain");
    out.println(
        "route      "
            + (domain.equals(".") ? "that of all names without one" : domain)
            + ", "
            + Json.text(route, "action")
            + ", "
            + Json.text(route, "policy"));
    UpstreamLines.of(Json.objects(route, "servers")).forEach(line -> out.println("  " + line));
    List<String> kept = EntryLines.of(reply);
    out.println(kept.isEmpty() ? "cache      nothing is remembered" : "cache");
    kept.forEach(line -> out.println("  " + line));
    JsonObject flight = Json.object(reply, "flight");
    out.println(
        "lookup     "
            + (flight.keySet().isEmpty()
                ? "none is under way"
                : "flight "
                    + Json.number(flight, "id")
                    + " since "
                    + Human.millis(flight, "ageMillis")
                    + ", waiters "
                    + Json.number(flight, "waiters")));
    out.println("now        " + Json.text(Json.object(reply, "now"), "why"));
  }
}
