package resolver.upstream;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.query.QueryObserver;
import resolver.query.Transport;
import resolver.selection.ServerState;

/**
 * Takes what exchanges tell of their servers, and says in the log when one stops to respond and
 * when it is back: of each server once a minute at most, however often it changes. So it does when
 * queries cannot even be sent, for which no server is to blame. Any thread may call.
 */
final class Samples {
  private static final Logger LOG = LoggerFactory.getLogger(Samples.class);
  private static final long MINUTE_NANOS = 60_000_000_000L;

  /**
   * What was told of a server last.
   *
   * @param at when its silence was, in the ticker's nanoseconds
   * @param isOver whether it was told that it is back
   */
  private record Told(long at, boolean isOver) {}

  private final QueryObserver observer;

  /** By the name of the server; guarded by this. */
  private final Map<String, Told> told = new HashMap<>();

  /** When it was told last that queries cannot be sent; guarded by this. */
  private long toldOfShortage = ServerState.NEVER;

  /** Of servers of which nothing was told yet. */
  Samples(QueryObserver observer) {
    this.observer = observer;
  }

  /** An exchange has ended with a response, whatever it says. */
  void response(ServerState server, Exchange exchange, long now) {
    // A handshake tells nothing of the next question, and TCP nothing of the next one over UDP.
    boolean isRoundTrip = exchange.transport() != Transport.TCP && !exchange.waitedForConnection();
    long nanos = now - exchange.sentAt();
    if (isRoundTrip) {
      observer.responded(server.name(), nanos);
    }
    boolean isBack = isRoundTrip ? server.responded(nanos, now) : server.heard(now);
    if (isBack) {
      isBack(server);
    }
  }

  /** An exchange has ended, or lasted too long, without a response. */
  void silence(ServerState server, long now, String why) {
    if (server.failed(now, why)) {
      isSetAside(server, now, why);
    }
  }

  /** This process is short of something, and could not send a query. */
  synchronized void cannotSend(long now, String why) {
    if (toldOfShortage == ServerState.NEVER || now - toldOfShortage > MINUTE_NANOS) {
      toldOfShortage = now;
      LOG.warn("queries to upstream servers cannot be sent: {}", why);
    }
  }

  private synchronized void isSetAside(ServerState server, long now, String why) {
    Told before = told.get(server.name());
    if (before == null || now - before.at() > MINUTE_NANOS) {
      told.put(server.name(), new Told(now, false));
      LOG.warn("upstream {} does not respond: {}; others are asked, if any", server.name(), why);
    }
  }

  private synchronized void isBack(ServerState server) {
    Told before = told.get(server.name());
    if (before != null && !before.isOver()) {
      told.put(server.name(), new Told(before.at(), true));
      LOG.info("upstream {} responds again", server.name());
    }
  }

  /** Forgets those that are asked no more. */
  synchronized void keepOnly(Collection<String> names) {
    observer.serversAre(names);
    told.keySet().retainAll(names);
  }
}
