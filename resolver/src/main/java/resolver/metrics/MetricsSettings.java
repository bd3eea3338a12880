package resolver.metrics;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Settings of the HTTP listener for metrics and the status page.
 *
 * @param listen where it takes requests; nowhere if empty
 */
public record MetricsSettings(List<InetSocketAddress> listen) {
  /** What holds when nothing is set. */
  public static final MetricsSettings DEFAULTS = new MetricsSettings(List.of());

  /** Copies the list. */
  public MetricsSettings {
    listen = List.copyOf(listen);
  }
}
