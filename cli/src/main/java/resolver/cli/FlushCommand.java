package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code resolve flush}: has the daemon forget. */
@Command(
    name = "flush",
    header = "Have the running daemon forget a name, or more.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis =
        "@|bold resolve flush|@ [OPTIONS] (NAME | --subtree NAME | --negative | --all)",
    descriptionHeading = "%n",
    description = {
      "Has the daemon forget what it knows; who asks next is answered anew. What is being looked up"
          + " is still given to those who wait for it, and not kept."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, also where nothing was known",
      "2:the command line is wrong",
      "9:the daemon broke off",
      "10:a defect of this program, or of the daemon",
      "11:no daemon listens, or its socket may not be opened",
      "12:the daemon is busy with other such requests"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve flush www.example.org          the name alone, of every type",
      "  resolve flush --subtree example.org    and all names below it",
      "  resolve flush --negative               what is said not to exist, and failures",
      "",
      "The fields of --json, schema 1 (fields may be added; others keep their meaning):",
      "  schema                    1",
      "  flushed                   what was to be forgotten, in words",
      "  entries, entriesLeft      how many answers and failures are gone, and left"
    })
final class FlushCommand extends ControlOptions {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what = new What();

  /** One of them. */
  static final class What {
    @Parameters(paramLabel = "NAME", description = "The name to be forgotten, of every type.")
    private @Nullable String name;

    @Option(
        names = "--subtree",
        paramLabel = "NAME",
        description = "Forget that name and all names below it.")
    private @Nullable String subtree;

    @Option(
        names = "--negative",
        description = "Forget all that says that something does not exist, and all failures.")
    private boolean negative;

    @Option(names = "--all", description = "Forget everything.")
    private boolean all;

    List<String> words() {
      if (name != null) {
        return List.of("flush", "name", NameWord.parse(name).name().toString());
      }
      if (subtree != null) {
        return List.of("flush", "subtree", NameWord.parse(subtree).name().toString());
      }
      return List.of("flush", negative && !all ? "negative" : "all");
    }
  }

  FlushCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(what.words());
    if (json()) {
      print(reply);
    } else {
      surroundings()
          .out()
          .println(
              "forgotten  "
                  + Human.count(Json.number(reply, "entries"))
                  + ", left "
                  + Human.count(Json.number(reply, "entriesLeft")));
    }
    return ExitCode.ANSWERED;
  }
}
