package resolver.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;

/** How a client asks: the transport, what it says by EDNS, and the flags it sets. */
enum Way {
  PLAIN(Transport.UDP, 0),
  EDNS_512(Transport.UDP, 512),
  EDNS_1232(Transport.UDP, 1232),
  EDNS_4096(Transport.UDP, 4096),
  AD(Transport.UDP, 0, Flag.AD),
  CD(Transport.UDP, 0, Flag.CD),
  DO_512(Transport.UDP, 512, Flag.DO),
  DO_1232(Transport.UDP, 1232, Flag.DO),
  DO_4096(Transport.UDP, 4096, Flag.DO),
  CD_DO(Transport.UDP, 1232, Flag.CD, Flag.DO),
  TCP(Transport.TCP, 0),
  TCP_EDNS(Transport.TCP, 1232),
  TCP_DO(Transport.TCP, 1232, Flag.DO),
  TCP_CD_DO(Transport.TCP, 512, Flag.CD, Flag.DO);

  private enum Transport {
    UDP,
    TCP
  }

  private enum Flag {
    AD,
    CD,
    DO
  }

  private final Transport transport;
  private final int udpSize;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable.
  private final Set<Flag> flags;

  /**
   * A way.
   *
   * @param udpSize what EDNS says of it, in octets, or 0 where the client knows no EDNS
   */
  Way(Transport transport, int udpSize, Flag... flags) {
    this.transport = transport;
    this.udpSize = udpSize;
    this.flags = Set.of(flags);
  }

  /** The label under which this way has zones of its own. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it sets CD, which makes another question of it. */
  boolean checkingDisabled() {
    return flags.contains(Flag.CD);
  }

  /** Asks a server. */
  Heard ask(InetSocketAddress server, Asked question) {
    Message query = Message.newQuery(Record.newRecord(question.name(), question.type(), 1));
    if (flags.contains(Flag.AD)) {
      query.getHeader().setFlag(Flags.AD);
    }
    if (flags.contains(Flag.CD)) {
      query.getHeader().setFlag(Flags.CD);
    }
    if (udpSize > 0) {
      int ednsFlags = flags.contains(Flag.DO) ? ExtendedFlags.DO : 0;
      query.addRecord(new OPTRecord(udpSize, 0, 0, ednsFlags), Section.ADDITIONAL);
    }
    byte[] octets = query.toWire();
    DnsClient client = new DnsClient(server);
    long asked = System.nanoTime();
    byte[] reply = transport == Transport.UDP ? client.udp(octets) : tcp(client, octets);
    return new Heard(Reply.of(reply), asked, System.nanoTime());
  }

  private static byte[] tcp(DnsClient client, byte[] query) {
    try (Socket socket = client.connect()) {
      socket.getOutputStream().write(DnsClient.frame(query));
      return DnsClient.readFrame(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("no response over TCP", e);
    }
  }
}
