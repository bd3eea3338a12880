package resolver.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import resolver.daemon.StartException;
import resolver.settings.Addresses;
import resolver.stampede.CountingUpstream;
import resolver.stampede.RoundResult;
import resolver.stampede.Scorecard;
import resolver.stampede.Stampede;
import resolver.stampede.StampedeSettings;
import resolver.stampede.Target;
import resolver.stampede.Trial;

/** {@code resolve stampede}: a crowd that asks one cold name at the same instant. */
@Command(
    name = "stampede",
    header = "Let a crowd ask one cold name at once, and count what gets through.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve stampede|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Lets a crowd of clients ask one name that no cache knows, all at the same instant, round by"
          + " round, each time a fresh name. The server under test forwards to an upstream of ours,"
          + " which answers after a delay and counts: ideal is one upstream query a round, and"
          + " everybody answered. Tests a daemon of ours, started beside, or any other server.",
      "",
      "Prints a scorecard at the end, and what there is of it at Ctrl-C."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everybody was answered rightly, with one upstream query a round and one for each fault",
      "1:somebody was not, or there were more; also: the daemon or the upstream could not start",
      "2:the command line is wrong, or asks for more than the limits of this machine",
      "9:the server does not forward to our upstream",
      "10:a defect of this program",
      "130:stopped by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve stampede --clients 10000 --rounds 20",
      "  resolve stampede --clients 5000 --faults drop=5%%,servfail@3 --seed 7",
      "  resolve stampede --clients 3000 --molecule 2udp+1tcp",
      "  resolve stampede --molecules 100 --molecule 2udp+2tcp",
      "  resolve stampede --server 127.0.0.1:5400 --upstream-listen 127.0.0.1:5310",
      "",
      "The fields of --json, schema 1 (fields may be added; others keep their meaning):",
      "  schema                    1",
      "  server                    kind (daemon: started beside; server: --server), address",
      "  clients                   udp, tcp: how many asked at once; udpSockets: which they shared",
      "  rounds, roundsWanted      whole rounds, and how many there should have been",
      "  delay, seed               milliseconds; what to repeat the run with",
      "  questions, answers, right, wrong, missing",
      "  rightAtFirst              right without having asked again",
      "  verdicts                  how many questions came to each verdict: right, passed on, failed,",
      "                            other question, other address, too large, truncated, unreadable,",
      "                            missing",
      "  resends, strays           asked again over UDP; answers to nothing under way",
      "  upstream                  address, queries, queriesAllowed",
      "    perName                 min, median, max",
      "    askers                  the most pairs of port and ID that asked one name",
      "    faults                  drop, servfail, truncated, wrong-id, slow",
      "  milliseconds              medians over the rounds; null where nothing was measured",
      "    first, middle, last     from a round's first query to these answers",
      "    worst                   last, in the worst round",
      "    leader, followers       how long the first to ask and the others waited",
      "    skew                    from a round's first query to its last",
      "  ledger                    what the daemon counted, in words, or null",
      "  complaints[]              what speaks against the server, in words",
      "  exitCode                  what the command ends with"
    })
final class StampedeCommand implements Callable<Integer> {
  private static final int TRIALS_AT_ONCE = 2;
  private static final int MORE_TRIALS = 60;
  private static final long LAST_WORDS_SECONDS = 5;

  private final Surroundings surroundings;
  private final Limits limits;

  @Mixin private final StampedeOptions options = new StampedeOptions();

  private volatile boolean interrupted;

  StampedeCommand(Surroundings surroundings) {
    this(surroundings, Limits.ofProcess());
  }

  StampedeCommand(Surroundings surroundings, Limits limits) {
    this.surroundings = surroundings;
    this.limits = limits;
  }

  @Override
  public Integer call() throws InterruptedException {
    StampedeSettings settings = options.settings();
    InetSocketAddress server = options.server();
    limits.check(settings.udpSockets(), settings.tcpPerRound(), server == null);
    try (CountingUpstream upstream =
        CountingUpstream.start(
            options.upstreamListen(), options.delay(), options.faults(), options.seed())) {
      return against(server, upstream, settings);
    } catch (IOException e) {
      return notStarted("the upstream " + e.getMessage());
    } catch (StartException e) {
      return notStarted(String.valueOf(e.getMessage()));
    }
  }

  private int notStarted(String why) {
    surroundings.err().println("resolve: " + Safe.text(why));
    return ExitCode.NOT_STARTED;
  }

  private int against(
      @Nullable InetSocketAddress server, CountingUpstream upstream, StampedeSettings settings)
      throws StartException, InterruptedException {
    try (Target target =
        server == null
            ? BesideDaemon.start(upstream.address(), options.delay(), settings.tcpPerRound())
            : Target.at(server)) {
      if (!forwards(target, upstream, server == null)) {
        return ExitCode.NO_REPLY;
      }
      return run(target, upstream, settings, server == null);
    }
  }

  /** Whether the server reaches our upstream; waits a while for it to be told to. */
  private boolean forwards(Target target, CountingUpstream upstream, boolean ours)
      throws InterruptedException {
    PrintStream err = surroundings.err();
    String where = Addresses.format(target.address());
    String to = Addresses.format(upstream.address());
    if (!ours) {
      err.println("resolve: our upstream listens on " + to + ", UDP and TCP");
    }
    Trial trial = new Trial(target.address());
    if (trial.succeeds(TRIALS_AT_ONCE)) {
      return true;
    }
    String problem = where + " does not forward to our upstream at " + to + ": ";
    if (ours || options.hasFixedUpstream()) {
      err.println("resolve: " + problem + trial.trouble());
      return false;
    }
    err.println("resolve: " + problem + trial.trouble());
    err.println("resolve: trying again for a while; let it forward everything there");
    if (trial.succeeds(MORE_TRIALS)) {
      return true;
    }
    err.println("resolve: given up: " + trial.trouble());
    return false;
  }

  private int run(Target target, CountingUpstream upstream, StampedeSettings settings, boolean ours)
      throws InterruptedException {
    Progress progress = new Progress(surroundings, settings.rounds());
    Stampede stampede = new Stampede(settings, target.address(), upstream, progress::told);
    CountDownLatch printed = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stampede, printed), "stop-stampede");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Scorecard card = stampede.run();
      progress.clear();
      target.close();
      return print(new StampedeReport(card, settings, options, target, upstream, ours));
    } finally {
      printed.countDown();
      removeHook(hook);
    }
  }

  private int print(StampedeReport report) {
    int code =
        interrupted ? ExitCode.INTERRUPTED : report.isClean() ? ExitCode.ANSWERED : ExitCode.UNMET;
    PrintStream out = surroundings.out();
    if (options.json()) {
      out.println(report.json(code));
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
    return code;
  }

  /** Ctrl-C ends the process; it waits for this, so that the scorecard gets out. */
  private void stopAndWait(Stampede stampede, CountDownLatch printed) {
    interrupted = true;
    stampede.stop();
    try {
      if (!printed.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        surroundings.err().println("resolve: stopped before the scorecard was done");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends already.
    }
  }

  /** One line that is written over, on a terminal alone. */
  private static final class Progress {
    private static final String CLEAR = "\r\u001b[K";

    private final Surroundings surroundings;
    private final int rounds;
    private int round;

    Progress(Surroundings surroundings, int rounds) {
      this.surroundings = surroundings;
      this.rounds = rounds;
    }

    void told(RoundResult result) {
      round++;
      if (surroundings.terminal()) {
        surroundings
            .err()
            .printf(
                Locale.ROOT,
                "%sround %,d of %,d: %,d of %,d right, upstream queries %,d, last answer %d ms",
                CLEAR,
                round,
                rounds,
                result.good(),
                result.clients(),
                result.queries(),
                result.last() / 1_000_000);
        surroundings.err().flush();
      }
    }

    void clear() {
      if (surroundings.terminal()) {
        surroundings.err().print(CLEAR);
        surroundings.err().flush();
      }
    }
  }
}
