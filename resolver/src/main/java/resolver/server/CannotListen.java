package resolver.server;

import java.io.IOException;

/** An address cannot be listened on. The message says which, why, and what can be done. */
public final class CannotListen extends IOException {
  private static final long serialVersionUID = 1;

  CannotListen(String message, Throwable cause) {
    super(message, cause);
  }
}
