package resolver.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads from the kernel's tables how many datagrams it has dropped because the receive queue of one
 * of our sockets was full. Belongs to one thread.
 */
public final class KernelDrops {
  private final Path net;
  private final Set<String> ours = new HashSet<>();
  private final Map<String, Long> seen = new HashMap<>();

  /**
   * Watches the sockets of some addresses.
   *
   * @param net where the tables are: {@code /proc/net}
   */
  public KernelDrops(Path net, Collection<InetSocketAddress> addresses) {
    this.net = net;
    for (InetSocketAddress address : addresses) {
      ours.add(inKernelsForm(address));
    }
  }

  /** How many were dropped since the last call; zero where the tables cannot be read. */
  public long more() {
    return more(net.resolve("udp")) + more(net.resolve("udp6"));
  }

  private long more(Path table) {
    long more = 0;
    try {
      List<String> lines = Files.readAllLines(table, StandardCharsets.US_ASCII);
      for (String line : lines) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 12 && ours.contains(fields[1])) {
          long drops = Long.parseLong(fields[12]);
          Long before = seen.put(fields[9], drops);
          more += Math.max(0, drops - (before == null ? 0 : before));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return more;
    }
    return more;
  }

  /** Words of 32 bits in the machine's own order, in hexadecimal, and the port. */
  static String inKernelsForm(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    ByteBuffer octets = ByteBuffer.wrap(ip.getAddress()).order(ByteOrder.nativeOrder());
    StringBuilder text = new StringBuilder();
    while (octets.hasRemaining()) {
      text.append(String.format("%08X", octets.getInt()));
    }
    return text.append(String.format(":%04X", address.getPort())).toString();
  }
}
