package resolver.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code resolve reload}: has the daemon take its settings anew. */
@Command(
    name = "reload",
    header = "Have the running daemon read its settings again.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve reload|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Has the daemon read the settings that it was started with again, as SIGHUP does, waits for"
          + " the outcome and tells what has changed. Settings that are wrong change nothing, and"
          + " are told with their lines. Reloads that many ask for at the same time become one, or"
          + " two where one had begun already; everybody hears the outcome of the own."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; with --plan: told",
      "2:the command line or the settings are wrong; nothing has changed",
      "9:the daemon broke off, or is about to stop",
      "10:a defect of this program, or of the daemon; settings may be changed in part",
      "11:no daemon listens, or its socket may not be opened",
      "12:the daemon is busy with other such requests"
    },
    footerHeading =
        "%nThe fields of --json, schema 1 (fields may be added; others keep their meaning):%n",
    footer = {
      "  schema                    1",
      "  plan                      true where nothing was changed",
      "  settings                  the settings file, in words",
      "  changes[]                 key, before, after;",
      "    effect                  live: holds at once; restart: with the next start",
      "  warnings[]                what is allowed but hardly meant, or could not be had",
      "  entries                   with --plan: how many answers would be forgotten",
      "  askers                    else: how many had asked for this reload"
    })
final class ReloadCommand extends ControlOptions {
  @Option(
      names = {"-p", "--plan"},
      description =
          "Tell what would change, whether at once or with the next start, and how many remembered"
              + " answers it would cost; change nothing.")
  private boolean plan;

  ReloadCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(plan ? List.of("reload", "plan") : List.of("reload"));
    if (json()) {
      print(reply);
    } else {
      tell(reply, surroundings().out());
    }
    return ExitCode.ANSWERED;
  }

  private void tell(JsonObject reply, PrintStream out) {
    out.println("settings   " + Json.text(reply, "settings") + (plan ? ", not read in" : ""));
    Json.texts(reply, "warnings").forEach(warning -> out.println("warning    " + warning));
    List<JsonObject> changes = Json.objects(reply, "changes");
    if (changes.isEmpty()) {
      out.println("changes    none");
    }
    Columns table = new Columns();
    for (JsonObject change : changes) {
      table.row(
          Json.text(change, "effect").equals("live") ? "at once" : "restart",
          Json.text(change, "key"),
          Json.text(change, "before") + " -> " + Json.text(change, "after"));
    }
    table.lines().forEach(out::println);
    if (plan) {
      out.println("forgets    answers " + Human.count(Json.number(reply, "entries")));
    }
  }
}
