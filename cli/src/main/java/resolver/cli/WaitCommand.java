package resolver.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import resolver.config.Settings;
import resolver.settings.Addresses;
import resolver.settings.Words;

/** {@code resolve wait}: waits until a record has a value. */
@Command(
    name = "wait",
    header = "Wait until a record has a value; for scripts.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve wait|@ [OPTIONS] NAME TYPE VALUE",
    descriptionHeading = "%n",
    description = {
      "Asks the daemon again and again, as any client does, until one of the records that it answers"
          + " with has the value. What the daemon remembers costs no query upstream, and holds for"
          + " as long as it holds for every client. A daemon that is not there yet is waited for,"
          + " too. Needs no control socket."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it has the value",
      "1:it had not when the time was over",
      "2:the command line or the settings are wrong",
      "9:the daemon did not reply when the time was over",
      "10:a defect of this program",
      "11:no daemon listened when the time was over"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve wait www.example.org A 192.0.2.7 --timeout 5m && ./go-on",
      "  resolve wait example.org MX '10 mail.example.org'",
      "",
      "The fields of --json, schema 1 (fields may be added; others keep their meaning):",
      "  schema                    1",
      "  name, type, value         what was waited for",
      "  met                       whether it has come",
      "  seconds, asked            how long that took, and how often the daemon was asked",
      "  data[]                    the data of the last answer's records",
      "  problem                   why the last question had no reply, or empty",
      "  exitCode                  what the command ends with"
    })
final class WaitCommand implements Callable<Integer> {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name, or an IP address.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "TYPE",
      completionCandidates = QueryOptions.CommonTypes.class,
      description = "The type of records.")
  private String type = "";

  @Parameters(index = "2", paramLabel = "VALUE", description = "The data, as in a zone file.")
  private String value = "";

  @Option(
      names = {"-w", "--timeout"},
      paramLabel = "DURATION",
      defaultValue = "1m",
      description = "How long to wait at most, such as 30s, 5m or 1h. Default: ${DEFAULT-VALUE}.")
  private String timeout = "1m";

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      defaultValue = "1s",
      description = "How long to pause before asking again. Default: ${DEFAULT-VALUE}.")
  private String every = "1s";

  @Option(
      names = {"-j", "--json"},
      description = "Print one line of JSON; its fields are told below.")
  private boolean json;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The settings that tell where the daemon listens.")
  private @Nullable Path config;

  WaitCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What came of it.
   *
   * @param data of the last answer
   * @param problem why there was none; empty where there was
   */
  private record Outcome(int exitCode, long nanos, int asked, List<String> data, String problem) {}

  @Override
  public Integer call() throws InterruptedException {
    Record question =
        Record.newRecord(NameWord.parse(name).name(), TypeWord.parse(type), DClass.IN);
    byte[] wanted = data(question);
    Duration most = duration("--timeout", timeout);
    Duration pause = duration("--every", every);
    Settings settings = surroundings.settings().load(config, List.of()).settings();
    Outcome outcome = wait(question, wanted, settings, most, pause);
    tell(question, settings, outcome, most);
    return outcome.exitCode();
  }

  private static Outcome wait(
      Record question, byte[] wanted, Settings settings, Duration most, Duration pause)
      throws InterruptedException {
    long start = System.nanoTime();
    for (int asked = 1; ; asked++) {
      Outcome outcome = ask(question, wanted, settings, most, start, asked);
      long left = most.toNanos() - (System.nanoTime() - start);
      if (outcome.exitCode() == ExitCode.ANSWERED || left <= 0) {
        return outcome;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, pause.toNanos()));
    }
  }

  private static Outcome ask(
      Record question, byte[] wanted, Settings settings, Duration most, long start, int asked) {
    Duration left = most.minusNanos(System.nanoTime() - start);
    Duration patience = left.compareTo(LONGEST_ANSWER) < 0 ? left : LONGEST_ANSWER;
    // The last question comes when the time is over, and deserves a moment.
    Duration least = Duration.ofMillis(100);
    Asking.Manner manner =
        new Asking.Manner(
            false, false, false, true, patience.compareTo(least) < 0 ? least : patience);
    try {
      List<Record> records = new Asking(manner).daemonAlone(settings, question).data();
      boolean met = records.stream().anyMatch(r -> hasData(r, wanted));
      return new Outcome(
          met ? ExitCode.ANSWERED : ExitCode.UNMET,
          System.nanoTime() - start,
          asked,
          records.stream().map(Records::data).toList(),
          "");
    } catch (NoReplyException e) {
      return new Outcome(
          e.nothingListens() ? ExitCode.NO_DAEMON : ExitCode.NO_REPLY,
          System.nanoTime() - start,
          asked,
          List.of(),
          e.why());
    }
  }

  private static boolean hasData(Record record, byte[] wanted) {
    // In the canonical form names have small letters (RFC 4034 section 6.2).
    return Arrays.equals(record.rdataToWireCanonical(), wanted);
  }

  private byte[] data(Record question) {
    try {
      return Record.fromString(
              question.getName(), question.getType(), DClass.IN, 0, value, Name.root)
          .rdataToWireCanonical();
    } catch (IOException e) {
      throw new UsageException(
          "\""
              + Safe.text(value)
              + "\" is no data of "
              + Type.string(question.getType())
              + " records: "
              + e.getMessage()
              + " (expected: as in a zone file, in one word for the shell)");
    }
  }

  private static Duration duration(String option, String text) {
    try {
      Duration duration = Words.parseDuration(text);
      if (!duration.isZero()) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          option + ": \"" + Safe.text(text) + "\" (expected: " + e.getMessage() + ")");
    }
    throw new UsageException(option + ": " + Safe.text(text) + " (expected: more than 0s)");
  }

  private void tell(Record question, Settings settings, Outcome outcome, Duration most) {
    if (json) {
      surroundings.out().println(Json.line(json(question, outcome)));
      return;
    }
    String what = Records.name(question.getName()) + " " + Type.string(question.getType());
    double seconds = outcome.nanos() / 1e9;
    if (outcome.exitCode() == ExitCode.ANSWERED) {
      surroundings
          .out()
          .println(
              what
                  + " "
                  + Safe.text(value)
                  + String.format(Locale.ROOT, "  ; after %.1f s", seconds));
      return;
    }
    String where = Addresses.format(settings.server().listen().get(0));
    String found = outcome.data().isEmpty() ? "no such record" : String.join(", ", outcome.data());
    surroundings
        .err()
        .println(
            "resolve: "
                + what
                + " is not "
                + Safe.text(value)
                + " after "
                + Words.duration(most)
                + ": "
                + (outcome.problem().isEmpty()
                    ? found
                    : "no reply from the daemon at "
                        + where
                        + ": "
                        + Safe.text(outcome.problem())));
  }

  private JsonObject json(Record question, Outcome outcome) {
    JsonObject object = new JsonObject();
    object.addProperty("schema", 1);
    object.addProperty("name", question.getName().toString());
    object.addProperty("type", Type.string(question.getType()));
    object.addProperty("value", value);
    object.addProperty("met", outcome.exitCode() == ExitCode.ANSWERED);
    object.addProperty("seconds", Math.round(outcome.nanos() / 1e6) / 1000.0);
    object.addProperty("asked", outcome.asked());
    JsonArray data = new JsonArray();
    outcome.data().forEach(data::add);
    object.add("data", data);
    object.addProperty("problem", outcome.problem());
    object.addProperty("exitCode", outcome.exitCode());
    return object;
  }
}
