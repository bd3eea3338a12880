package resolver.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.xbill.DNS.Type;

/**
 * Many questions at a time over UDP, new ones and known ones. From JDK 25 on, class data tell what
 * the methods of a busy daemon do (JEP 515), so that the next one compiles them rightly, and soon.
 */
final class TrainingLoad {
  private static final int BATCHES = 500;
  private static final int BATCH = 40;

  /** How often a batch is asked: once it is new, and then known. */
  private static final int ASKED = 3;

  /** Where the digits of a name stand: behind the header and the length of the first label. */
  private static final int DIGITS_AT = 13;

  private TrainingLoad() {}

  static void run(InetSocketAddress daemon) throws IOException {
    byte[][] queries = {
      Training.question("00000.example.org.", Type.A, true),
      Training.question("00000.example.net.", Type.A, false),
      Training.question("00000.example.com.", Type.A, true),
    };
    DatagramPacket response = new DatagramPacket(new byte[4096], 4096);
    try (DatagramSocket udp = new DatagramSocket()) {
      // A lost packet is no reason to give up.
      udp.setSoTimeout(200);
      udp.connect(daemon);
      for (int batch = 0; batch < BATCHES; batch++) {
        for (int asked = 0; asked < ASKED; asked++) {
          send(udp, queries, batch * BATCH);
          receive(udp, response);
        }
      }
    }
  }

  private static void send(DatagramSocket udp, byte[][] queries, int first) throws IOException {
    for (int i = first; i < first + BATCH; i++) {
      byte[] query = queries[i % queries.length];
      byte[] digits = Integer.toString(100_000 + i).getBytes(US_ASCII);
      System.arraycopy(digits, 1, query, DIGITS_AT, digits.length - 1);
      udp.send(new DatagramPacket(query, query.length));
    }
  }

  private static void receive(DatagramSocket udp, DatagramPacket response) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      try {
        response.setLength(4096);
        udp.receive(response);
      } catch (SocketTimeoutException lost) {
        return;
      }
    }
  }
}
