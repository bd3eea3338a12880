package resolver.upstream;

import java.util.List;
import java.util.concurrent.Executor;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.QueryObserver;
import resolver.query.Receiver;

/**
 * Waits for what one server says to a question that no client has asked.
 *
 * @param executor the event loop that asks
 * @param answered is run there when the server has answered
 */
record LoopProbe(Executor executor, Runnable answered) implements Receiver {
  /** Counts what is sent as what it is. */
  private static QueryObserver counting(QueryObserver observer) {
    return new QueryObserver() {
      @Override
      public void sent(Send why) {
        observer.sent(Send.PROBE);
      }
    };
  }

  /** Asks the server. */
  void send(LookupTools tools, UpstreamLoop loop, Server server, Ask ask) {
    LookupTools own = tools.with(counting(tools.observer()));
    executor.execute(() -> new Lookup(own, loop, alone(tools, server), ask, this).start());
  }

  private static Group alone(LookupTools tools, Server server) {
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
