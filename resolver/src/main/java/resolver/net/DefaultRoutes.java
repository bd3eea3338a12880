package resolver.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gateways that packets to the rest of the world take, as Linux tells them. Other routes are of
 * no interest: where one leads to a server, {@link Routes} sees it, and on a machine with
 * containers they come and go all day.
 */
public final class DefaultRoutes {
  /** A table longer than this, in octets, is not read to its end. */
  private static final int MOST = 1 << 20;

  private static final String NOWHERE_FOUR = "00000000";
  private static final String NOWHERE_SIX = "0".repeat(32);
  private static final int REJECT = 0x0200;

  private final Path four;
  private final Path six;

  /**
   * A reader.
   *
   * @param root where the files are looked for: {@code /}
   */
  public DefaultRoutes(Path root) {
    this.four = root.resolve("proc/net/route");
    this.six = root.resolve("proc/net/ipv6_route");
  }

  /** All of them, in an order of their own; none where the system does not tell. */
  public List<String> read() {
    List<String> found = new ArrayList<>();
    lines(four, DefaultRoutes::four, found);
    lines(six, DefaultRoutes::six, found);
    return found.stream().sorted().distinct().toList();
  }

  private static void lines(
      Path file, Function<String, @Nullable String> reading, List<String> to) {
    String text;
    try (InputStream in = Files.newInputStream(file)) {
      text = new String(in.readNBytes(MOST), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return;
    }
    for (String line : text.split("\n", -1)) {
      String route = reading.apply(line);
      if (route != null) {
        to.add(route);
      }
    }
  }

  /** Interface, destination, gateway, flags, and behind three numbers the mask. */
  private static @Nullable String four(String line) {
    String[] words = line.split("\\s+");
    boolean isDefault =
        words.length > 7 && words[1].equals(NOWHERE_FOUR) && words[7].equals(NOWHERE_FOUR);
    return isDefault && isUsed(words[3]) ? name(words[2], true, words[0]) : null;
  }

  /** Destination, source and gateway, the first two with the length of their prefix, and so on. */
  private static @Nullable String six(String line) {
    String[] words = line.split("\\s+");
    boolean isDefault = words.length > 9 && words[0].equals(NOWHERE_SIX) && words[1].equals("00");
    return isDefault && isUsed(words[8]) ? name(words[4], false, words[9]) : null;
  }

  private static boolean isUsed(String flags) {
    try {
      return (Integer.parseUnsignedInt(flags, 16) & REJECT) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** An address of IPv4 stands there in the order of the processor's octets. */
  private static @Nullable String name(String gateway, boolean reversed, String link) {
    try {
      byte[] octets = HexFormat.of().parseHex(gateway);
      if (reversed && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
        octets = new byte[] {octets[3], octets[2], octets[1], octets[0]};
      }
      return InetAddress.getByAddress(octets).getHostAddress() + " on " + link;
    } catch (UnknownHostException | IllegalArgumentException e) {
      return null;
    }
  }
}
