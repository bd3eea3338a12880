package resolver.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.control.ControlCommand;
import resolver.control.ControlServer;
import resolver.control.ControlSettings;
import resolver.settings.Directories;

/**
 * The control socket of a daemon, where it has one. Without it the daemon serves all the same: what
 * is wrong is logged.
 */
final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  private static final String NAME = "control";

  private @Nullable ControlServer server;

  /** Opens it, where the settings or systemd say where. */
  void open(
      ControlSettings settings,
      Map<String, String> environment,
      List<? extends ControlCommand> commands,
      Ticker ticker) {
    try {
      Path path = path(settings.socket(), environment);
      if (path != null) {
        server = ControlServer.open(path, commands, ticker);
        LOG.info("control socket at {}", path);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("no control socket: {}", e.getMessage());
    }
  }

  /** Null where there shall be none. */
  static @Nullable Path path(String setting, Map<String, String> environment) {
    if (setting.equals("auto")) {
      return Directories.ofService("RUNTIME_DIRECTORY", environment)
          .map(at -> at.resolve(NAME))
          .orElse(null);
    }
    return setting.isEmpty() ? null : Path.of(setting);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
