package resolver.upstream;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.selection.ServerState;

/**
 * Tells in the log when a server stops to respond and when it is back; of each one once a minute at
 * most, however often it changes. Any thread may call.
 */
final class ServerNews {
  private static final Logger LOG = LoggerFactory.getLogger(ServerNews.class);
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Ticker ticker;

  /** When the last silence was told of, by the name of the server; guarded by this. */
  private final Map<String, Long> told = new HashMap<>();

  ServerNews(Ticker ticker) {
    this.ticker = ticker;
  }

  synchronized void isSetAside(ServerState server, String why) {
    long now = ticker.nanos();
    Long before = told.get(server.name());
    if (before == null || now - before > MINUTE_NANOS) {
      told.put(server.name(), now);
      LOG.warn("upstream {} does not respond: {}; others are asked, if any", server.name(), why);
    }
  }

  /** Only where its silence was told of. */
  synchronized void isBack(ServerState server) {
    Long before = told.get(server.name());
    if (before != null) {
      LOG.info("upstream {} responds again", server.name());
      if (ticker.nanos() - before > MINUTE_NANOS) {
        told.remove(server.name());
      }
    }
  }

  /** Forgets those that are asked no more. */
  synchronized void keepOnly(java.util.Collection<String> names) {
    told.keySet().retainAll(names);
  }
}
