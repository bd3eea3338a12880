package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import resolver.clock.SystemTicker;
import resolver.config.Loaded;
import resolver.config.Settings;
import resolver.config.SettingsException;
import resolver.config.SettingsLoader;
import resolver.control.ControlServer;
import resolver.fixtures.ControlSocketClient;
import resolver.metrics.MetricsSettings;
import resolver.settings.Addresses;

/** Reloads of a daemon that many ask for, by signal and by socket. */
@Timeout(60)
class ReloaderTest {
  private static final int SOCKETS = 15;
  private static final int SIGNALS = 85;

  @TempDir Path root;

  private final BlockingQueue<Boolean> orders = new LinkedBlockingQueue<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch allAsked = new CountDownLatch(1);

  private Loaded settings() {
    Settings settings =
        new Settings(
            Settings.DEFAULTS.server().withListen(List.of(Addresses.parse("127.0.0.1", 0))),
            Settings.DEFAULTS.cache(),
            Settings.DEFAULTS.lookup(),
            Settings.DEFAULTS.upstream(),
            Settings.DEFAULTS.local(),
            Settings.DEFAULTS.policy(),
            Settings.DEFAULTS.log());
    return new Loaded(settings, null, List.of());
  }

  private Loaded again() {
    int number = loads.incrementAndGet();
    if (number == 1) {
      began.countDown();
      try {
        allAsked.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return settings();
    }
    // The run of those who came late fails, and so theirs alone.
    return SettingsLoader.load(root.resolve("missing.toml"), List.of());
  }

  @Test
  void aHundredAtOnceAreTwoRunsAndEachHearsTheOutcomeOfItsOwn() throws Exception {
    Path socket = root.resolve("control");
    try (Daemon daemon = Daemon.start(settings().settings(), root)) {
      Reloader reloader = new Reloader(daemon, settings(), this::again, () -> orders.add(true));
      Thread runner = new Thread(() -> runAll(reloader));
      runner.start();
      CompletableFuture<Reloaded> first = reloader.request();
      assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<Reloaded>> signals = new ArrayList<>();
      List<ControlSocketClient> clients = new ArrayList<>();
      try (ControlServer control =
          ControlServer.open(socket, List.of(new ReloadCommand(reloader)), new SystemTicker())) {
        assertThat(control).isNotNull();
        for (int i = 0; i < SIGNALS - 1; i++) {
          signals.add(reloader.request());
        }
        for (int i = 0; i < SOCKETS; i++) {
          clients.add(new ControlSocketClient(socket).say("[\"reload\"]\n"));
        }
        awaitThreads(SOCKETS);
        allAsked.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).isDone()).isTrue();
        for (CompletableFuture<Reloaded> signal : signals) {
          Reloaded told = signal.get(30, TimeUnit.SECONDS);
          assertThat(told.problem()).contains("missing.toml");
          assertThat(told.askers()).isEqualTo(SIGNALS - 1 + SOCKETS);
        }
        for (ControlSocketClient client : clients) {
          assertThat(client.rest())
              .singleElement()
              .asString()
              .contains("the settings are not changed", "missing.toml", "\"exitCode\":2");
          client.close();
        }
      }
      assertThat(loads).hasValue(2);
      reloader.close();
      assertThat(reloader.request().join().problem()).contains("about to stop");
      assertThat(reloader.request().join().exitCode()).isEqualTo(9);
      runner.interrupt();
      runner.join();
    }
  }

  @Test
  void aDefectIsToldAsOneAndWhetherTheSettingsMayBeChanged() throws Exception {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("unresolved.example", 53);
    try (Daemon daemon = Daemon.start(settings().settings(), root)) {
      Reloaded early =
          reload(
              daemon,
              () -> {
                throw new IllegalStateException("while it is read");
              });
      assertThat(early.exitCode()).isEqualTo(10);
      assertThat(early.problem()).contains("they are not changed", "while it is read");
      // The loader makes no such address; it is met when other settings are taken already.
      Reloaded late = reload(daemon, () -> withMetrics(nowhere));
      assertThat(late.exitCode()).isEqualTo(10);
      assertThat(late.problem())
          .contains("they may be changed in part", "restart")
          .doesNotContain("not changed");
    }
  }

  private static Reloaded reload(Reloader reloader) {
    CompletableFuture<Reloaded> outcome = reloader.request();
    reloader.run();
    return outcome.join();
  }

  private Reloaded reload(Daemon daemon, Supplier<Loaded> again) {
    return reload(new Reloader(daemon, settings(), again, () -> orders.add(true)));
  }

  private Loaded withMetrics(InetSocketAddress... listen) {
    Settings with =
        settings().settings().withMetrics(new MetricsSettings(List.of(listen), List.of()));
    return new Loaded(with, null, List.of());
  }

  @Test
  void metricsThatCannotBeHadAreAWarningAndTriedAgain() throws Exception {
    try (Daemon daemon = Daemon.start(settings().settings(), root)) {
      InetSocketAddress where;
      Reloader reloader;
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        where = (InetSocketAddress) taken.getLocalSocketAddress();
        reloader =
            new Reloader(daemon, settings(), () -> withMetrics(where), () -> orders.add(true));
        Reloaded refused = reload(reloader);
        assertThat(refused.isDone()).isTrue();
        assertThat(refused.exitCode()).isZero();
        assertThat(refused.changes()).isEmpty();
        assertThat(refused.warnings())
            .singleElement()
            .asString()
            .contains("metrics.listen: " + Addresses.format(where), "until it can");
      }
      Reloaded had = reload(reloader);
      assertThat(had.warnings()).isEmpty();
      assertThat(had.changes()).extracting(Settings.Change::key).containsExactly("metrics.listen");
      assertThat(daemon.metricsAddresses()).containsExactly(where);
    }
  }

  private void runAll(Reloader reloader) {
    try {
      while (orders.take()) {
        reloader.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until so many requests wait for their outcome. */
  private static void awaitThreads(int count) {
    long waiting = 0;
    while (waiting < count) {
      waiting =
          Thread.getAllStackTraces().entrySet().stream()
              .filter(each -> each.getKey().getName().equals("control-request"))
              .filter(
                  each ->
                      List.of(each.getValue()).stream()
                          .anyMatch(
                              frame ->
                                  frame.getMethodName().equals("await")
                                      && frame.getClassName().endsWith("ReloadCommand")))
              .count();
    }
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    try (Daemon daemon = Daemon.start(settings().settings(), root)) {
      Reloader reloader = new Reloader(daemon, settings(), this::settings, () -> orders.add(true));
      assertThat(reloader.plan())
          .isEqualTo(new Reloader.Plan(settings().source(), List.of(), List.of(), List.of(), 0));
      Reloader wrong =
          new Reloader(
              daemon,
              settings(),
              () -> SettingsLoader.load(root.resolve("missing.toml"), List.of()),
              () -> orders.add(true));
      org.assertj.core.api.Assertions.assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(wrong::plan);
      assertThat(orders).isEmpty();
    }
  }
}
