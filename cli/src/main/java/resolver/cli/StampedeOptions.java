package resolver.cli;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resolver.settings.Addresses;
import resolver.settings.Words;
import resolver.stampede.FaultPlan;
import resolver.stampede.Molecule;
import resolver.stampede.StampedeSettings;

/** What can be said on the command line of {@code resolve stampede}, made sense of. */
final class StampedeOptions {
  private static final int DNS = 53;
  private static final int USUAL_CLIENTS = 1000;
  private static final int USUAL_ROUNDS = 10;
  private static final int USUAL_SOCKETS = 1000;
  private static final int USUAL_WARM_UPS = 3;

  /** A resolver's try must not end before its answer comes, and a client's patience neither. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

  /** Longer numbers are beyond every range; and none is so long that reading it takes time. */
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,30}");

  @Option(
      names = {"-n", "--clients"},
      paramLabel = "N",
      description = "How many clients ask at once. Default: 1000, made up to" + " whole molecules.")
  private @Nullable String clients;

  @Option(
      names = {"-r", "--rounds"},
      paramLabel = "N",
      description = "How often, each time for a fresh name. Default: 10.")
  private @Nullable String rounds;

  @Option(
      names = "--molecule",
      paramLabel = "KINDS",
      description =
          "Clients of which transports belong together, such as 2udp+1tcp or 2udp+2tcp. Default:"
              + " 1udp; with --molecules: 2udp+1tcp.")
  private @Nullable String molecule;

  @Option(
      names = "--molecules",
      paramLabel = "N",
      description =
          "Instead of a crowd: N molecules, strictly one after another; each asks for a fresh name,"
              + " and each client once.")
  private @Nullable String molecules;

  @Option(
      names = "--sockets",
      paramLabel = "N",
      description =
          "How many UDP sockets the clients of a crowd share at most; those on one socket have"
              + " different IDs. Default: 1000.")
  private @Nullable String sockets;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Rounds of a crowd before those that count. Default: 3.")
  private @Nullable String warmUps;

  @Option(
      names = {"-s", "--server"},
      paramLabel = "ADDRESS[:PORT]",
      description =
          "The server to ask; it must forward everything to our upstream, whose address is told at"
              + " the start. Default: a daemon of ours, started beside.")
  private @Nullable String server;

  @Option(
      names = "--upstream-listen",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where our upstream listens. Default: 127.0.0.1 and a free port.")
  private @Nullable String upstreamListen;

  @Option(
      names = {"-d", "--delay"},
      paramLabel = "DURATION",
      defaultValue = "50ms",
      description =
          "How long the upstream takes for each answer, at most 2s. Default: ${DEFAULT-VALUE}.")
  private String delay = "50ms";

  @Option(
      names = {"-f", "--faults"},
      paramLabel = "LIST",
      description =
          "What the upstream does wrong over UDP: drop, servfail, truncated, wrong-id or slow (by a"
              + " second), as a share of the queries (drop=5%%) or with the first query of a round"
              + " (servfail@3). Never to one name three times in a row.")
  private @Nullable String faults;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Decides IDs, spelling and faults, to repeat a run. Default: another each time.")
  private @Nullable String seed;

  @Option(
      names = "--lower-case",
      description =
          "All spell the name in small letters. Without it each client has its own mixture, which"
              + " its answer must repeat.")
  private boolean lowerCase;

  @Option(
      names = "--once",
      description =
          "UDP clients do not ask again, so that what the server drops stays unanswered. Without"
              + " it they do so every second, as a stub resolver would.")
  private boolean once;

  @Option(
      names = {"-w", "--timeout"},
      paramLabel = "DURATION",
      defaultValue = "5s",
      description =
          "How long each client waits for its answer, 100ms to 1m. Default: ${DEFAULT-VALUE}.")
  private String timeout = "5s";

  @Option(names = "--json", description = "Print the scorecard as JSON.")
  private boolean json;

  private long chosenSeed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);

  boolean json() {
    return json;
  }

  long seed() {
    if (seed == null) {
      return chosenSeed;
    }
    return whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The server that somebody else runs, or null. */
  @Nullable InetSocketAddress server() {
    if (server == null) {
      return null;
    }
    InetSocketAddress found = address("--server", server, DNS);
    if (found.getPort() == 0) {
      throw new UsageException("--server: " + Safe.text(server) + " (expected: a port from 1)");
    }
    return found;
  }

  /** Whether the upstream has an address that the caller chose. */
  boolean hasFixedUpstream() {
    return upstreamListen != null;
  }

  InetSocketAddress upstreamListen() {
    return address("--upstream-listen", upstreamListen == null ? "127.0.0.1" : upstreamListen, 0);
  }

  Duration delay() {
    return duration("--delay", delay, Duration.ZERO, LONGEST_DELAY);
  }

  FaultPlan faults() {
    if (faults == null) {
      return FaultPlan.NONE;
    }
    return read("--faults", faults, FaultPlan::parse);
  }

  /** Who asks, how often and how; what does not go together is an error. */
  StampedeSettings settings() {
    StampedeSettings settings =
        molecules == null ? crowd(patience()) : molecules(molecules, patience());
    if (settings.timeout().compareTo(delay()) <= 0) {
      throw new UsageException(
          "--timeout: "
              + timeout
              + " (expected: more than --delay, which is "
              + Words.duration(delay())
              + ")");
    }
    checkFaults(settings);
    return settings;
  }

  private void checkFaults(StampedeSettings settings) {
    for (FaultPlan.Appointment each : faults().appointments()) {
      if (each.round() > settings.rounds()) {
        throw new UsageException(
            "--faults: " + each + " (expected: a round from 1 to " + settings.rounds() + ")");
      }
    }
    Duration most = BesideDaemon.longestDelayWithFaults();
    if (server == null && !faults().isEmpty() && delay().compareTo(most) > 0) {
      throw new UsageException(
          "--delay: "
              + delay
              + " (expected: with --faults at most "
              + Words.duration(most)
              + ", for the daemon beside must have the time to ask thrice)");
    }
  }

  private Duration patience() {
    return duration("--timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
  }

  private StampedeSettings crowd(Duration patience) {
    Molecule kind = molecule == null ? Molecule.SINGLE : kind(molecule);
    int together = together(kind);
    int least = StampedeSettings.leastSockets(kind.udp() * together);
    return new StampedeSettings(
        kind,
        together,
        within("--rounds", rounds, USUAL_ROUNDS, 1, StampedeSettings.MOST_ROUNDS),
        within("--warm-up", warmUps, USUAL_WARM_UPS, 0, 1000),
        within("--sockets", sockets, USUAL_SOCKETS, least, StampedeSettings.MOST_CLIENTS),
        true,
        patience,
        seed(),
        !lowerCase,
        !once);
  }

  private StampedeSettings molecules(String given, Duration patience) {
    if (clients != null || rounds != null || sockets != null || warmUps != null) {
      throw new UsageException(
          "--molecules go one after another, each client once: there is nothing to say for"
              + " --clients, --rounds, --sockets and --warm-up");
    }
    Molecule kind = molecule == null ? Molecule.WATER : kind(molecule);
    int most = StampedeSettings.MOST_CLIENTS / kind.size();
    return new StampedeSettings(
        kind,
        1,
        within("--molecules", given, 1, 1, most),
        0,
        kind.size(),
        false,
        patience,
        seed(),
        !lowerCase,
        !once);
  }

  private int together(Molecule kind) {
    if (clients == null) {
      return (USUAL_CLIENTS + kind.size() - 1) / kind.size();
    }
    int wanted = within("--clients", clients, USUAL_CLIENTS, 1, StampedeSettings.MOST_CLIENTS);
    int whole = wanted / kind.size();
    if (whole * kind.size() != wanted) {
      throw new UsageException(
          "--clients: "
              + wanted
              + " make no whole molecules of "
              + kind
              + " (expected: a multiple of "
              + kind.size()
              + ", such as "
              + (whole + 1) * kind.size()
              + ")");
    }
    return whole;
  }

  private static Molecule kind(String text) {
    return read("--molecule", text, Molecule::parse);
  }

  private static InetSocketAddress address(String option, String text, int defaultPort) {
    return read(option, text, each -> Addresses.parse(each, defaultPort));
  }

  private static Duration duration(String option, String text, Duration least, Duration most) {
    Duration found = read(option, text, Words::parseDuration);
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      throw new UsageException(
          option
              + ": "
              + text
              + " (expected: "
              + Words.duration(least)
              + " to "
              + Words.duration(most)
              + ")");
    }
    return found;
  }

  private static int within(String option, @Nullable String given, int usual, int least, int most) {
    return given == null ? usual : (int) whole(option, given, least, most);
  }

  private static long whole(String option, String given, long least, long most) {
    boolean number = WHOLE.matcher(given).matches();
    BigInteger found = number ? new BigInteger(given) : BigInteger.ZERO;
    if (!number
        || found.compareTo(BigInteger.valueOf(least)) < 0
        || found.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new UsageException(
          option + ": " + Safe.text(given) + " (expected: " + least + " to " + most + ")");
    }
    return found.longValueExact();
  }

  private interface Reader<T> {
    T read(String text);
  }

  private static <T> T read(String option, String text, Reader<T> reader) {
    try {
      return reader.read(text);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw new UsageException(
          option
              + ": "
              + (why.contains("expected:")
                  ? Safe.text(why)
                  : "\"" + Safe.text(text) + "\" (expected: " + why + ")"));
    }
  }
}
