package resolver.upstream;

import java.util.List;
import java.util.concurrent.Executor;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Receiver;

/**
 * Waits for what one server says to a question that no client has asked.
 *
 * @param executor the event loop that asks
 * @param answered is run there when the server has answered
 */
record LoopProbe(Executor executor, Runnable answered) implements Receiver {
  /**
   * Asks the server.
   *
   * @param tools count with a {@link ProbeCounter}
   */
  void send(Lookup.Tools tools, UpstreamLoop loop, Server server, Ask ask) {
    executor.execute(() -> new Lookup(tools, loop, alone(tools, server), ask, this).start());
  }

  private static Group alone(Lookup.Tools tools, Server server) {
    return Group.forOneQuestion(List.of(server), tools.ticker().nanos());
  }

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
