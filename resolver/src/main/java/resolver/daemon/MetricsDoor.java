package resolver.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.metrics.HttpListener;
import resolver.metrics.MetricsSettings;
import resolver.metrics.Subject;
import resolver.net.Sockets;
import resolver.settings.Addresses;

/**
 * Opens the listener for metrics where the settings say so; where they do not, none of its classes
 * are loaded. One thread at a time may call.
 */
final class MetricsDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsDoor.class);

  private final Sockets sockets;
  private final Supplier<Subject> subject;
  private @Nullable HttpListener listener;
  private MetricsSettings current = MetricsSettings.DEFAULTS;

  MetricsDoor(Sockets sockets, Supplier<Subject> subject) {
    this.sockets = sockets;
    this.subject = subject;
  }

  /**
   * Listens where the settings say, and nowhere else.
   *
   * @throws StartException where an address cannot be had; nothing has changed then
   */
  void open(MetricsSettings settings) throws StartException {
    HttpListener own = listener;
    if (settings.equals(current)) {
      return;
    }
    if (settings.listen().isEmpty()) {
      close();
    } else {
      HttpListener used = own == null ? new HttpListener(sockets, subject.get()) : own;
      try {
        used.use(settings);
        listener = used;
      } catch (IOException e) {
        if (own == null) {
          used.close();
        }
        throw new StartException(String.valueOf(e.getMessage()), e);
      }
    }
    current = settings;
  }

  /** The same for a running daemon, which goes on as before where an address cannot be had. */
  void reload(MetricsSettings settings) {
    try {
      boolean changes = !settings.equals(current);
      open(settings);
      if (changes) {
        List<String> names = addresses().stream().map(Addresses::format).toList();
        LOG.info("metrics are now at {}", names.isEmpty() ? "no address" : names);
      }
    } catch (StartException e) {
      LOG.error("{}; it stays as it was", e.getMessage());
    }
  }

  /** Where it listens. */
  List<InetSocketAddress> addresses() {
    return listener == null ? List.of() : listener.addresses();
  }

  /** Says that the daemon is about to stop. */
  void stopping() {
    if (listener != null) {
      listener.stopping();
    }
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
