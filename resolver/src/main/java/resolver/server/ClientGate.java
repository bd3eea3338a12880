package resolver.server;

import java.net.InetAddress;
import java.util.List;
import resolver.settings.Network;

/** Judges who may ask. Any thread may call; a reload changes the list for all at once. */
public final class ClientGate {
  private volatile List<Network> allowed;

  /** A gate open to clients of these networks. */
  public ClientGate(List<Network> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Opens to these networks from now on, and to no others. */
  public void allow(List<Network> networks) {
    allowed = List.copyOf(networks);
  }

  /** Whether a client may ask. */
  boolean allows(InetAddress client) {
    for (Network network : allowed) {
      if (network.contains(client)) {
        return true;
      }
    }
    return false;
  }
}
