package resolver.daemon;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.cache.Snapshot;
import resolver.cache.SnapshotSettings;
import resolver.clock.Ticker;
import resolver.settings.Words;

/**
 * Reads the cache's snapshot once the daemon serves, and writes it now and then and at the stop.
 *
 * <p>All of that is done by one thread of its own, for a disk may take long, and chores must not
 * wait for it. Starting and closing belong to the daemon's thread.
 */
final class SnapshotKeeper implements AutoCloseable {
  /** How long the writing at the stop may take; systemd waits for ten seconds in all. */
  static final Duration LAST_WRITE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  /** A rest after each block, so that on one processor the event loops have the most of it. */
  private static final long REST_NANOS = 1_000_000;

  private static final long CLOCK_LOOK_SECONDS = 10;
  private static final long CLOCK_JUMP_MILLIS = 10_000;

  private final Snapshot snapshot;
  private final SnapshotSettings settings;
  private final Ticker ticker;
  private @Nullable ScheduledThreadPoolExecutor thread;
  private volatile boolean stopping;

  // These belong to the thread.
  private boolean read;
  private long clockGapMillis;
  private String lastFault = "";

  SnapshotKeeper(Snapshot snapshot, SnapshotSettings settings, Ticker ticker) {
    this.snapshot = snapshot;
    this.settings = settings;
    this.ticker = ticker;
  }

  /**
   * The keeper of a daemon's cache, where its settings and surroundings name a file. Comes before
   * the first question.
   */
  static Optional<SnapshotKeeper> of(
      SnapshotSettings settings, Core core, Ticker ticker, long budget) {
    return settings
        .path(System.getenv())
        .map(
            file ->
                new SnapshotKeeper(
                    new Snapshot(file, core.cache(), core::routes, ticker, budget),
                    settings,
                    ticker));
  }

  /** What is kept where, for people. */
  String describe() {
    return snapshot.file() + ", every " + Words.duration(settings.every());
  }

  /** Begins: reads behind the back of those who ask, and writes from then on. Comes once. */
  void start() {
    ScheduledThreadPoolExecutor own =
        new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("snapshot", true));
    own.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    own.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    thread = own;
    own.execute(this::read);
    long every = settings.every().toMillis();
    own.scheduleWithFixedDelay(() -> write(this::rest), every, every, TimeUnit.MILLISECONDS);
    own.scheduleWithFixedDelay(
        this::lookAtClock, CLOCK_LOOK_SECONDS, CLOCK_LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** Writes for the last time, within bounds. */
  @Override
  public void close() {
    ScheduledThreadPoolExecutor own = thread;
    if (own == null) {
      return;
    }
    // What the thread is at ends at its next block.
    stopping = true;
    long deadline = ticker.nanos() + LAST_WRITE.toNanos();
    try {
      own.submit(() -> write(() -> deadline - ticker.nanos() > 0))
          .get(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "the snapshot {} is not written, for it took longer than {}: the one before stays",
          snapshot.file(),
          Words.duration(LAST_WRITE),
          e);
    }
    own.shutdown();
  }

  private boolean rest() {
    LockSupport.parkNanos(REST_NANOS);
    return !stopping;
  }

  void read() {
    clockGapMillis = clockGap();
    try {
      Snapshot.Restored restored = snapshot.read(this::rest);
      read = restored.whole();
      tell(restored);
      if (!restored.fault().isEmpty()) {
        Path aside = snapshot.setAside();
        LOG.warn(
            "snapshot {}: {}; it is now {}, and what stood before that place is in use",
            snapshot.file(),
            restored.fault(),
            aside);
      }
    } catch (IOException e) {
      // Whatever it is, the next writing tells whether there can be a snapshot at all.
      read = true;
      LOG.warn("snapshot {}: it cannot be read: {}", snapshot.file(), wordsOf(e));
    } catch (RuntimeException e) {
      read = true;
      LOG.error("reading the snapshot {} threw", snapshot.file(), e);
    }
  }

  private void tell(Snapshot.Restored restored) {
    if (!restored.clock().isEmpty()) {
      LOG.warn("snapshot {}: {}", snapshot.file(), restored.clock());
    }
    if (restored.taken() + restored.left() > 0) {
      LOG.info(
          "{} answers of an earlier run are in the cache, {} were of no use any more",
          restored.taken(),
          restored.left());
    }
  }

  void write(BooleanSupplier mayGoOn) {
    // Else what was not read yet would be lost.
    if (!read) {
      return;
    }
    try {
      long written = snapshot.write(mayGoOn);
      if (written >= 0) {
        LOG.debug("{} answers written to {}", written, snapshot.file());
        lastFault = "";
      }
    } catch (IOException e) {
      tellOnce(wordsOf(e));
    } catch (RuntimeException e) {
      LOG.error("writing the snapshot {} threw", snapshot.file(), e);
    }
  }

  private void tellOnce(String fault) {
    if (!fault.equals(lastFault)) {
      LOG.warn(
          "snapshot {}: it cannot be written: {}; see the setting snapshot.file",
          snapshot.file(),
          fault);
      lastFault = fault;
    }
  }

  private static String wordsOf(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such directory";
    }
    String kind = e.getClass() == IOException.class ? "" : e.getClass().getSimpleName() + ": ";
    return kind + e.getMessage();
  }

  private long clockGap() {
    return ticker.wallMillis() - ticker.nanos() / 1_000_000;
  }

  /**
   * A machine without a clock of its own starts with the time of its last stop, and is told the
   * right one later: then the answers that were read are older than they seemed.
   */
  void lookAtClock() {
    long gap = clockGap();
    if (gap - clockGapMillis > CLOCK_JUMP_MILLIS) {
      snapshot.forgetRestored();
      LOG.warn(
          "the clock was put forward since the snapshot was read: its answers are forgotten, for"
              + " their age is unknown");
      clockGapMillis = gap;
    }
  }
}
