package resolver.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts for how many answers each client address waits, so that one client cannot fill the flights
 * of all. Loopback is exempt: behind it is the whole machine. Any thread may call; event loops may
 * exceed the bound together by one query each.
 */
final class WaitingClients {
  private final ConcurrentHashMap<InetAddress, Integer> waiting = new ConcurrentHashMap<>();
  private final int most;

  /**
   * Nobody waits yet.
   *
   * @param most for how many answers one client may wait
   */
  WaitingClients(int most) {
    this.most = most;
  }

  /** Whether a client waits for as many answers as it may. */
  boolean isFull(InetAddress client) {
    Integer own = client.isLoopbackAddress() ? null : waiting.get(client);
    return own != null && own >= most;
  }

  /** A client begins to wait for an answer. */
  void enter(InetAddress client) {
    if (!client.isLoopbackAddress()) {
      waiting.merge(client, 1, Integer::sum);
    }
  }

  /** A client waits no more for an answer that it has waited for. */
  void leave(InetAddress client) {
    if (!client.isLoopbackAddress()) {
      waiting.computeIfPresent(client, WaitingClients::oneLess);
    }
  }

  /** How many clients wait. */
  int clients() {
    return waiting.size();
  }

  private static @Nullable Integer oneLess(InetAddress client, Integer count) {
    return count == 1 ? null : count - 1;
  }
}
