package resolver.upstream;

import java.util.concurrent.Executor;
import resolver.query.Answer;
import resolver.query.Delivery;
import resolver.query.Receiver;

/**
 * Waits for what one server says to a question that no client has asked.
 *
 * @param executor the event loop that asks
 * @param answered is run there when the server has answered
 */
record LoopProbe(Executor executor, Runnable answered) implements Receiver {
  @Override
  public void receive(Answer answer, Delivery how) {
    switch (answer.failure()) {
      case NONE, UPSTREAM_RCODE -> answered.run();
      default -> {
        // Nobody has answered.
      }
    }
  }
}
