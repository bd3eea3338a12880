package resolver.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** Asks the kernel which way leads to an address. Nothing is sent. */
public final class NetworkRoutes {
  private NetworkRoutes() {}

  /** Whether there is a way to an address. */
  public static boolean leadTo(InetSocketAddress target) {
    return sourceTowards(target) != null;
  }

  /**
   * Our address on the way to another one, or null where no way leads there: the kernel chooses it
   * when a datagram socket is connected. Any thread may call; it takes some microseconds.
   */
  public static @Nullable InetAddress sourceTowards(InetSocketAddress target) {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(target);
      return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    } catch (IOException | UnsupportedAddressTypeException e) {
      // The latter for a family that this machine does not have at all.
      return null;
    }
  }
}
