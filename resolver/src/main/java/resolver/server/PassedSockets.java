package resolver.server;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resolver.net.OpenSocket;
import resolver.query.Transport;
import resolver.settings.Addresses;

/**
 * The sockets that systemd, or whoever else starts this process, passes to it, by the protocol of
 * sd_listen_fds(3): their number stands in {@code LISTEN_FDS}, they are numbered from 3 on, and
 * {@code LISTEN_PID} tells whom they are for, so that a child of this process takes none of them
 * for its own. Names and order mean nothing: each tells itself what it is.
 */
public final class PassedSockets {
  private static final int FIRST = 3;
  private static final int MOST = 4096;

  private PassedSockets() {}

  /**
   * All of them, looked at; empty where none were passed.
   *
   * @param environment where the variables are looked up
   * @param pid this process
   * @throws CannotListen where one of them will not do; the message says how to put it right
   */
  public static List<PassedSocket> of(Map<String, String> environment, long pid)
      throws CannotListen {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    if (count.isEmpty() || !environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid))) {
      return List.of();
    }
    if (!Epoll.isAvailable()) {
      throw new CannotListen(
          "cannot take over passed sockets: the native transport (epoll) does not load here; let"
              + " the service open its own by server.listen, and disable the socket unit");
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    List<PassedSocket> all = new ArrayList<>();
    int end = FIRST + number(count);
    for (int descriptor = FIRST; descriptor < end; descriptor++) {
      int index = descriptor - FIRST;
      String name = index < names.length && !names[index].isEmpty() ? names[index] : "unnamed";
      all.add(look(descriptor, "passed socket " + descriptor + " (" + name + ")"));
    }
    return List.copyOf(all);
  }

  private static int number(String count) throws CannotListen {
    try {
      int number = Integer.parseInt(count);
      if (number >= 0 && number <= MOST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new CannotListen("LISTEN_FDS: " + count + " (expected: 0 to " + MOST + ")");
  }

  private static PassedSocket look(int descriptor, String what) throws CannotListen {
    OpenSocket socket;
    try {
      socket = OpenSocket.of(descriptor);
    } catch (IOException e) {
      throw new CannotListen(
          what
              + ": "
              + e.getMessage()
              + "; the socket unit may have ListenDatagram= and ListenStream= with an address and a"
              + " port");
    }
    String where = what + " of " + Addresses.format(socket.local());
    if (socket.blocking()) {
      throw new CannotListen(
          where
              + " blocks, and would stop an event loop: set NonBlocking=yes in the [Service]"
              + " section of the unit");
    }
    if (socket.stream() && !socket.listening()) {
      throw new CannotListen(
          where + " is a connection, and no listener: set Accept=no in the socket unit");
    }
    if (!socket.stream() && socket.local().getPort() == 0) {
      throw new CannotListen(where + " is not bound: give ListenDatagram= an address and a port");
    }
    if (!socket.stream() && socket.local().getAddress().isAnyLocalAddress()) {
      throw new CannotListen(
          where
              + " takes what comes for every address, and its answers could leave from another one"
              + " than was asked: give each address a line of its own, as in ListenDatagram="
              + "127.0.0.1:"
              + socket.local().getPort());
    }
    Transport transport = socket.stream() ? Transport.TCP : Transport.UDP;
    return new PassedSocket(descriptor, transport, socket.local());
  }
}
