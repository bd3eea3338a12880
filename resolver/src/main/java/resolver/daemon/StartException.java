package resolver.daemon;

/** The daemon cannot start. The message is fit to be printed as it is. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a message for people. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
