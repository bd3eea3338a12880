package resolver.upstream;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import resolver.settings.Addresses;

/**
 * An upstream server.
 *
 * @param address where it listens, over UDP and TCP
 */
record Server(InetSocketAddress address) {
  static final int PORT = 53;

  /** Whether the path to it cannot be tampered with, so that its AD bit counts. */
  boolean isTrusted() {
    return address.getAddress().isLoopbackAddress();
  }

  /** What a record does by itself would take long the first time, which is at the start. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Server server && address.equals(server.address);
  }

  @Override
  public int hashCode() {
    return address.hashCode();
  }

  @Override
  public String toString() {
    return Addresses.format(address);
  }
}
