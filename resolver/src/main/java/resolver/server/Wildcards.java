package resolver.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps up with the addresses that wildcards stand for, as they come to the machine and go. A
 * wildcard with port 0 is left alone: a port of the system's choice is another one for each
 * address, and nobody could know it. Belongs to one thread at a time.
 */
public final class Wildcards {
  private static final int REFUSALS_TO_TELL = 3;
  private static final Logger LOG = LoggerFactory.getLogger(Wildcards.class);

  /**
   * Listens on single addresses.
   *
   * @param <C> what takes what comes to one
   */
  @FunctionalInterface
  public interface Opener<C> {
    /**
     * Listens on one.
     *
     * @throws IOException which names the address and tells why it cannot be had
     */
    C open(InetSocketAddress address) throws IOException;
  }

  private final Map<InetSocketAddress, Integer> refusals = new HashMap<>();
  private List<InetSocketAddress> listen = List.of();

  /** None yet. */
  public Wildcards() {}

  /** Follows those of this list from now on. */
  public void use(List<InetSocketAddress> next) {
    listen = List.copyOf(next);
    refusals.clear();
  }

  /**
   * Opens addresses of the wildcards that the machine has got, and closes those that it has lost.
   * One that cannot be had is tried again at the next call, and told once. While the machine does
   * not tell its addresses, everything stays as it is.
   *
   * @param machine tells its addresses; empty while it does not
   * @param open what is open, by the address without a wildcard; it is put right
   * @return whether anything has changed
   */
  public <C> boolean follow(
      Supplier<Optional<List<InetAddress>>> machine,
      Map<InetSocketAddress, C> open,
      Opener<C> opener,
      Consumer<C> closer) {
    List<InetSocketAddress> wildcards =
        listen.stream()
            .filter(each -> each.getAddress().isAnyLocalAddress() && each.getPort() != 0)
            .toList();
    if (wildcards.isEmpty()) {
      return false;
    }
    Optional<List<InetAddress>> own = machine.get();
    if (own.isEmpty()) {
      return false;
    }
    boolean changed = false;
    List<InetSocketAddress> wanted = LocalAddresses.expand(listen, own.get());
    for (InetSocketAddress address : List.copyOf(open.keySet())) {
      if (!wanted.contains(address) && isOfOne(wildcards, address)) {
        closer.accept(Objects.requireNonNull(open.remove(address)));
        changed = true;
      }
    }
    refusals.keySet().retainAll(wanted);
    for (InetSocketAddress address : wanted) {
      if (!open.containsKey(address) && isOfOne(wildcards, address)) {
        changed |= tryToOpen(address, open, opener);
      }
    }
    return changed;
  }

  private static boolean isOfOne(List<InetSocketAddress> wildcards, InetSocketAddress address) {
    return wildcards.stream()
        .anyMatch(
            each ->
                each.getPort() == address.getPort()
                    && each.getAddress().getClass() == address.getAddress().getClass());
  }

  /** A new IPv6 address cannot be had for a moment, so the first refusals are no news. */
  private <C> boolean tryToOpen(
      InetSocketAddress address, Map<InetSocketAddress, C> open, Opener<C> opener) {
    try {
      open.put(address, opener.open(address));
      refusals.remove(address);
      return true;
    } catch (IOException e) {
      if (refusals.merge(address, 1, Integer::sum) == REFUSALS_TO_TELL) {
        LOG.warn("{}", e.getMessage());
      }
      return false;
    }
  }
}
