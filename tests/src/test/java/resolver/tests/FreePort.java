package resolver.tests;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for processes that have to be told theirs. */
final class FreePort {
  /** Below the ports that the kernel gives to whoever does not mind, ip_local_port_range. */
  private static final int FROM = 10_000;

  private static final int TO = 32_000;

  private FreePort() {}

  /** A port that is free on these addresses for UDP and TCP. */
  static int on(String... addresses) throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FROM, TO);
      if (free(port, addresses)) {
        return port;
      }
    }
    throw new AssertionError("no free port from " + FROM + " to " + TO);
  }

  /** Whether this machine has an address, such as ::1. */
  static boolean has(String address) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean free(int port, String... addresses) throws IOException {
    for (String address : addresses) {
      InetAddress where = InetAddress.getByName(address);
      try (ServerSocket tcp = new ServerSocket(port, 1, where);
          DatagramSocket udp = new DatagramSocket(port, where)) {
        if (!tcp.isBound() || !udp.isBound()) {
          return false;
        }
      } catch (BindException e) {
        return false;
      }
    }
    return true;
  }
}
