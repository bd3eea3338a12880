package resolver.daemon;

import java.util.List;
import resolver.control.ControlCommand;

/** All that may be said over the control socket. */
final class ControlCommands {
  private ControlCommands() {}

  /** Those of a daemon. */
  static List<ControlCommand> of(Daemon daemon) {
    return daemon.liveViews();
  }
}
