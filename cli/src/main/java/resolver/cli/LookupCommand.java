package resolver.cli;

import com.google.gson.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code resolve lookup}: what the daemon remembers of a name. */
@Command(
    name = "lookup",
    header = "Tell what the cache of the running daemon has of a name.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve lookup|@ [OPTIONS] NAME",
    descriptionHeading = "%n",
    description = {
      "Tells what is remembered of a name, of every type: the records, how long they hold, which"
          + " server they are from, how, and how many clients waited for them; and failures. Asks"
          + " nobody."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:something is remembered",
      "1:nothing is",
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
      "  name                      absolute, letters small",
      "  entries[]                 answers",
      "    type                    \"*\" where the name does not exist, whatever the type",
      "    checkingDisabled, space which questions it is for: those with CD; those that an alias by",
      "                            another route led to, where that is not 0",
      "    outcome, rcode          answer, nodata or nxdomain; the RCODE as a mnemonic",
      "    freshness               fresh; due: to be renewed when it is asked for; stale; expired",
      "    ttl                     for how many seconds it holds after it came",
      "    leftSeconds, ageSeconds how long it holds yet (below 0: is past it), when it came",
      "    used                    whether a client was given it from the cache",
      "    authentic, octets       whether it has AD; what it weighs",
      "    provenance              server, transport, roundTripMillis, tries, waiters (so many",
      "                            lookups were merged into one), or null",
      "    extendedErrors[]        code, text",
      "    records[]               answer and authority as in a zone file, TTLs counted down",
      "  failures[]                type, checkingDisabled, space, failure, rcode, extendedErrors;",
      "    leftSeconds             how long it is given out again, unless a server is heard before"
    })
final class LookupCommand extends ControlOptions {
  @Parameters(paramLabel = "NAME", description = "The name.")
  private String name = "";

  LookupCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    JsonObject reply = one(List.of("lookup", NameWord.parse(name).name().toString()));
    List<String> lines = EntryLines.of(reply);
    if (json()) {
      print(reply);
    } else if (lines.isEmpty()) {
      surroundings().out().println("nothing is remembered of " + Json.text(reply, "name"));
    } else {
      lines.forEach(surroundings().out()::println);
    }
    return lines.isEmpty() ? ExitCode.NO_DATA : ExitCode.ANSWERED;
  }
}
