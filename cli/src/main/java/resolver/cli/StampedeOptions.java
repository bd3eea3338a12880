package resolver.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
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

  @Option(
      names = {"-n", "--clients"},
      paramLabel = "N",
      description = "How many clients ask at once. Default: 1000, made up to" + " whole molecules.")
  private @Nullable Integer clients;

  @Option(
      names = {"-r", "--rounds"},
      paramLabel = "N",
      description = "How often, each time for a fresh name. Default: 10.")
  private @Nullable Integer rounds;

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
  private @Nullable Integer molecules;

  @Option(
      names = "--sockets",
      paramLabel = "N",
      description =
          "How many UDP sockets the clients of a crowd share at most; those on one socket have"
              + " different IDs. Default: 1000.")
  private @Nullable Integer sockets;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Rounds of a crowd before those that count. Default: 3.")
  private @Nullable Integer warmUps;

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
  private @Nullable Long seed;

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
    return seed == null ? chosenSeed : seed;
  }

  /** The server that somebody else runs, or null. */
  @Nullable InetSocketAddress server() {
    return server == null ? null : address("--server", server, DNS);
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

  StampedeSettings settings() {
    Duration patience =
        duration("--timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
    if (molecules != null) {
      return molecules(molecules, patience);
    }
    Molecule kind = molecule == null ? Molecule.SINGLE : kind(molecule);
    return new StampedeSettings(
        kind,
        together(kind),
        within("--rounds", rounds, USUAL_ROUNDS, 1, 1_000_000),
        within("--warm-up", warmUps, USUAL_WARM_UPS, 0, 1000),
        within("--sockets", sockets, USUAL_SOCKETS, 1, StampedeSettings.MOST_CLIENTS),
        true,
        patience,
        seed(),
        !lowerCase,
        !once);
  }

  private StampedeSettings molecules(int number, Duration patience) {
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
        within("--molecules", number, 1, 1, most),
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

  private static int within(
      String option, @Nullable Integer given, int usual, int least, int most) {
    int found = given == null ? usual : given;
    if (found < least || found > most) {
      throw new UsageException(
          option + ": " + found + " (expected: " + least + " to " + most + ")");
    }
    return found;
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
