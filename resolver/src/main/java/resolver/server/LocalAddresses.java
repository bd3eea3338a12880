package resolver.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The addresses of this machine. */
public final class LocalAddresses {
  private LocalAddresses() {}

  /**
   * Replaces each wildcard by every address of its family, so that each has a socket of its own and
   * a response leaves from the address that was asked (RFC 5625 section 6.1).
   */
  public static List<InetSocketAddress> expand(List<InetSocketAddress> listen) {
    boolean any = listen.stream().anyMatch(each -> each.getAddress().isAnyLocalAddress());
    return expand(listen, any ? all() : List.of());
  }

  /** The same on a machine that has these addresses. */
  static List<InetSocketAddress> expand(List<InetSocketAddress> listen, List<InetAddress> machine) {
    Set<InetSocketAddress> all = new LinkedHashSet<>();
    for (InetSocketAddress address : listen) {
      if (!address.getAddress().isAnyLocalAddress()) {
        all.add(address);
        continue;
      }
      Class<? extends InetAddress> family = address.getAddress().getClass();
      for (InetAddress own : machine) {
        if (family.isInstance(own)) {
          all.add(new InetSocketAddress(own, address.getPort()));
        }
      }
    }
    return List.copyOf(all);
  }

  /** All of them, on interfaces that are up; loopback alone while the system does not tell. */
  public static List<InetAddress> all() {
    return known().orElseGet(() -> List.of(InetAddress.getLoopbackAddress()));
  }

  /** The same; empty while the system does not tell, as without a free file descriptor. */
  public static Optional<List<InetAddress>> known() {
    List<InetAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (isUp(each)) {
          each.inetAddresses().forEach(found::add);
        }
      }
    } catch (SocketException e) {
      return Optional.empty();
    }
    return Optional.of(found);
  }

  /** One that has gone meanwhile is not up; of any other it is unknown. */
  private static boolean isUp(NetworkInterface candidate) throws SocketException {
    try {
      return candidate.isUp();
    } catch (SocketException e) {
      if (NetworkInterface.getByName(candidate.getName()) == null) {
        return false;
      }
      throw e;
    }
  }
}
