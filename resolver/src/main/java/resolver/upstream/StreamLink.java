package resolver.upstream;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.net.Sockets;

/**
 * The connection of one event loop to one server, over TCP and what may lie upon it: queries go out
 * one behind the other, responses come back in any order (RFC 7766 sections 6.2.1.1 and 7). Opened
 * when it is needed, closed when it was idle for a while.
 *
 * <p>A server may hang up just when a query is under way. Where the connection had been used
 * before, its exchanges are therefore begun once more on a new one before they count as failed.
 *
 * <p>A connection can also die without a word. One from which nothing came while a query waited in
 * vain is therefore used for no further query.
 *
 * <p>Where a connection was over after a single exchange, because the server closed it or nobody
 * asked for long, making the next one is part of what a query takes, and is measured with it.
 *
 * <p>Belongs to one event loop.
 */
final class StreamLink {
  /** What all links of an event loop share. */
  record Tools(
      EventLoop loop, Sockets sockets, Ticker ticker, Timers timers, Complaints complaints) {}

  private final Server server;
  private final Tools tools;
  private final long idleNanos;
  private final @Nullable Shield shield;
  private final Supplier<Carrier> carriers;
  private StreamConnection current;

  /**
   * A link without a connection yet.
   *
   * @param idleNanos for how long an unused connection is kept where the server says nothing
   * @param shield null for plain text
   * @param carriers makes one for each connection
   */
  StreamLink(
      Server server,
      Tools tools,
      long idleNanos,
      @Nullable Shield shield,
      Supplier<Carrier> carriers) {
    this.server = server;
    this.tools = tools;
    this.idleNanos = idleNanos;
    this.shield = shield;
    this.carriers = carriers;
    this.current = newConnection(false);
  }

  /** Begins an exchange. */
  void begin(Exchange exchange) {
    if (current.isSpent()) {
      current.retire();
      current = newConnection(current.hasServedOne());
    }
    current.begin(exchange);
  }

  /** Closes the connection once its exchanges are over. */
  void retire() {
    current.retire();
  }

  private StreamConnection newConnection(boolean afterOne) {
    return new StreamConnection(
        server, tools, idleNanos, shield, carriers.get(), this::begin, afterOne);
  }
}
