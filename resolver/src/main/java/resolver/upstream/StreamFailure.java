package resolver.upstream;

/** Why there is no connection to a server, for people. */
final class StreamFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String wayOut;

  /**
   * A failure.
   *
   * @param why what is the matter
   * @param wayOut what can be done about it, as a sentence of its own
   */
  StreamFailure(String why, String wayOut) {
    super(why, null, false, false);
    this.wayOut = wayOut;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  String wayOut() {
    return wayOut;
  }
}
