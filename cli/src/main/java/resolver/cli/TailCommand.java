package resolver.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import resolver.observe.QueryLine;
import resolver.query.QueryObserver;

/** {@code resolve tail}: the queries of a running daemon as they come. */
@Command(
    name = "tail",
    header = "Watch queries as they are answered.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve tail|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Prints a line for each query that the daemon settles from now on, until Ctrl-C: time, client,"
          + " outcome, RCODE, how long the client waited, type and name; of lookups also the upstream"
          + " server. A query must pass all filters. What comes faster than it can be printed is"
          + " lost, and told. Costs nothing while nobody watches."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as many as wanted were printed",
      "2:the command line is wrong",
      "9:the daemon ended the reply",
      "10:a defect of this program",
      "11:no daemon listens",
      "12:too many watch already",
      "129, 130, 143:stopped by SIGHUP, by SIGINT (Ctrl-C), by SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve tail --name example.org --slower-than 20ms",
      "  resolve tail --client 192.168.1.0/24 --rcode NXDOMAIN --json",
      "",
      "The fields of --json (fields may be added; what is not known is left out):",
      "  time, client, transport   when it came, from whom, and how",
      "  name, type, class         what was asked",
      "  outcome                   what became of it: one of those that --outcome takes",
      "  rcode, milliseconds       of the response; how long the client waited",
      "  answers, octets           records in the answer section; the length of the response",
      "  upstream, upstreamTransport, upstreamMilliseconds, tries, waiters",
      "                            of the exchange that brought the answer, a kept one's too",
      "  extendedErrors            code, text",
      "  lost                      alone: so many queries were not told, for the reader was slow"
    })
final class TailCommand extends ControlOptions {
  /** All outcomes as the daemon spells them. */
  static final class Outcomes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(QueryObserver.Outcome.values()).map(QueryLine::outcome).iterator();
    }
  }

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Only this name and the names below it.")
  private @Nullable String name;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only this type of records, such as AAAA.")
  private @Nullable String type;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      completionCandidates = Outcomes.class,
      description = "Only this outcome, one of: ${COMPLETION-CANDIDATES}.")
  private @Nullable String outcome;

  @Option(
      names = "--client",
      paramLabel = "NETWORK",
      description = "Only clients of this address or network.")
  private @Nullable String client;

  @Option(
      names = "--rcode",
      paramLabel = "RCODE",
      description = "Only responses with this RCODE, such as SERVFAIL.")
  private @Nullable String rcode;

  @Option(
      names = "--slower-than",
      paramLabel = "TIME",
      description = "Only queries whose client waited so long at least, such as 20ms.")
  private @Nullable String slowerThan;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many queries.")
  private @Nullable Long count;

  TailCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    if (count != null && count < 1) {
      throw new UsageException("--count: " + count + " (expected: 1 or more)");
    }
    Interruption interruption = Interruption.of(surroundings().signals());
    try (ControlClient reply = ControlClient.ask(path(), words())) {
      interruption.stopBy(reply::close);
      return print(reply);
    } catch (ControlFailure e) {
      if (interruption.status() != 0) {
        return interruption.status();
      }
      throw e;
    }
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("tail"));
    add(words, "--name", name);
    add(words, "--type", type);
    add(words, "--outcome", outcome);
    add(words, "--client", client);
    add(words, "--rcode", rcode);
    add(words, "--slower-than", slowerThan);
    add(words, "--count", count == null ? null : count.toString());
    return words;
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.add(option);
      words.add(value);
    }
  }

  private int print(ControlClient reply) {
    PrintStream out = surroundings().out();
    Paint paint =
        Paint.of(Paint.When.auto, surroundings().terminal(), surroundings().environment());
    for (long left = count == null ? Long.MAX_VALUE : count; left > 0; ) {
      JsonObject next = reply.next();
      if (next == null) {
        throw ControlFailure.ended();
      }
      if (next.has("outcome")) {
        out.println(json() ? Json.line(next) : TailLine.of(next, ZoneId.systemDefault(), paint));
        left--;
      } else if (next.has("lost")) {
        out.println(json() ? Json.line(next) : lost(next, paint));
      }
      if (out.checkError()) {
        return ExitCode.ANSWERED;
      }
    }
    return ExitCode.ANSWERED;
  }

  private static String lost(JsonObject next, Paint paint) {
    return paint.middling(
        "... " + Json.number(next, "lost") + " queries came faster than they could be shown");
  }
}
