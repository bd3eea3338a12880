package resolver.cli;

import java.io.IOException;
import java.nio.file.Path;

/** A request to the daemon came to nothing; the message names what is wrong, and the way out. */
final class ControlFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  ControlFailure(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /**
   * Nobody could be reached at a path.
   *
   * @param exists whether there is a file, as far as can be seen
   */
  static ControlFailure noDaemon(Path path, IOException why, boolean exists) {
    String text = String.valueOf(why.getMessage());
    return new ControlFailure(
        text.contains("ermission denied")
            ? path
                + " may not be opened: only root and the group of the service may (use sudo, or be"
                + " in that group: ls -l "
                + path
                + ")"
            : "no daemon listens at "
                + path
                + (exists ? ", its last one is gone" : "")
                + " (start one: systemctl start resolver, or resolve serve with control.socket set;"
                + " or name its socket: --socket)",
        ExitCode.NO_DAEMON);
  }

  /** What was to come has not come whole. */
  static ControlFailure ended() {
    return new ControlFailure(
        "the daemon has ended, or broken off (start it, and this again)", ExitCode.NO_REPLY);
  }

  /** What the command ends with. */
  int exitCode() {
    return exitCode;
  }
}
