package resolver.daemon;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import resolver.net.DefaultRoutes;
import resolver.net.NetworkRoutes;

/**
 * Notices that the machine is in another network than before, or was asleep: what is known of the
 * servers then, and every connection to them, is of yesterday.
 *
 * <p>Belongs to one thread at a time.
 */
final class NetworkWatch {
  private final Function<InetSocketAddress, @Nullable InetAddress> sourceTowards;
  private final Supplier<List<String>> gateways;
  private final LongSupplier asleepNanos;
  private final Consumer<String> onChange;
  private @Nullable NetworkView last;
  private long sleptNanos;

  /**
   * A watch that has seen nothing.
   *
   * @param asleepNanos how long the machine was suspended in all since the start
   * @param onChange is told what has changed, in words
   */
  NetworkWatch(
      Function<InetSocketAddress, @Nullable InetAddress> sourceTowards,
      Supplier<List<String>> gateways,
      LongSupplier asleepNanos,
      Consumer<String> onChange) {
    this.sourceTowards = sourceTowards;
    this.gateways = gateways;
    this.asleepNanos = asleepNanos;
    this.onChange = onChange;
    this.sleptNanos = asleepNanos.getAsLong();
  }

  /** The watch of this machine. */
  static NetworkWatch ofMachine(
      DefaultRoutes gateways, LongSupplier asleepNanos, Consumer<String> onChange) {
    return new NetworkWatch(NetworkRoutes::sourceTowards, gateways::read, asleepNanos, onChange);
  }

  /**
   * Looks at the way to each server, and tells where it is another one than at the last look.
   *
   * @return what was seen
   */
  NetworkView look(List<InetSocketAddress> servers) {
    NetworkView before = last;
    NetworkView now = NetworkView.of(servers, sourceTowards, gateways.get());
    last = now;
    String slept = sleep();
    String change = before == null ? null : before.changeTo(now);
    if (slept != null || change != null) {
      onChange.accept(slept == null ? change : change == null ? slept : slept + ", and " + change);
    }
    return now;
  }

  private @Nullable String sleep() {
    long all = asleepNanos.getAsLong();
    Duration slept = Duration.ofNanos(all - sleptNanos);
    sleptNanos = all;
    return slept.isZero() ? null : "the machine was asleep for " + slept.toSeconds() + " s";
  }
}
