package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
      runner.interrupt();
      runner.join();
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
