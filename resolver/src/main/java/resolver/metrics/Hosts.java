package resolver.metrics;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/**
 * By which hosts a request may call us: addresses, localhost, and the names of the settings. A web
 * page that has its own name lead to this machine (rebinding) calls us by that name, and is known
 * by it.
 */
final class Hosts {
  private final Set<String> names;

  Hosts(List<Name> names) {
    this.names =
        names.stream()
            .map(name -> name.toString(true).toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a host is one of ours.
   *
   * @param host as in the header of that name, perhaps with a port
   */
  boolean allow(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end > 0
          && isPort(host.substring(end + 1))
          && NetUtil.isValidIpV6Address(host.substring(1, end));
    }
    int colon = host.indexOf(':');
    String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
    return (colon < 0 || isPort(host.substring(colon)))
        && (name.equals("localhost") || NetUtil.isValidIpV4Address(name) || isNamed(name));
  }

  private boolean isNamed(String name) {
    return names.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
  }

  private static boolean isPort(String text) {
    return text.isEmpty() || text.matches(":[0-9]{0,5}");
  }
}
