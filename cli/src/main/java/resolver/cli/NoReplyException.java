package resolver.cli;

import java.io.IOException;

/** A server gave no reply that can be used. */
final class NoReplyException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean nothingListens;

  /**
   * Says why.
   *
   * @param why completes "no reply from 192.0.2.1:53:"
   * @param nothingListens whether the machine asked said at once that no program takes queries
   *     there; a silent one does not count
   */
  NoReplyException(String why, boolean nothingListens) {
    super(why);
    this.nothingListens = nothingListens;
  }

  boolean nothingListens() {
    return nothingListens;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
