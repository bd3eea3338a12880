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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads from the kernel's tables how many datagrams it has dropped because the receive queue of one
 * of our sockets was full. Belongs to one thread.
 */
public final class KernelDrops {
  private final Path net;
  private final Supplier<? extends Collection<InetSocketAddress>> addresses;
  private final Map<String, Long> seen = new HashMap<>();

  /**
   * Watches the sockets of some addresses.
   *
   * @param net where the tables are: {@code /proc/net}
   * @param addresses tells them as they are now; is asked at each reading
   */
  public KernelDrops(Path net, Supplier<? extends Collection<InetSocketAddress>> addresses) {
    this.net = net;
    this.addresses = addresses;
  }

  /** How many were dropped since the last call; zero where the tables cannot be read. */
  public long more() {
    Set<String> ours =
        addresses.get().stream().map(KernelDrops::inKernelsForm).collect(Collectors.toSet());
    return more(net.resolve("udp"), ours) + more(net.resolve("udp6"), ours);
  }

  private long more(Path table, Set<String> ours) {
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
