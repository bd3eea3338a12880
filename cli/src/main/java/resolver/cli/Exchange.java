package resolver.cli;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;
import resolver.settings.Words;

/**
 * One query to one server, on the thread that asks: over UDP, sent again when nothing comes, then
 * over TCP where the response is truncated; or over TCP alone.
 *
 * <p>The socket is connected, so that the kernel drops what others send and reports that no program
 * listens; what does not belong to the query is passed over.
 */
final class Exchange {
  /** When a query is sent over UDP, in fifths of the time-out. */
  private static final int[] SEND_AT = {0, 1, 3};

  private final InetSocketAddress server;
  private final Message query;
  private final byte[] octets;
  private final Duration timeout;
  private final long start = System.nanoTime();
  private String passedOver = "";

  private Exchange(InetSocketAddress server, Message query, Duration timeout) {
    this.server = server;
    this.query = query;
    this.octets = query.toWire();
    this.timeout = timeout;
  }

  /**
   * Asks.
   *
   * @throws NoReplyException where no response came that can be used
   */
  static Reply.Received ask(
      InetSocketAddress server, Message query, boolean tcpOnly, Duration timeout)
      throws NoReplyException {
    Exchange exchange = new Exchange(server, query, timeout);
    if (tcpOnly) {
      return exchange.overTcp("TCP");
    }
    Reply.Received received = exchange.overUdp();
    return received.message().getHeader().getFlag(Flags.TC)
        ? exchange.overTcp("TCP after truncation")
        : received;
  }

  private Reply.Received overUdp() throws NoReplyException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      for (int i = 0; i < SEND_AT.length; i++) {
        socket.send(new DatagramPacket(octets, octets.length));
        boolean last = i == SEND_AT.length - 1;
        long until = last ? timeout.toNanos() : timeout.toNanos() / 5 * SEND_AT[i + 1];
        Reply.Received received = receive(socket, until);
        if (received != null) {
          return received;
        }
      }
    } catch (IOException e) {
      throw unreachable(e, "UDP");
    }
    throw silent("UDP");
  }

  private Reply.@Nullable Received receive(DatagramSocket socket, long untilNanos)
      throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    while (true) {
      long left = left(untilNanos);
      if (left <= 0) {
        return null;
      }
      socket.setSoTimeout((int) left);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return null;
      }
      long nanos = System.nanoTime() - start;
      byte[] response = Arrays.copyOf(packet.getData(), packet.getLength());
      String whyNot = "";
      try {
        Message message = new Message(response);
        whyNot = whyNotOurs(message);
        if (whyNot.isEmpty()) {
          return new Reply.Received(message, response.length, "UDP", nanos);
        }
      } catch (IOException | RuntimeException e) {
        whyNot = "it is no DNS message";
      }
      passedOver = "a datagram of " + response.length + " octets was passed over, for " + whyNot;
    }
  }

  private Reply.Received overTcp(String transport) throws NoReplyException {
    try (Socket socket = new Socket()) {
      socket.connect(server, (int) Math.max(1, left(timeout.toNanos())));
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] framed = new byte[octets.length + 2];
      framed[0] = (byte) (octets.length >> 8);
      framed[1] = (byte) octets.length;
      System.arraycopy(octets, 0, framed, 2, octets.length);
      out.write(framed);
      byte[] length = read(socket, 2);
      byte[] response = read(socket, (length[0] & 0xff) << 8 | (length[1] & 0xff));
      long nanos = System.nanoTime() - start;
      Message message = new Message(response);
      String whyNot = whyNotOurs(message);
      if (!whyNot.isEmpty()) {
        throw new NoReplyException("a response over TCP cannot be used, for " + whyNot, false);
      }
      return new Reply.Received(message, response.length, transport, nanos);
    } catch (SocketTimeoutException e) {
      throw silent(transport);
    } catch (WireParseException | RuntimeException e) {
      throw new NoReplyException("a response over TCP is no DNS message", false);
    } catch (IOException e) {
      throw unreachable(e, transport);
    }
  }

  private byte[] read(Socket socket, int length) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] read = new byte[length];
    for (int at = 0; at < length; ) {
      long left = left(timeout.toNanos());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) left);
      int more = in.read(read, at, length - at);
      if (more < 0) {
        throw new EOFException("it closed the connection");
      }
      at += more;
    }
    return read;
  }

  /** Empty where the message is the response to the query (RFC 5452 section 9.1). */
  private String whyNotOurs(Message message) {
    if (message.getHeader().getID() != query.getHeader().getID()) {
      return "its ID is not that of the query";
    }
    if (!message.getHeader().getFlag(Flags.QR)) {
      return "it is a query";
    }
    Record asked = query.getQuestion();
    Record told = message.getQuestion();
    // A server that did not understand the query cannot repeat its question.
    boolean same = told == null ? message.getSection(Section.ANSWER).isEmpty() : told.equals(asked);
    return same ? "" : "its question is another one";
  }

  private long left(long untilNanos) {
    long left = untilNanos - (System.nanoTime() - start);
    return left <= 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
  }

  private NoReplyException silent(String transport) {
    String also = passedOver.isEmpty() ? "" : " (" + passedOver + ")";
    return new NoReplyException(
        "silent for " + Words.duration(timeout) + " over " + transport + also, false);
  }

  private static NoReplyException unreachable(IOException e, String transport) {
    if (e instanceof NoReplyException already) {
      return already;
    }
    boolean refused = e instanceof PortUnreachableException || e instanceof ConnectException;
    boolean nowhere = e instanceof NoRouteToHostException || e instanceof BindException;
    return new NoReplyException(
        refused ? "nothing listens there over " + transport : e.getMessage() + " over " + transport,
        refused || nowhere);
  }
}
