package resolver.tests;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Message;
import resolver.fixtures.DnsClient;

/** Clients that ask at the same instant over UDP, once each. */
final class Crowd {
  /**
   * The daemon's answer takes 4.5 s at most, unless it is told otherwise. The rest is for a machine
   * with other things to do.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int UDP_SIZE = 1232;

  private Crowd() {}

  /** Asks for the addresses of names. What is missing was not answered. */
  static Map<String, Message> ask(InetSocketAddress server, List<String> names) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setReceiveBufferSize(1 << 20);
      socket.connect(server);
      for (int i = 0; i < names.size(); i++) {
        Message query = DnsClient.query(names.get(i), "A", UDP_SIZE, 0);
        query.getHeader().setID(i);
        byte[] octets = query.toWire();
        socket.send(new DatagramPacket(octets, octets.length));
      }
      return answers(socket, names, System.nanoTime() + PATIENCE.toNanos());
    }
  }

  private static Map<String, Message> answers(DatagramSocket socket, List<String> names, long end)
      throws IOException {
    Map<String, Message> answers = new LinkedHashMap<>();
    while (answers.size() < names.size()) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return answers;
      }
      socket.setSoTimeout((int) left);
      try {
        Message answer = DnsClient.parse(DnsClient.receive(socket));
        answers.put(names.get(answer.getHeader().getID()), answer);
      } catch (SocketTimeoutException e) {
        return answers;
      }
    }
    return answers;
  }
}
