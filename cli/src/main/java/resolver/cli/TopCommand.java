package resolver.cli;

import com.google.gson.JsonObject;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code resolve top}: a running daemon at a glance, again and again. */
@Command(
    name = "top",
    header = "Watch the daemon at work.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve top|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Shows queries a second and what became of them, how long clients wait, the upstream servers"
          + " with their times, lookups under way with those who wait for them, and the names that are"
          + " asked for most. Ends with q or Ctrl-C.",
      "",
      "Times and shares are of the queries since this was started; those of half a minute ago count"
          + " half. Without a terminal, or on a dumb one, screens follow one another."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ended by q, or with --once",
      "2:the command line is wrong",
      "9:the daemon ended the reply",
      "10:a defect of this program",
      "11:no daemon listens",
      "12:too many watch already",
      "129, 130, 143:stopped by SIGHUP, by SIGINT (Ctrl-C), by SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve top",
      "  resolve top --once --interval 10s",
      "",
      "The fields of --json, sums since the start of the daemon where nothing else is said:",
      "  wallMillis, upMillis      the time; how long the daemon runs",
      "  received, outcomes        queries, in all and by what became of them",
      "  shares                    hits, misses, merged: as in resolve status",
      "  sent                      what was sent upstream, by the reason",
      "  responsesLost, kernelDrops, queryLogLost, unseen",
      "                            what was lost; unseen: queries missing in the figures below",
      "  cached                    answers that are kept now",
      "  flights                   count, waiters; most: name, type, milliseconds, waiters",
      "  upstreams                 route, server, state, roundTrip, late, failures, why",
      "  clients, servers          count, p50, p95, p99: milliseconds, since this was started",
      "  names                     name, share and how much of it may be too much, in percent"
    })
final class TopCommand extends ControlOptions {
  @Option(
      names = "--once",
      description = "Show one screen, after one interval, and end: for scripts.")
  private boolean once;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      description = "Time between two screens, 100ms to 1m. Default: 1s.")
  private String interval = "1s";

  /** Nobody looks at it through a window. */
  private static final int ONCE_HEIGHT = 60;

  private final Terminal terminal = new Terminal();
  private @Nullable JsonObject last;
  private @Nullable JsonObject lastButOne;
  private Terminal.Size size = new Terminal.Size(80, 24);
  private volatile boolean quit;

  TopCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  int run() {
    Surroundings around = surroundings();
    Interruption interruption = Interruption.of(around.signals());
    boolean dumb =
        once
            || !around.terminal()
            || around.environment().getOrDefault("TERM", "dumb").equals("dumb");
    Screen screen = new Screen(around.out(), dumb);
    try (ControlClient reply = ControlClient.ask(path(), List.of("top", "--interval", interval))) {
      interruption.stopBy(() -> leave(screen, reply));
      if (!dumb && !json()) {
        around.signals().handle("WINCH", () -> resized(screen));
        terminal.takeKeys();
        terminal.onKey('q', () -> quit(screen, reply));
      }
      Terminal.Size there = terminal.size(around.environment());
      size = once ? new Terminal.Size(there.width(), ONCE_HEIGHT) : there;
      return show(reply, screen);
    } catch (ControlFailure e) {
      if (interruption.status() != 0 || quit) {
        return interruption.status();
      }
      throw e;
    } finally {
      screen.close();
      terminal.giveBackKeys();
    }
  }

  private void quit(Screen screen, ControlClient reply) {
    quit = true;
    leave(screen, reply);
  }

  private void leave(Screen screen, ControlClient reply) {
    reply.close();
    screen.close();
    terminal.giveBackKeys();
  }

  private int show(ControlClient reply, Screen screen) {
    for (JsonObject next = reply.next(); next != null; next = reply.next()) {
      boolean first = take(next);
      if (json() && !(once && first)) {
        print(next);
      } else if (!json() && !(once && first)) {
        paint(screen);
      }
      if ((once && !first) || surroundings().out().checkError()) {
        return ExitCode.ANSWERED;
      }
    }
    throw ControlFailure.ended();
  }

  /** Whether it is the first. */
  private synchronized boolean take(JsonObject next) {
    lastButOne = last;
    last = next;
    return lastButOne == null;
  }

  private void resized(Screen screen) {
    Terminal.Size now = terminal.size(surroundings().environment());
    synchronized (this) {
      size = now;
    }
    paint(screen);
  }

  private synchronized void paint(Screen screen) {
    JsonObject now = last;
    if (now != null && !quit) {
      Surroundings around = surroundings();
      Paint paint = Paint.of(Paint.When.auto, around.terminal(), around.environment());
      screen.paint(new TopScreen(now, lastButOne, size, ZoneId.systemDefault(), paint).lines());
    }
  }
}
