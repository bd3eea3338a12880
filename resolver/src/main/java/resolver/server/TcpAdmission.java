package resolver.server;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open TCP connections, in all and for each client, and says when there are too many.
 * Loopback is bound by the whole alone, for all clients of this machine share it. Any thread may
 * call; a connection is opened and closed rarely enough for one lock.
 */
public final class TcpAdmission {
  private final int most;
  private final int mostForOne;
  private final Map<InetAddress, Integer> open = new HashMap<>();
  private int all;

  /**
   * None is open yet.
   *
   * @param most how many may be open, of all clients together
   * @param mostForOne how many of one address that is not loopback
   */
  public TcpAdmission(int most, int mostForOne) {
    this.most = most;
    this.mostForOne = mostForOne;
  }

  /**
   * Admits a connection until it is closed.
   *
   * @return its client, or null where it is refused: then it is for the caller to close it
   */
  public @Nullable InetSocketAddress admit(Channel channel) {
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetAddress client = peer == null ? null : peer.getAddress();
    if (client == null || !enter(client)) {
      return null;
    }
    channel.closeFuture().addListener(closed -> leave(client));
    return peer;
  }

  /** Admits a connection, which must be left later; a refused one must not. */
  synchronized boolean enter(InetAddress client) {
    int own = open.getOrDefault(client, 0);
    if (all >= most || (own >= mostForOne && !client.isLoopbackAddress())) {
      return false;
    }
    all++;
    open.put(client, own + 1);
    return true;
  }

  /** A connection that was admitted is closed. */
  synchronized void leave(InetAddress client) {
    all--;
    open.computeIfPresent(client, (c, count) -> count == 1 ? null : count - 1);
  }

  /** How many are open. */
  synchronized int count() {
    return all;
  }
}
