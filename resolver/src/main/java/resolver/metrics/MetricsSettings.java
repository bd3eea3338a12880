package resolver.metrics;

import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * Settings of the HTTP listener for metrics and the status page.
 *
 * @param listen where it takes requests; nowhere if empty
 * @param hosts by which names it may be called, beside addresses and localhost
 */
public record MetricsSettings(List<InetSocketAddress> listen, List<Name> hosts) {
  /** What holds when nothing is set. */
  public static final MetricsSettings DEFAULTS = new MetricsSettings(List.of(), List.of());

  /** Copies the lists. */
  public MetricsSettings {
    listen = List.copyOf(listen);
    hosts = List.copyOf(hosts);
  }
}
