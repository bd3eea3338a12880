package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code resolve log-level}: changes how much the daemon logs. */
@Command(
    name = "log-level",
    header = "Change how much the running daemon logs.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve log-level|@ [OPTIONS] LEVEL",
    descriptionHeading = "%n",
    description = {"Changes log.level of the running daemon, until it is started again."},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "2:the command line is wrong",
      "9:the daemon broke off",
      "10:a defect of this program, or of the daemon",
      "11:no daemon listens, or its socket may not be opened",
      "12:the daemon is busy with other such requests"
    },
    footerHeading =
        "%nThe fields of --json, schema 1 (fields may be added; others keep their meaning):%n",
    footer = {"  schema                    1", "  level                     what holds now"})
final class LogLevelCommand extends ControlOptions {
  /** The least severe lines that are written. */
  enum Level {
    error,
    warn,
    info,
    debug
  }

  @Parameters(paramLabel = "LEVEL", description = "One of ${COMPLETION-CANDIDATES}.")
  private Level level = Level.info;

  LogLevelCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(List.of("log-level", level.name().toLowerCase(Locale.ROOT)));
    if (json()) {
      print(reply);
    } else {
      surroundings().out().println("log.level  " + Json.text(reply, "level"));
    }
    return ExitCode.ANSWERED;
  }
}
