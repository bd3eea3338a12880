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

  /** An exchange has failed. */
  void failed(Server server) {
    inARow.computeIfAbsent(server, any -> new AtomicInteger()).incrementAndGet();
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
