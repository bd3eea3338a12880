package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.daemon.Signals;

/**
 * A run of the daemon for Java to learn its classes from, and how they are used: starts it as a
 * unit file would, asks it some questions on loopback, which a name server in this process answers,
 * and then many at a time, and stops it. The launcher calls this, and has Java write the class data
 * when it ends.
 */
final class Training {
  private static final Pattern LISTENING = Pattern.compile("listening +127\\.0\\.0\\.1:(\\d+) ");
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int REPEATS = 20;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  private final DatagramSocket upstream = new DatagramSocket(0, loopback);

  private Training() throws IOException {}

  /**
   * Runs the daemon once, and ends the process with an exit code other than zero where it did not
   * serve.
   *
   * @param args the file that gets the checksums of the jars
   */
  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), ClassData.checksums(System.getProperty("java.class.path")));
    Path settings = Files.createTempFile("training", ".toml");
    settings.toFile().deleteOnExit();
    Training training = new Training();
    Files.writeString(
        settings,
        """
        [server]
        listen = ["127.0.0.1:0"]
        [cache]
        size = "64MiB"
        [upstream]
        servers = ["192.0.2.53"]
        """);
    System.setOut(new PrintStream(training.said, true, UTF_8));
    inBackground(training::serveUpstream);
    inBackground(training::ask);
    // Settings come from both, a file and flags.
    String server = "127.0.0.1:" + training.upstream.getLocalPort();
    Main.main(
        new String[] {
          "serve", "--config", settings.toString(), "--upstream", server, "--listen", "127.0.0.1:0"
        });
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void ask() throws Exception {
    InetSocketAddress daemon = new InetSocketAddress(loopback, awaitPort());
    try (DatagramSocket udp = new DatagramSocket();
        Socket tcp = new Socket(loopback, daemon.getPort())) {
      udp.setSoTimeout(PATIENCE_MILLIS);
      tcp.setSoTimeout(PATIENCE_MILLIS);
      udp.connect(daemon);
      for (int i = 0; i < REPEATS; i++) {
        overUdp(udp, question("a.example.org.", Type.A, i % 2 == 0));
        overUdp(udp, question("none.example.org.", Type.AAAA, i % 2 == 0));
        overUdp(udp, question("localhost.", Type.A, false));
        overUdp(udp, question(i + ".example.org.", Type.A, true));
        overTcp(tcp, question("a.example.org.", Type.A, true));
        overTcp(tcp, question(i + ".example.net.", Type.HTTPS, true));
      }
    }
    TrainingLoad.run(daemon);
    Signals.raise("TERM");
  }

  /** The port is told after all sockets are open. */
  private int awaitPort() throws InterruptedException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += 10) {
      String text = said.toString(UTF_8);
      Matcher line = LISTENING.matcher(text);
      if (text.contains("ready") && line.find()) {
        return Integer.parseInt(line.group(1));
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("the daemon is not ready: " + said.toString(UTF_8));
  }

  static byte[] question(String name, int type, boolean edns) throws IOException {
    Message query = Message.newQuery(Record.newRecord(new Name(name), type, DClass.IN));
    if (edns) {
      query.addRecord(
          new OPTRecord(1232, 0, 0, 0, new CookieOption(new byte[8])), Section.ADDITIONAL);
    }
    return query.toWire();
  }

  private static void overUdp(DatagramSocket udp, byte[] query) throws IOException {
    udp.send(new DatagramPacket(query, query.length));
    udp.receive(new DatagramPacket(new byte[4096], 4096));
  }

  private static void overTcp(Socket tcp, byte[] query) throws IOException {
    DataOutputStream out = new DataOutputStream(tcp.getOutputStream());
    out.writeShort(query.length);
    out.write(query);
    DataInputStream in = new DataInputStream(tcp.getInputStream());
    in.readFully(new byte[in.readUnsignedShort()]);
  }

  /** Knows one address for all names but those that begin with "none", which do not exist. */
  private void serveUpstream() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    while (true) {
      packet.setLength(4096);
      upstream.receive(packet);
      Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
      Record question = query.getQuestion();
      Message reply = new Message(query.getHeader().getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.getHeader().setFlag(Flags.RA);
      reply.addRecord(question, Section.QUESTION);
      if (question.getName().toString().startsWith("none")) {
        reply.getHeader().setRcode(Rcode.NXDOMAIN);
      } else if (question.getType() == Type.A) {
        reply.addRecord(
            new ARecord(
                question.getName(),
                DClass.IN,
                300,
                InetAddress.getByAddress(new byte[] {-64, 0, 2, 1})),
            Section.ANSWER);
      }
      byte[] octets = reply.toWire();
      upstream.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
    }
  }
}
