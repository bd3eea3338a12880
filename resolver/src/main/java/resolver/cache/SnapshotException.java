package resolver.cache;

import java.io.IOException;

/** A file that is no whole snapshot of this version; the message says what is wrong where. */
final class SnapshotException extends IOException {
  private static final long serialVersionUID = 1;

  SnapshotException(String message) {
    super(message);
  }
}
