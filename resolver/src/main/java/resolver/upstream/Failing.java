package resolver.upstream;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how often in a row each server has failed: with silence, SERVFAIL or REFUSED. Any thread
 * may call.
 */
final class Failing {
  /** So many failures in a row are no chance. */
  static final int MANY = 10;

  private final Map<Server, AtomicInteger> inARow = new ConcurrentHashMap<>();
  private final boolean counts;

  /** One that counts, for the servers in use: those of the settings, and their stand-ins. */
  Failing() {
    this(true);
  }

  private Failing(boolean counts) {
    this.counts = counts;
  }

  /** One that counts nothing, for servers that others may name as they like. */
  static Failing ofNobody() {
    return new Failing(false);
  }

  /** An exchange has failed. */
  void failed(Server server) {
    if (counts) {
      inARow.computeIfAbsent(server, any -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** A server has given an answer. */
  void answered(Server server) {
    AtomicInteger failures = inARow.get(server);
    if (failures != null && failures.get() != 0) {
      failures.set(0);
    }
  }

  /** The servers that have failed many times in a row. */
  List<Server> many() {
    return inARow.entrySet().stream()
        .filter(each -> each.getValue().get() >= MANY)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Begins anew, with none. */
  void forget() {
    inARow.clear();
  }
}
