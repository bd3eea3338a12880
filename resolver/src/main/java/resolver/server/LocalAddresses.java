package resolver.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses of this machine. */
public final class LocalAddresses {
  private LocalAddresses() {}

  /**
   * Replaces each wildcard by every address of its family, so that each has a socket of its own and
   * a response leaves from the address that was asked (RFC 5625 section 6.1).
   */
  public static List<InetSocketAddress> expand(List<InetSocketAddress> listen) {
    Set<InetSocketAddress> all = new LinkedHashSet<>();
    for (InetSocketAddress address : listen) {
      if (!address.getAddress().isAnyLocalAddress()) {
        all.add(address);
        continue;
      }
      Class<? extends InetAddress> family = address.getAddress().getClass();
      for (InetAddress own : all()) {
        if (family.isInstance(own)) {
          all.add(new InetSocketAddress(own, address.getPort()));
        }
      }
    }
    return List.copyOf(all);
  }

  /** All of them, on interfaces that are up. */
  public static List<InetAddress> all() {
    List<InetAddress> found = new ArrayList<>();
    try {
      NetworkInterface.networkInterfaces()
          .filter(LocalAddresses::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(found::add);
    } catch (SocketException e) {
      found.add(InetAddress.getLoopbackAddress());
    }
    return found;
  }

  private static boolean isUp(NetworkInterface candidate) {
    try {
      return candidate.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}
