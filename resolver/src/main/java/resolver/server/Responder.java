package resolver.server;

import io.netty.buffer.ByteBuf;
import resolver.query.Pending;

/** The way back to one client for one query. Belongs to the event loop that read the query. */
interface Responder {
  /**
   * Runs the rendering of a response when the client can take it: at once, or once it has taken
   * those before. A client that is gone gets none, and nothing is rendered.
   */
  default void whenReady(Runnable render) {
    render.run();
  }

  /** Whether the client can take a response at once, and none waits to go before. */
  default boolean isReady() {
    return true;
  }

  /**
   * This way back, to be used also after the message was handled; the one that the message came
   * with may be another query's by then.
   */
  default Responder lasting() {
    return this;
  }

  /** A buffer to render the response into; only while the client can take one. */
  ByteBuf newBuffer();

  /** Sends the response, and releases it. Called once at most for each query. */
  void respond(ByteBuf response);

  /**
   * The answer does not come at once.
   *
   * @param waiter to be left once the client is gone: nobody else's answer depends on it
   */
  default void awaits(Pending waiter) {}

  /** The query gets no response. */
  default void ignore() {}
}
