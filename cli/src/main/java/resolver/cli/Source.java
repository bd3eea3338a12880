package resolver.cli;

/**
 * Where a reply comes from.
 *
 * @param kind who was asked
 * @param where for a person: an address with its port, or which upstream servers this process has
 * @param note what else is worth knowing; may be empty
 */
record Source(Kind kind, String where, String note) {

  /** Who was asked. */
  enum Kind {
    /** The daemon at the listen address of the settings in force. */
    DAEMON("daemon"),
    /** The pipeline of the daemon, started within this process. */
    PROCESS("process"),
    /** The server that the command line names. */
    SERVER("server");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As the JSON output says it. */
    String word() {
      return word;
    }
  }

  static Source daemon(String address) {
    return new Source(Kind.DAEMON, address, "");
  }

  static Source server(String address) {
    return new Source(Kind.SERVER, address, "");
  }

  static Source process(String upstream, String note) {
    return new Source(Kind.PROCESS, upstream, note);
  }

  /** For the status line, such as {@code from 127.0.0.1:5300 (daemon, UDP)}. */
  String describe(String transport) {
    String how = transport.isEmpty() ? "" : ", " + transport;
    return switch (kind) {
      case DAEMON -> "from " + where + " (daemon" + how + ")";
      case SERVER -> "from " + where + " (asked directly" + how + ")";
      case PROCESS -> "(in this process, " + where + (note.isEmpty() ? "" : "; " + note) + ")";
    };
  }
}
