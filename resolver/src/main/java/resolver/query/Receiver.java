package resolver.query;

import java.util.concurrent.Executor;

/** One who waits for an answer. */
public interface Receiver {
  /** Where to receive what does not come at once: for a client, the event loop of its channel. */
  Executor executor();

  /** Takes the answer; called once at most. Must not block. */
  void receive(Answer answer, Delivery how);
}
