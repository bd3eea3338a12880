package resolver.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBRecord;
import resolver.upstream.Server.Protocol;

/**
 * The encrypted servers that a plain one names in its place (RFC 9462, RFC 9461). They must prove
 * that they are also for the address of the plain one.
 */
final class Designations {
  /** The name that is asked, for SVCB records. */
  static final String NAME = "_dns.resolver.arpa";

  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          SVCBBase.MANDATORY,
          SVCBBase.ALPN,
          SVCBBase.NO_DEFAULT_ALPN,
          SVCBBase.PORT,
          SVCBBase.IPV4HINT,
          SVCBBase.IPV6HINT,
          SVCBBase.DOHPATH);

  /** Whoever names more is served well enough by some. */
  static final int MOST = 8;

  private Designations() {}

  /**
   * The servers, the preferred one first; one for each address that is told, or one that is known
   * by name alone. No more than {@link #MOST}.
   */
  static List<Server> of(List<Record> records, InetAddress plain) {
    List<Server> servers = new ArrayList<>();
    records.stream()
        .filter(SVCBRecord.class::isInstance)
        .map(SVCBRecord.class::cast)
        .filter(record -> record.getSvcPriority() > 0 && isUnderstood(record))
        .sorted(Comparator.comparingInt(SVCBRecord::getSvcPriority))
        .forEach(record -> add(record, plain, servers));
    return servers.stream().distinct().limit(MOST).toList();
  }

  /** Whether a server may be at an address, if the one that names it is at the other. */
  static boolean isFit(InetAddress address, InetAddress plain) {
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && (!address.isLoopbackAddress() || plain.isLoopbackAddress());
  }

  /** What is mandatory and unknown makes a record useless (RFC 9460 section 8). */
  private static boolean isUnderstood(SVCBRecord record) {
    return !(record.getSvcParamValue(SVCBBase.MANDATORY) instanceof SVCBBase.ParameterMandatory m)
        || UNDERSTOOD.containsAll(m.getValues());
  }

  private static void add(SVCBRecord record, InetAddress plain, List<Server> servers) {
    String name = ServerWords.hostName(record.getTargetName().toString(true));
    if (name == null || record.getTargetName().equals(Name.root)) {
      return;
    }
    List<InetAddress> hints = hints(record);
    List<InetAddress> fit = hints.stream().filter(hint -> isFit(hint, plain)).toList();
    for (Protocol protocol : protocols(record)) {
      String path = protocol == Protocol.HTTPS ? path(record) : "";
      int port =
          record.getSvcParamValue(SVCBBase.PORT) instanceof SVCBBase.ParameterPort p
              ? p.getPort()
              : protocol.port();
      if (path == null || port == 0) {
        continue;
      }
      InetSocketAddress unknown = InetSocketAddress.createUnresolved(name, port);
      Server server = new Server(protocol, unknown, name, List.of(), path, plain);
      fit.forEach(address -> servers.add(server.at(address)));
      if (hints.isEmpty()) {
        servers.add(server);
      }
    }
  }

  private static List<Protocol> protocols(SVCBRecord record) {
    List<Protocol> protocols = new ArrayList<>();
    if (record.getSvcParamValue(SVCBBase.ALPN) instanceof SVCBBase.ParameterAlpn alpn) {
      if (alpn.getValues().contains("dot")) {
        protocols.add(Protocol.TLS);
      }
      if (alpn.getValues().contains("h2")) {
        protocols.add(Protocol.HTTPS);
      }
    }
    return protocols;
  }

  /** A template that ends with the variable {@code dns} (RFC 9461 section 5); asked by POST. */
  private static @Nullable String path(SVCBRecord record) {
    SVCBBase.ParameterBase parameter = record.getSvcParamValue(SVCBBase.DOHPATH);
    if (parameter == null) {
      return null;
    }
    String template = new String(parameter.toWire(), StandardCharsets.UTF_8);
    if (!template.endsWith(ServerWords.GET)) {
      return null;
    }
    String path = template.substring(0, template.length() - ServerWords.GET.length());
    return path.matches("/[\\x21-\\x7e&&[^?#{}]]+") ? path : null;
  }

  private static List<InetAddress> hints(SVCBRecord record) {
    List<InetAddress> hints = new ArrayList<>();
    try {
      if (record.getSvcParamValue(SVCBBase.IPV4HINT) instanceof SVCBBase.ParameterIpv4Hint four) {
        hints.addAll(four.getAddresses());
      }
      if (record.getSvcParamValue(SVCBBase.IPV6HINT) instanceof SVCBBase.ParameterIpv6Hint six) {
        hints.addAll(six.getAddresses());
      }
    } catch (UnknownHostException e) {
      return hints;
    }
    return hints;
  }
}
