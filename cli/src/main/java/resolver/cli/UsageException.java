package resolver.cli;

/** The command line is wrong; the message names the word, what is wrong, and the way out. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
