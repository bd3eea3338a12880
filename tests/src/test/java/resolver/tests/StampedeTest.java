package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;

/** A crowd asks for one name that nobody has asked for before. */
class StampedeTest {
  private static final int ASKERS = 1_000;

  /** So many at a time, lest the kernel's receive queue overflow. */
  private static final int GROUP = 50;

  private static final int PATIENCE_MILLIS = 20_000;
  private static final String NAME = "cold.example.org.";

  @TempDir Path directory;

  /** Somebody with a socket of his own, who spells the name in his own way. */
  private interface Asker extends AutoCloseable {
    void send(byte[] query) throws IOException;

    byte[] receive() throws IOException;

    @Override
    void close() throws IOException;
  }

  @Test
  void aThousandWhoAskAtOnceMakeOneQueryAndEachGetsTheAnswer() throws Exception {
    CountDownLatch allHaveAsked = new CountDownLatch(1);
    List<Asker> askers = new ArrayList<>();
    List<Message> queries = new ArrayList<>();
    Random random = new Random(4711);
    try (StubNameServer stub = StubNameServer.start();
        Serve serve =
            Serve.in(directory)
                .settings(
                    "server.client-deadline = '1m'",
                    "lookup.deadline = '1m'",
                    "upstream.try-timeout = '10s'",
                    "upstream.least-try-timeout = '10s'")
                .upstream(stub.address())
                .start()) {
      stub.on(NAME, "A")
          .gatedBy(allHaveAsked)
          .answers(NAME + " 300 IN A 192.0.2.2", NAME + " 300 IN A 192.0.2.1");
      for (int i = 0; i < ASKERS; i++) {
        askers.add(i % 2 == 0 ? udp(serve) : tcp(serve));
        queries.add(DnsClient.query(spelling(random), "A"));
      }

      for (int from = 0; from < ASKERS; from += GROUP) {
        ask(askers.subList(from, from + GROUP), queries.subList(from, from + GROUP));
      }
      assertThat(stub.count()).as("queries upstream while all wait").isEqualTo(1);
      allHaveAsked.countDown();

      for (int i = 0; i < ASKERS; i++) {
        Message answer = DnsClient.parse(askers.get(i).receive());
        Message query = queries.get(i);
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getQuestion().getName().toString())
            .as("the name as this client spelt it")
            .isEqualTo(query.getQuestion().getName().toString());
        assertThat(answer.getSection(Section.ANSWER))
            .extracting(record -> record.rdataToString())
            .containsExactly("192.0.2.2", "192.0.2.1");
      }
      assertThat(stub.count()).as("queries upstream in all").isEqualTo(1);
    } finally {
      for (Asker asker : askers) {
        asker.close();
      }
    }
  }

  /**
   * Asks, and returns when the daemon has heard all. The question behind each is answered at once,
   * without an upstream (RFC 8482); what came before it on the same socket was read by then.
   */
  private static void ask(List<Asker> askers, List<Message> queries) throws IOException {
    Message marker = DnsClient.query("marker.example.org.", "ANY");
    for (int i = 0; i < askers.size(); i++) {
      askers.get(i).send(queries.get(i).toWire());
      askers.get(i).send(marker.toWire());
    }
    for (Asker asker : askers) {
      Message reply = DnsClient.parse(asker.receive());
      assertThat(reply.getHeader().getID()).isEqualTo(marker.getHeader().getID());
    }
  }

  private static String spelling(Random random) {
    StringBuilder spelling = new StringBuilder(NAME);
    for (int i = 0; i < spelling.length(); i++) {
      if (random.nextBoolean()) {
        spelling.setCharAt(i, Character.toUpperCase(spelling.charAt(i)));
      }
    }
    return spelling.toString();
  }

  private static Asker udp(Serve serve) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(serve.address());
    return new Asker() {
      @Override
      public void send(byte[] query) throws IOException {
        socket.send(new DatagramPacket(query, query.length));
      }

      @Override
      public byte[] receive() throws IOException {
        return DnsClient.receive(socket);
      }

      @Override
      public void close() {
        socket.close();
      }
    };
  }

  private static Asker tcp(Serve serve) throws IOException {
    Socket socket = serve.client().connect();
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new Asker() {
      @Override
      public void send(byte[] query) throws IOException {
        socket.getOutputStream().write(DnsClient.frame(query));
      }

      @Override
      public byte[] receive() throws IOException {
        return DnsClient.readFrame(socket);
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }
}
