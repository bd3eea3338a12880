package resolver.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import resolver.daemon.StartException;
import resolver.settings.Words;

/** Asking: what {@code resolve} and {@code resolve query} have in common. */
abstract class QueryOptions implements Callable<Integer> {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofMinutes(1);

  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "NAME [TYPE...] [@SERVER[:PORT]]",
      hideParamSyntax = true,
      completionCandidates = CommonTypes.class,
      description = {
        "What to look up. A name is absolute with or without its last dot; an IP address asks for"
            + " its name (PTR). A TYPE is a mnemonic in any case of letters, a number, or TYPE65280;"
            + " several types are several questions. Without one: A and AAAA, both addresses.",
        "With @SERVER that server is asked directly, and the settings play no part."
      })
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-s", "--short"},
      description =
          "Print the data of the records asked for, a line for each, and nothing else; the status"
              + " line goes to standard error.")
  private boolean data;

  @Option(
      names = {"-j", "--json"},
      description = "Print one line of JSON; resolve query --help tells its fields.")
  private boolean json;

  @Option(
      names = {"-f", "--fail"},
      description =
          "End with exit code 1 where the name does not exist or has no such records. Where no TYPE"
              + " is given, one kind of address is enough.")
  private boolean fail;

  @Option(
      names = {"-t", "--tcp"},
      description = "Ask over TCP alone, not over UDP first.")
  private boolean tcp;

  @Option(
      names = {"-d", "--dnssec"},
      description = "Ask for signatures, too (the DO bit).")
  private boolean dnssec;

  @Option(names = "--cd", description = "Ask for answers that do not validate, too (the CD bit).")
  private boolean checkingDisabled;

  @Option(
      names = "--no-recurse",
      description = "Ask what the server knows by itself (without the RD bit).")
  private boolean noRecurse;

  @Option(
      names = {"-w", "--timeout"},
      paramLabel = "DURATION",
      defaultValue = "5s",
      description =
          "How long to wait for each answer, such as 500ms, 2s, or 3 for seconds; at most 1m."
              + " Default: ${DEFAULT-VALUE}.")
  private String timeout = "5s";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The settings that tell where the daemon listens, and by which this process resolves"
              + " where there is no daemon. Default: the file that serve would take.")
  private @Nullable Path config;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Colours: ${COMPLETION-CANDIDATES}. auto means on a terminal where NO_COLOR is not set."
              + " Default: ${DEFAULT-VALUE}.")
  private Paint.When color = Paint.When.auto;

  QueryOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Types that a shell offers. */
  static final class CommonTypes extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    CommonTypes() {
      super(
          List.of(
              "A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR",
              "SOA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"));
    }
  }

  @Override
  public Integer call() throws StartException {
    if (data && json) {
      throw new UsageException("--short and --json cannot be had together; choose one");
    }
    Asking.Manner manner =
        new Asking.Manner(tcp, dnssec, checkingDisabled, !noRecurse, duration(timeout));
    Request request = Request.parse(words);
    List<Reply> replies = ask(request, new Asking(manner));
    int code = ExitCode.of(replies, fail, request.bothAddresses());
    tell(request, replies, code);
    return code;
  }

  private List<Reply> ask(Request request, Asking asking) throws StartException {
    List<Record> questions = request.questions();
    ServerWord server = request.server();
    return server == null
        ? asking.daemonOrProcess(
            surroundings.settings().load(config, List.of()).settings(),
            surroundings.inProcess(),
            questions)
        : asking.server(server, questions);
  }

  private void tell(Request request, List<Reply> replies, int code) {
    if (json) {
      surroundings.out().println(JsonOutput.of(request.name(), replies, code));
      return;
    }
    Paint paint = Paint.of(color, surroundings.terminal(), surroundings.environment());
    if (data) {
      Output.data(replies, surroundings.out());
      Paint plain = new Paint(false);
      new StatusLines(replies, plain).lines().forEach(surroundings.err()::println);
    } else {
      Output.full(replies, surroundings.out(), paint);
    }
    surroundings.out().flush();
    Output.problems(replies, surroundings.err());
  }

  private static Duration duration(String text) {
    Duration duration;
    try {
      boolean seconds = text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?");
      duration = Words.parseDuration(seconds ? text + "s" : text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--timeout: \"" + Safe.text(text) + "\" (expected: " + e.getMessage() + ")");
    }
    if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
      throw new UsageException(
          "--timeout: "
              + text
              + " (expected: "
              + Words.duration(LEAST)
              + " to "
              + Words.duration(MOST)
              + ")");
    }
    return duration;
  }
}
