package resolver.daemon;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import resolver.query.Transport;
import resolver.server.CannotListen;
import resolver.server.LocalAddresses;
import resolver.server.PassedSocket;
import resolver.server.PassedSockets;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;

/** Where a daemon listens, by its settings and by the sockets that were passed to it. */
record ListenPlan(List<PassedSocket> passed) {
  private static final InetAddress LOOPBACK_OF_IPV6 = Addresses.parse("::1", 0).getAddress();

  /**
   * The plan of this process.
   *
   * @param environment where it is told of passed sockets
   * @throws StartException where one of them will not do
   */
  static ListenPlan of(Map<String, String> environment) throws StartException {
    if (!environment.containsKey("LISTEN_FDS")) {
      return new ListenPlan(List.of());
    }
    try {
      return new ListenPlan(PassedSockets.of(environment, ProcessHandle.current().pid()));
    } catch (CannotListen e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /** All that is listened on, as far as it is known before. */
  List<InetSocketAddress> addresses(List<InetSocketAddress> listen) {
    Set<InetSocketAddress> all = new LinkedHashSet<>();
    passed.forEach(socket -> all.add(socket.address()));
    all.addAll(LocalAddresses.expand(toOpen(listen)));
    return List.copyOf(all);
  }

  /**
   * What is to be opened beside the passed sockets. The default addresses are nobody's wish: with
   * passed sockets they are left out. So is what is {@link #dispensable}.
   */
  List<InetSocketAddress> toOpen(List<InetSocketAddress> listen) {
    return toOpen(listen, LocalAddresses.known());
  }

  /** The same on a machine with these addresses; empty where it does not tell them. */
  List<InetSocketAddress> toOpen(
      List<InetSocketAddress> listen, Optional<List<InetAddress>> machine) {
    if (isDefault(listen) && !passed.isEmpty()) {
      return List.of();
    }
    List<InetSocketAddress> there = new ArrayList<>(listen);
    there.removeAll(dispensable(listen, machine));
    return there;
  }

  private static boolean isDefault(List<InetSocketAddress> listen) {
    return listen.equals(ServerSettings.DEFAULTS.listen());
  }

  /**
   * Where a machine has no ::1, as without IPv6, that address is of no use to anybody if loopback
   * of IPv4 is listened on, too, with the same port. Any other that is missing is missed.
   */
  private static List<InetSocketAddress> dispensable(
      List<InetSocketAddress> listen, Optional<List<InetAddress>> machine) {
    if (machine.isEmpty() || machine.get().contains(LOOPBACK_OF_IPV6)) {
      return List.of();
    }
    return listen.stream()
        .filter(each -> each.getAddress().equals(LOOPBACK_OF_IPV6))
        .filter(each -> listen.stream().anyMatch(other -> standsInFor(each, other)))
        .toList();
  }

  private static boolean standsInFor(InetSocketAddress address, InetSocketAddress other) {
    return other.getAddress() instanceof Inet4Address
        && other.getAddress().isLoopbackAddress()
        && other.getPort() == address.getPort();
  }

  /**
   * What a person should know of it, a line each.
   *
   * @param listen by the settings
   * @param loops how many event loops there are
   */
  List<String> notes(List<InetSocketAddress> listen, int loops) {
    List<String> notes = new ArrayList<>();
    if (!isDefault(listen) || passed.isEmpty()) {
      for (InetSocketAddress address : dispensable(listen, LocalAddresses.known())) {
        notes.add("left out   " + Addresses.format(address) + ": this machine has no such address");
      }
    }
    long udp = passed.stream().filter(socket -> socket.transport() == Transport.UDP).count();
    if (udp > 0 && udp < loops) {
      notes.add(
          "passed     fewer UDP sockets than event loops ("
              + loops
              + "): with ReusePort=yes repeat the line ListenDatagram= for each");
    }
    return notes;
  }
}
