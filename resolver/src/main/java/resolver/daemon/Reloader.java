package resolver.daemon;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.config.Loaded;
import resolver.config.Settings;
import resolver.config.SettingsException;

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
    this.current = first;
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
    runs.close(Reloaded.failed("the daemon is about to stop", 0));
  }

  private Reloaded reload(int askers) {
    try {
      Loaded loaded = again.get();
      List<Settings.Change> changes = liveChanges(loaded);
      List<Settings.Change> later = daemon.reload(loaded.settings());
      current = loaded;
      LOG.info("settings read again from {}", loaded.source());
      loaded.warnings().forEach(LOG::warn);
      later.forEach(change -> LOG.warn("{} takes effect at the next restart", change));
      return new Reloaded("", loaded.source(), changes, later, loaded.warnings(), askers);
    } catch (SettingsException e) {
      LOG.error("the settings are not changed, for they are wrong:\n{}", e.getMessage());
      return Reloaded.failed(
          "the settings are not changed, for they are wrong:\n" + e.getMessage(), askers);
    } catch (RuntimeException e) {
      LOG.error("reading the settings again threw; they are not changed", e);
      return Reloaded.failed(
          "reading the settings again threw; they are not changed: " + e, askers);
    }
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
