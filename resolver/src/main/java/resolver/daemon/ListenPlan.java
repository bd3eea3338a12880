package resolver.daemon;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
   * passed sockets they are left out, and so is ::1 on a machine without IPv6.
   */
  List<InetSocketAddress> toOpen(List<InetSocketAddress> listen) {
    if (!isDefault(listen)) {
      return listen;
    }
    if (!passed.isEmpty()) {
      return List.of();
    }
    List<InetSocketAddress> missing = missing(listen);
    List<InetSocketAddress> there = new ArrayList<>(listen);
    there.removeAll(missing);
    return there.isEmpty() ? listen : there;
  }

  private static boolean isDefault(List<InetSocketAddress> listen) {
    return listen.equals(ServerSettings.DEFAULTS.listen());
  }

  private static List<InetSocketAddress> missing(List<InetSocketAddress> listen) {
    List<InetAddress> own = LocalAddresses.all();
    return listen.stream().filter(address -> !own.contains(address.getAddress())).toList();
  }

  /**
   * What a person should know of it, a line each.
   *
   * @param listen by the settings
   * @param loops how many event loops there are
   */
  List<String> notes(List<InetSocketAddress> listen, int loops) {
    List<String> notes = new ArrayList<>();
    if (isDefault(listen) && passed.isEmpty()) {
      for (InetSocketAddress address : missing(listen)) {
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
