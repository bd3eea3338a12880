package resolver.server;

import io.netty.buffer.ByteBuf;

/** The way back to one client for one query. Belongs to the event loop that read the query. */
interface Responder {
  /** A buffer to render the response into. */
  ByteBuf newBuffer();

  /** Sends the response, and releases it. Called once for each query that gets one. */
  void respond(ByteBuf response);

  /** The query gets no response. */
  default void ignore() {}
}
