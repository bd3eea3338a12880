package resolver.upstream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;

/**
 * Which encrypted servers cannot be used, and why: as data, and in the log once an hour for each.
 * There is no silent way back to plain text, so a person has to know.
 *
 * <p>Any thread may call. There are no more entries than servers: {@link #keepOnly} drops those of
 * servers that are asked no more.
 */
final class Complaints {
  /** The way out where the network may be to blame. */
  static final String PORTAL =
      "Nothing is asked in plain text instead. Behind a captive portal, log in there first, or name"
          + " a plain server in upstream.servers until you have.";

  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

  private final Map<Server, Entry> entries = new ConcurrentHashMap<>();
  private final Ticker ticker;

  /** A server's trouble, past or present, and when the log told of one. */
  private record Entry(Trouble trouble, boolean lasts, long toldAt) {}

  Complaints(Ticker ticker) {
    this.ticker = ticker;
  }

  /** There is no connection to a server. */
  void failed(Server server, StreamFailure failure) {
    if (!server.isEncrypted()) {
      return;
    }
    long now = ticker.nanos();
    Entry before = entries.get(server);
    boolean told = before != null && now - before.toldAt <= HOUR_NANOS;
    long since = before != null && before.lasts ? before.trouble.since() : ticker.wallMillis();
    Trouble trouble = new Trouble(failure.why(), failure.wayOut(), since);
    entries.put(server, new Entry(trouble, true, before != null && told ? before.toldAt : now));
    if (!told) {
      LOG.warn("upstream {} cannot be used: {}. {}", server, failure.why(), failure.wayOut());
    }
  }

  /** There is a connection to a server. */
  void reached(Server server) {
    Entry before = entries.get(server);
    if (before != null
        && before.lasts
        && entries.replace(server, before, new Entry(before.trouble, false, before.toldAt))) {
      LOG.info("upstream {} can be used again", server);
    }
  }

  /** The trouble of each server that has one now. */
  Map<Server, Trouble> current() {
    Map<Server, Trouble> troubles = new HashMap<>();
    entries.forEach(
        (server, entry) -> {
          if (entry.lasts) {
            troubles.put(server, entry.trouble);
          }
        });
    return Map.copyOf(troubles);
  }

  /** Forgets all but these. */
  void keepOnly(Set<Server> servers) {
    entries.keySet().retainAll(servers);
  }
}
