package resolver.daemon;

import java.io.PrintStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import resolver.clock.ProcessAge;
import resolver.config.Loaded;
import resolver.config.SettingsException;

/** Runs a daemon in the foreground until it is told to stop. */
public final class Main {
  private enum Order {
    STOP,
    RELOAD
  }

  private Main() {}

  /**
   * Serves until SIGINT or SIGTERM; SIGHUP reads the settings again.
   *
   * @param first the settings to start with
   * @param again loads them anew, and throws {@link SettingsException} where they are wrong
   * @param out where the start is told, a dozen lines at most
   * @param whenReady is called once, when all of that is told
   * @return the exit status
   * @throws StartException where it cannot start
   */
  public static int serve(Loaded first, Supplier<Loaded> again, PrintStream out, Runnable whenReady)
      throws StartException {
    BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    // Closed in reverse: systemd is told of the stop to its end.
    try (ServiceManager manager = ServiceManager.of(System.getenv());
        Daemon daemon = Daemon.start(first.settings())) {
      // All that is not needed for an answer comes after the start.
      Signals.handle("INT", () -> orders.add(Order.STOP));
      Signals.handle("TERM", () -> orders.add(Order.STOP));
      Reloader reloader = new Reloader(daemon, first, again, () -> orders.add(Order.RELOAD));
      Signals.handle("HUP", reloader::request);
      Version version = Version.current();
      out.println(
          "resolver   " + version.number() + " (" + version.commit() + "), Java " + Version.java());
      daemon.describe().forEach(out::println);
      out.println("settings   " + first.source());
      out.println("ready      " + ProcessAge.millis() + " ms after the start");
      out.flush();
      manager.ready("serving");
      manager.keepAlive(daemon.watchdogTimers(), daemon.heartbeat());
      daemon.keepSnapshot();
      whenReady.run();
      try (ControlSocket control = new ControlSocket()) {
        control.open(
            first.settings().control(),
            System.getenv(),
            ControlCommands.of(daemon, reloader),
            daemon.parts().ticker());
        while (orders.take() == Order.RELOAD) {
          manager.reloading("reading the settings again");
          reloader.run();
          manager.ready("serving");
        }
        manager.stopping("finishing what is in flight");
        reloader.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
