package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code resolve upstreams}: how the upstream servers fare. */
@Command(
    name = "upstreams",
    header = "Tell how the upstream servers of the running daemon fare.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve upstreams|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Tells what the daemon knows of each server of each route. A server that is resting was silent"
          + " three times in a row, and is probed at times until it responds."
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
      "  upstreamSource            the servers and where they come from, in words",
      "  upstreams[]               in the order in which they are listed",
      "    route                   the domain of its route; \".\" for all names without one",
      "    server                  as settings name it",
      "    state                   good, doubtful, resting, or probed",
      "    roundTripMillis         smoothed; null before it is measured",
      "    lateMillis              95 of 100 responses come within; null before it is measured",
      "    failures                exchanges without a response since the last one",
      "    heardSecondsAgo         null where it never was",
      "    restsSeconds            until its next probe, where it is set aside; else null",
      "    why                     what the last failure was; may be empty"
    })
final class UpstreamsCommand extends ControlOptions {
  UpstreamsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(List.of("upstreams"));
    if (json()) {
      print(reply);
    } else {
      UpstreamLines.of(Json.objects(reply, "upstreams")).forEach(surroundings().out()::println);
    }
    return ExitCode.ANSWERED;
  }
}
