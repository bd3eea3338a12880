package resolver.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.config.Loaded;
import resolver.config.Settings;
import resolver.config.SettingsException;
import resolver.control.ControlException;

/**
 * Has a daemon take its settings anew, for all who ask for it: signals, and the control socket. Any
 * thread may ask; one thread reloads.
 */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final Daemon daemon;
  private final Supplier<Loaded> again;
  private final Reloads<Reloaded> runs;

  /** What holds, as far as it is live. */
  private volatile Loaded current;

  /**
   * For a daemon.
   *
   * @param first the settings that it has started with
   * @param again loads them anew, and throws {@link SettingsException} where they are wrong
   * @param order has {@link #run} called soon
   */
  Reloader(Daemon daemon, Loaded first, Supplier<Loaded> again, Runnable order) {
    this.daemon = daemon;
    this.again = again;
    this.current = inForce(daemon, first);
    this.runs = new Reloads<>(order);
  }

  /** Asks for a reload; one that has not begun serves all who ask for it. */
  CompletableFuture<Reloaded> request() {
    return runs.request();
  }

  /** Where the settings in force are from. */
  String source() {
    return current.source();
  }

  /** Reloads where somebody has asked for it. */
  void run() {
    runs.run(this::reload);
  }

  /** Reloads no more. */
  void close() {
    runs.close(Reloaded.failed("the daemon is about to stop", ControlException.ENDED, 0));
  }

  private Reloaded reload(int askers) {
    Loaded loaded;
    try {
      loaded = again.get();
    } catch (SettingsException e) {
      return wrong(e, askers);
    } catch (RuntimeException e) {
      return threw("reading the settings again threw; they are not changed", e, askers);
    }
    try {
      return use(loaded, askers);
    } catch (SettingsException e) {
      return wrong(e, askers);
    } catch (RuntimeException e) {
      return threw(
          "taking the settings threw; they may be changed in part (restart the daemon)", e, askers);
    }
  }

  private Reloaded use(Loaded loaded, int askers) {
    List<Settings.Change> later = daemon.reload(loaded.settings());
    Loaded taken = inForce(daemon, loaded);
    List<Settings.Change> changes = liveChanges(taken);
    current = taken;
    LOG.info("settings read again from {}", loaded.source());
    loaded.warnings().forEach(LOG::warn);
    later.forEach(change -> LOG.warn("{} takes effect at the next restart", change));
    List<String> warnings = new ArrayList<>(loaded.warnings());
    String trouble = daemon.metricsTrouble();
    if (!trouble.isEmpty()) {
      warnings.add(trouble);
    }
    return new Reloaded("", 0, loaded.source(), changes, later, List.copyOf(warnings), askers);
  }

  /** Metrics whose address could not be had are as they were. */
  private static Loaded inForce(Daemon daemon, Loaded loaded) {
    return new Loaded(
        loaded.settings().withMetrics(daemon.metricsInForce()), loaded.file(), loaded.warnings());
  }

  private static Reloaded wrong(SettingsException e, int askers) {
    String problem = "the settings are not changed, for they are wrong:\n" + e.getMessage();
    LOG.error("{}", problem);
    return Reloaded.failed(problem, ControlException.USAGE, askers);
  }

  private static Reloaded threw(String what, RuntimeException e, int askers) {
    LOG.error("{}", what, e);
    return Reloaded.failed(what + ": " + e, ControlException.DEFECT, askers);
  }

  private List<Settings.Change> liveChanges(Loaded next) {
    return Settings.changes(current.settings(), next.settings()).stream()
        .filter(change -> Daemon.LIVE.contains(change.key()))
        .toList();
  }

  /**
   * What a reload would do now; changes nothing.
   *
   * @throws SettingsException where the settings are wrong
   */
  Plan plan() {
    Loaded loaded = again.get();
    Settings next = loaded.settings();
    Parts parts = daemon.parts();
    List<Settings.Change> later =
        Settings.changesThatNeedRestart(parts.settings(), next, Daemon.LIVE);
    return new Plan(
        loaded.source(),
        liveChanges(loaded),
        later,
        loaded.warnings(),
        parts.core().keptElsewhereBy(next.upstream().routes()));
  }

  /**
   * What a reload would do.
   *
   * @param live what would hold at once
   * @param later what would wait for a restart
   * @param entries how many answers would be forgotten, since their names take another route
   */
  record Plan(
      String source,
      List<Settings.Change> live,
      List<Settings.Change> later,
      List<String> warnings,
      long entries) {}
}
