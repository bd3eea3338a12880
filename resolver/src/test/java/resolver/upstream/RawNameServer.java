package resolver.upstream;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import resolver.settings.Addresses;

/** A name server that sends whatever octets a test makes of a query, be they DNS or not. */
final class RawNameServer implements AutoCloseable {
  /** What is done with a TCP connection. */
  interface Talk {
    void with(Socket socket) throws IOException;
  }

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Function<byte[], List<byte[]>> datagrams;
  private final Talk talk;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Closeable> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  /**
   * Starts one on a free port of 127.0.0.1.
   *
   * @param datagrams what is sent back for each query over UDP
   * @param talk what is done with each connection, which is closed afterwards
   */
  RawNameServer(Function<byte[], List<byte[]>> datagrams, Talk talk) {
    Ports ports = Ports.bind();
    this.udp = ports.udp;
    this.tcp = ports.tcp;
    this.datagrams = datagrams;
    this.talk = talk;
    threads.execute(this::answer);
    threads.execute(this::accept);
  }

  /** One port that is free for both transports. */
  private record Ports(DatagramSocket udp, ServerSocket tcp) {
    static Ports bind() {
      for (int tries = 50; ; tries--) {
        try {
          ServerSocket tcp = new ServerSocket(0, 50, Addresses.parse("127.0.0.1", 0).getAddress());
          try {
            DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), tcp.getInetAddress());
            udp.setReceiveBufferSize(4 << 20);
            return new Ports(udp, tcp);
          } catch (BindException e) {
            tcp.close();
            if (tries == 1) {
              throw e;
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) udp.getLocalSocketAddress();
  }

  /** How many TCP connections were accepted. */
  int accepted() {
    return accepted.get();
  }

  /** The response to a query that says nothing but that it was truncated. */
  static List<byte[]> truncated(byte[] query) {
    byte[] reply = response(query);
    reply[2] |= 2;
    return List.of(reply);
  }

  /** A response without records, which repeats header and question. */
  static byte[] response(byte[] query) {
    int end = 12;
    while (query[end] != 0) {
      end += 1 + query[end];
    }
    byte[] reply = Arrays.copyOf(query, end + 5);
    reply[2] |= (byte) 0x80;
    reply[11] = 0;
    return reply;
  }

  /** A response with an address. */
  static byte[] answer(byte[] query) {
    byte[] bare = response(query);
    byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 1};
    byte[] reply = Arrays.copyOf(bare, bare.length + record.length);
    System.arraycopy(record, 0, reply, bare.length, record.length);
    reply[7] = 1;
    return reply;
  }

  /** Reads one query from a connection. */
  static byte[] read(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] query = new byte[in.readUnsignedShort()];
    in.readFully(query);
    return query;
  }

  @Override
  public void close() {
    udp.close();
    threads.shutdownNow();
    try {
      tcp.close();
      for (Closeable connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer() {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    while (!udp.isClosed()) {
      try {
        packet.setLength(4096);
        udp.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        for (byte[] reply : datagrams.apply(query)) {
          udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // closed, or an ICMP error of an earlier reply
      }
    }
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        accepted.incrementAndGet();
        connections.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      talk.with(socket);
    } catch (IOException e) {
      // the resolver has hung up
    }
  }
}
