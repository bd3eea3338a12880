package resolver.upstream;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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
 * <p>Any thread may call. There are no more entries than servers in use, which {@link #keepOnly}
 * tells, and some others, which were asked beside them.
 */
final class Complaints {
  /** The way out where the network may be to blame. */
  static final String PORTAL =
      "Nothing is asked in plain text instead. Behind a captive portal, log in there first, or name"
          + " a plain server in upstream.servers until you have.";

  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

  /** Of how many servers that are not in use something is kept. */
  private static final int MOST_OTHERS = 64;

  private final Map<Server, Entry> entries = new ConcurrentHashMap<>();
  private final Ticker ticker;
  private volatile Set<Server> inUse = Set.of();

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
    long since = before != null && before.lasts ? before.trouble.since() : now;
    Trouble trouble = new Trouble(failure.why(), failure.wayOut(), since);
    entries.put(server, new Entry(trouble, true, before != null && told ? before.toldAt : now));
    if (!inUse.contains(server)) {
      dropOldestOthers();
    }
    if (!told) {
      LOG.warn("upstream {} cannot be used: {}. {}", server, failure.why(), failure.wayOut());
    }
  }

  private void dropOldestOthers() {
    List<Map.Entry<Server, Entry>> others =
        entries.entrySet().stream()
            .filter(each -> !inUse.contains(each.getKey()))
            .map(each -> Map.entry(each.getKey(), each.getValue()))
            .sorted(Comparator.comparingLong(each -> each.getValue().trouble.since()))
            .toList();
    others.stream()
        .limit(Math.max(0, others.size() - MOST_OTHERS))
        .forEach(each -> entries.remove(each.getKey(), each.getValue()));
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

  /** Forgets all but these, which are in use from now on. */
  void keepOnly(Set<Server> servers) {
    inUse = Set.copyOf(servers);
    entries.keySet().retainAll(servers);
  }
}
