package resolver.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import resolver.clock.SystemTicker;
import resolver.config.Loaded;
import resolver.control.ControlServer;
import resolver.observe.Ledger;

/** A daemon with its control socket, as its process has it, within a test. */
public final class ControlledDaemon implements AutoCloseable {
  private final Daemon daemon;
  private final ControlServer control;
  private final Reloader reloader;
  private final BlockingQueue<Boolean> orders = new LinkedBlockingQueue<>();
  private final Thread reloading = new Thread(this::reload, "reloading");

  /**
   * Starts one.
   *
   * @param again loads the settings, at the start and for each reload
   * @param root where the files of the system are looked for
   */
  public ControlledDaemon(Supplier<Loaded> again, Path root, Path socket)
      throws StartException, IOException {
    Loaded first = again.get();
    daemon = Daemon.start(first.settings(), root);
    reloader = new Reloader(daemon, first, again, () -> orders.add(true));
    control = ControlServer.open(socket, ControlCommands.of(daemon, reloader), new SystemTicker());
    reloading.start();
  }

  private void reload() {
    try {
      while (orders.take()) {
        reloader.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return daemon.addresses().get(0);
  }

  /** What it has counted. */
  public Ledger ledger() {
    return daemon.ledger();
  }

  @Override
  public void close() {
    reloading.interrupt();
    reloader.close();
    control.close();
    daemon.close();
  }
}
