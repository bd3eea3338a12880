package resolver.control;

import resolver.settings.Directories;
import resolver.settings.SettingException;

/**
 * Settings of the control socket.
 *
 * @param socket the path of the socket; "auto" for {@code control} in the directory that systemd
 *     made for the running service, where there is one; empty for none
 */
public record ControlSettings(String socket) {
  /** What holds when nothing is set. */
  public static final ControlSettings DEFAULTS = new ControlSettings("auto");

  /** Checks the path. */
  public ControlSettings {
    if (!socket.isEmpty() && !socket.equals("auto") && !Directories.isAbsolute(socket)) {
      throw new SettingException(
          "socket", '"' + socket + '"', "an absolute path, \"auto\", or \"\" for no socket");
    }
  }
}
