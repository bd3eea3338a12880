package resolver.control;

/** A request cannot be met; the message names what is wrong, and the way out. */
public final class ControlException extends RuntimeException {
  /** The exit code for words that are wrong. */
  public static final int USAGE = 2;

  /** The exit code where the daemon ends before it is done. */
  public static final int ENDED = 9;

  /** The exit code for a defect of the daemon. */
  public static final int DEFECT = 10;

  private static final long serialVersionUID = 1;

  private final int exitCode;

  /** A request that is wrong, and will be however often it is made. */
  public ControlException(String message) {
    this(message, USAGE);
  }

  /**
   * A request that cannot be met.
   *
   * @param exitCode what a command that passes it on ends with
   */
  public ControlException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What a command that passes it on ends with. */
  public int exitCode() {
    return exitCode;
  }
}
