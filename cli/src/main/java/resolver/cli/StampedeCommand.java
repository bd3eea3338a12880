package resolver.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Callable;
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
      "Prints a scorecard at the end, and of the whole rounds so far at Ctrl-C; a second one ends it"
          + " at once."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everybody was answered rightly, with one upstream query a round and one for each fault",
      "1:somebody was not, or there were more; also: the daemon or the upstream could not start",
      "2:the command line is wrong, or asks for more than the limits of this machine",
      "9:the server does not forward to our upstream",
      "10:a defect of this program",
      "129, 130, 143:stopped by SIGHUP, by SIGINT (Ctrl-C), by SIGTERM"
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
      "  verdicts                  how many questions came to each verdict: right, passed on (a",
      "                            SERVFAIL of the upstream's), failed (another), other rcode, other",
      "                            question, other address, too large, truncated, unreadable, missing",
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

  private final Surroundings surroundings;
  private final Limits limits;

  @Mixin private final StampedeOptions options = new StampedeOptions();

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
    InetSocketAddress listen = options.upstreamListen();
    limits.check(settings.udpSockets(), settings.tcpPerRound(), server == null);
    Interruption interruption = Interruption.of(surroundings.signals());
    try (CountingUpstream upstream =
        CountingUpstream.start(listen, options.delay(), options.faults(), options.seed())) {
      return against(server, upstream, settings, interruption);
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
      @Nullable InetSocketAddress server,
      CountingUpstream upstream,
      StampedeSettings settings,
      Interruption interruption)
      throws StartException, InterruptedException {
    try (Target target =
        server == null
            ? BesideDaemon.start(upstream.address(), options.delay(), settings)
            : Target.at(server)) {
      boolean ours = server == null;
      Trial trial = new Trial(target.address());
      interruption.stopBy(trial::stop);
      boolean forwards = forwards(trial, target, upstream, ours);
      if (!forwards && interruption.status() == 0) {
        return ExitCode.NO_REPLY;
      }
      Scorecard card =
          forwards ? run(target, upstream, settings, interruption) : Scorecard.none(settings);
      int stoppedBy = interruption.status();
      if (stoppedBy == 0) {
        bringToRest(target);
      }
      return print(new StampedeReport(card, settings, options, target, upstream, ours), stoppedBy);
    }
  }

  /** What it counted is exact only at rest. */
  private static void bringToRest(Target target) {
    target.close();
  }

  /** Whether the server reaches our upstream; waits a while for it to be told to. */
  private boolean forwards(Trial trial, Target target, CountingUpstream upstream, boolean ours)
      throws InterruptedException {
    PrintStream err = surroundings.err();
    String where = Addresses.format(target.address());
    String to = Addresses.format(upstream.address());
    if (!ours) {
      err.println("resolve: our upstream listens on " + to + ", UDP and TCP");
    }
    if (trial.succeeds(TRIALS_AT_ONCE)) {
      return true;
    }
    String problem = where + " does not forward to our upstream at " + to + ": ";
    if (trial.isStopped()) {
      return false;
    }
    err.println("resolve: " + problem + trial.trouble());
    if (ours || options.hasFixedUpstream()) {
      return false;
    }
    err.println("resolve: trying again for a while; let it forward everything there");
    if (trial.succeeds(MORE_TRIALS)) {
      return true;
    }
    if (!trial.isStopped()) {
      err.println("resolve: given up: " + trial.trouble());
    }
    return false;
  }

  private Scorecard run(
      Target target,
      CountingUpstream upstream,
      StampedeSettings settings,
      Interruption interruption)
      throws InterruptedException {
    Progress progress = new Progress(surroundings, settings.rounds());
    Stampede stampede = new Stampede(settings, target.address(), upstream, progress::told);
    interruption.stopBy(stampede::stop);
    Scorecard card = stampede.run();
    progress.clear();
    return card;
  }

  private int print(StampedeReport report, int stoppedBy) {
    int found = report.isClean() ? ExitCode.ANSWERED : ExitCode.UNMET;
    int code = stoppedBy == 0 ? found : stoppedBy;
    PrintStream out = surroundings.out();
    if (options.json()) {
      out.println(report.json(code));
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
    return code;
  }

  /** One line that is written over, where standard output is a terminal, and alone there. */
  private static final class Progress {
    private static final String CLEAR = "\r\u001b[K";

    private final Surroundings surroundings;
    private final int rounds;
    private int round;
    private boolean over;

    Progress(Surroundings surroundings, int rounds) {
      this.surroundings = surroundings;
      this.rounds = rounds;
    }

    synchronized void told(RoundResult result) {
      round++;
      if (surroundings.terminal() && !over) {
        surroundings
            .out()
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
        surroundings.out().flush();
      }
    }

    /** No more is written, though another round should still come to its end. */
    synchronized void clear() {
      over = true;
      if (surroundings.terminal()) {
        surroundings.out().print(CLEAR);
        surroundings.out().flush();
      }
    }
  }
}
