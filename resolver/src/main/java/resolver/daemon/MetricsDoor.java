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
 * are loaded. An address that cannot be had is logged and told by {@link #trouble}, and never keeps
 * anybody from serving DNS. Any thread may call, but no event loop.
 */
final class MetricsDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsDoor.class);

  private final Sockets sockets;
  private final Supplier<Subject> subject;
  private @Nullable HttpListener listener;
  private MetricsSettings current = MetricsSettings.DEFAULTS;
  private MetricsSettings wanted = MetricsSettings.DEFAULTS;
  private String trouble = "";

  MetricsDoor(Sockets sockets, Supplier<Subject> subject) {
    this.sockets = sockets;
    this.subject = subject;
  }

  /** Listens where the settings say, or nowhere where an address cannot be had. */
  synchronized void start(MetricsSettings settings) {
    use(settings, "DNS is served without metrics until it can");
  }

  /**
   * Listens where the settings say, and nowhere else; where an address cannot be had all is as
   * before. What failed is tried again with the same settings, too.
   */
  synchronized void reload(MetricsSettings settings) {
    boolean changes = !settings.equals(current);
    use(settings, "metrics stay as they were until it can");
    if (changes && trouble.isEmpty()) {
      tell();
    }
  }

  /**
   * Keeps up with the addresses that wildcards of the settings stand for, and tries again what
   * failed. To be called every few seconds.
   */
  synchronized void follow() {
    if (!trouble.isEmpty()) {
      if (tryToUse(wanted).isEmpty()) {
        trouble = "";
        tell();
      }
    } else if (listener != null && listener.follow()) {
      tell();
    }
  }

  private void use(MetricsSettings settings, String otherwise) {
    wanted = settings;
    trouble = tryToUse(settings);
    if (!trouble.isEmpty()) {
      trouble += "; " + otherwise;
      LOG.error("{}", trouble);
    }
  }

  /** Says what is in the way; nothing where it is done. */
  private String tryToUse(MetricsSettings settings) {
    if (settings.listen().isEmpty()) {
      close();
    } else if (!settings.equals(current)) {
      // It stays where it can listen nowhere yet: it has a thread, and what fails is tried again.
      HttpListener used = listener == null ? new HttpListener(sockets, subject.get()) : listener;
      listener = used;
      try {
        used.use(settings);
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
    }
    current = settings;
    return "";
  }

  private void tell() {
    List<String> names = addresses().stream().map(Addresses::format).toList();
    LOG.info("metrics are now at {}", names.isEmpty() ? "no address" : names);
  }

  /** Why the settings given last are not in force; empty where they are. */
  synchronized String trouble() {
    return trouble;
  }

  /** The settings in force. */
  synchronized MetricsSettings inForce() {
    return current;
  }

  /** Where it listens. */
  synchronized List<InetSocketAddress> addresses() {
    return listener == null ? List.of() : listener.addresses();
  }

  /** Says that the daemon is about to stop. */
  synchronized void stopping() {
    if (listener != null) {
      listener.stopping();
    }
  }

  @Override
  public synchronized void close() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
