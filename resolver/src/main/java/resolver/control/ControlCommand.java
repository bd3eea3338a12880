package resolver.control;

import java.io.IOException;
import java.util.List;

/**
 * What an operator may say over the control socket.
 *
 * <p>It runs on the thread of its connection, of which there are several at once, and never on an
 * event loop: it may wait, and is interrupted when the daemon stops.
 */
public interface ControlCommand {
  /** The first word of a request. */
  String name();

  /**
   * Answers a request.
   *
   * @param words those behind the name
   * @throws ControlException where the request cannot be met; the client is told
   * @throws IOException where the client has left, or does not read
   */
  void run(List<String> words, ControlReply out) throws IOException, InterruptedException;

  /**
   * Checks that nothing stands behind the name.
   *
   * @throws ControlException where something does
   */
  default void takesNone(List<String> words) {
    if (!words.isEmpty()) {
      throw new ControlException(name() + ": " + words + " (expected: no more words)");
    }
  }
}
