package resolver.upstream;

import java.net.InetSocketAddress;
import resolver.settings.Addresses;

/**
 * An upstream server.
 *
 * @param address where it listens, over UDP and TCP
 */
record Server(InetSocketAddress address) {
  /** Whether the path to it cannot be tampered with, so that its AD bit counts. */
  boolean isTrusted() {
    return address.getAddress().isLoopbackAddress();
  }

  @Override
  public String toString() {
    return Addresses.format(address);
  }
}
