package resolver.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.cli.doctor.Prober.Probed;
import resolver.upstream.Server;

/**
 * Asks every server over each of its transports: for the servers of the root, which is little, and
 * for the root's keys with their signatures, which fills the largest datagram that is asked for.
 */
final class UpstreamCheck {
  private static final String TOPIC = "reach";
  private static final String FIREWALL = "Let it through the firewall, or name another server";

  private final Prober prober;
  private final int udpSize;
  private final List<Message> signed = new ArrayList<>();

  /**
   * A check.
   *
   * @param udpSize the largest datagram that is asked for
   */
  UpstreamCheck(Prober prober, int udpSize) {
    this.prober = prober;
    this.udpSize = udpSize;
  }

  /** The large responses that came. */
  List<Message> signed() {
    return signed;
  }

  /** Asks all servers. */
  List<Finding> look(List<Server> servers) {
    List<Finding> findings = new ArrayList<>();
    int reached = 0;
    for (Server server : servers) {
      reached += server.isEncrypted() ? encrypted(server, findings) : plain(server, findings);
    }
    if (reached == 0 && !servers.isEmpty()) {
      findings.add(
          Finding.fail(
              TOPIC, "no server responds", "Look at the network, then at upstream.servers"));
    }
    return findings;
  }

  private int encrypted(Server server, List<Finding> findings) {
    Probed probed = prober.encrypted(server, query(Type.DNSKEY));
    keep(probed);
    return tell(server, server.protocol().toString(), probed, findings) ? 1 : 0;
  }

  private int plain(Server server, List<Finding> findings) {
    boolean udp = tell(server, "UDP", prober.udp(server, query(Type.NS)), findings);
    boolean tcp = tell(server, "TCP", prober.tcp(server, query(Type.NS)), findings);
    if (udp) {
      lookAtSize(server, findings);
    }
    return udp || tcp ? 1 : 0;
  }

  private void lookAtSize(Server server, List<Finding> findings) {
    Probed large = prober.udp(server, query(Type.DNSKEY));
    keep(large);
    if (large.response() == null) {
      boolean cut = large.problem().contains("TCP");
      findings.add(
          Finding.warn(
              "size",
              server
                  + ": a small response comes over UDP, a large one does not: "
                  + large.problem(),
              cut ? "Let TCP, port 53, through the firewall" : "Set upstream.udp-size = 512"));
      return;
    }
    findings.add(
        Finding.ok("size", server + ": " + large.octets() + " octets came over " + large.how()));
  }

  private void keep(Probed probed) {
    if (probed.response() != null) {
      signed.add(probed.response());
    }
  }

  private static boolean tell(
      Server server, String transport, Probed probed, List<Finding> findings) {
    Message response = probed.response();
    if (response == null) {
      findings.add(
          Finding.warn(TOPIC, server + " over " + transport + ": " + probed.problem(), FIREWALL));
      return false;
    }
    String text = server + " over " + transport + ": " + probed.millis() + " ms";
    int rcode = response.getRcode();
    findings.add(
        rcode == Rcode.NOERROR
            ? Finding.ok(TOPIC, text)
            : Finding.warn(
                TOPIC,
                text + ", but it answers " + Rcode.string(rcode),
                "Does it serve this machine? Else name another server in upstream.servers"));
    return true;
  }

  private Message query(int type) {
    Message query = Message.newQuery(Record.newRecord(Name.root, type, DClass.IN));
    int flags = type == Type.DNSKEY ? ExtendedFlags.DO : 0;
    query.addRecord(new OPTRecord(udpSize, 0, 0, flags), Section.ADDITIONAL);
    return query;
  }
}
