package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.IntPredicate;

/**
 * How queries and responses travel over one connection that is ready for them. Belongs to the
 * connection's event loop.
 */
interface Carrier {
  /** Whom a carrier tells what comes. A key is what {@link #send} returned. */
  interface Desk {
    /**
     * A response has come.
     *
     * @param message is released by the caller
     * @return whether somebody waited for it
     */
    boolean received(int key, ByteBuf message);

    /**
     * There will be no response.
     *
     * @param unseen whether the server has certainly not worked on the query, so that it may be
     *     sent again
     */
    void failed(int key, String why, boolean unseen);

    /** No further query may be sent here; those under way go on. */
    void retire();

    /** For how long the server wants an unused connection to be kept. */
    void keepIdle(long nanos);
  }

  /**
   * Puts what it needs into the pipeline.
   *
   * @param before the name of the handler that comes behind it
   */
  void install(Channel channel, String before, Desk desk);

  /** How many queries may be under way. */
  int room();

  /**
   * Writes a query; the caller flushes.
   *
   * @param taken tells the keys that are in use
   * @return the key of its response
   */
  int send(Channel channel, Exchange exchange, IntPredicate taken);

  /** Nobody waits for the response any more, or it has come. */
  void forget(int key);

  /** The connection is over. */
  void close();
}
