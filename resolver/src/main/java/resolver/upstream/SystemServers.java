package resolver.upstream;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import resolver.net.NetworkRoutes;
import resolver.settings.Addresses;

/**
 * Finds the servers that the system itself was told: those of /etc/resolv.conf, or, where that
 * names only ourselves, those that systemd-resolved or NetworkManager keep in a list of their own.
 */
public final class SystemServers {
  /**
   * Where systemd-resolved and NetworkManager keep the servers that they were told, below the root.
   */
  public static final List<String> LISTS =
      List.of("run/systemd/resolve/resolv.conf", "run/NetworkManager/no-stub-resolv.conf");

  private static final int DNS = 53;
  private static final int MAX_FILE = 1 << 16;

  private final List<Path> files;
  private final Predicate<InetSocketAddress> isOurs;
  private final Predicate<InetSocketAddress> hasRoute;

  /**
   * What was found.
   *
   * @param servers in the order of the file
   * @param source the file that they come from, or why there are none
   * @param warnings what was left out, and why
   */
  public record Found(List<Server> servers, String source, List<String> warnings) {}

  /**
   * A finder.
   *
   * @param root where the files are looked for: {@code /}
   * @param isOurs whether an address is one that we listen on
   */
  public SystemServers(Path root, Predicate<InetSocketAddress> isOurs) {
    this(root, isOurs, NetworkRoutes::leadTo);
  }

  SystemServers(
      Path root, Predicate<InetSocketAddress> isOurs, Predicate<InetSocketAddress> hasRoute) {
    this.files =
        Stream.concat(Stream.of("etc/resolv.conf"), LISTS.stream()).map(root::resolve).toList();
    this.isOurs = isOurs;
    this.hasRoute = hasRoute;
  }

  /** Reads the files as they are now. Blocks on the disk. */
  public Found find() {
    List<String> warnings = new ArrayList<>();
    @Nullable Found without = null;
    for (Path file : files) {
      List<Server> servers = new ArrayList<>();
      List<Server> aside = new ArrayList<>();
      for (InetSocketAddress server : read(file, warnings)) {
        if (isOurs.test(server)) {
          warnings.add(
              "upstream "
                  + Addresses.format(server)
                  + " of "
                  + file
                  + " is this resolver itself: left out");
        } else if (!hasRoute.test(server)) {
          aside.add(Server.plain(server));
          warnings.add(
              "upstream " + Addresses.format(server) + " of " + file + " has no route: set aside");
        } else if (!servers.contains(Server.plain(server))) {
          servers.add(Server.plain(server));
        }
      }
      if (!servers.isEmpty()) {
        return new Found(List.copyOf(servers), file.toString(), List.copyOf(warnings));
      }
      without = without == null && !aside.isEmpty() ? found(aside, file) : without;
    }
    return without != null
        ? without
        : new Found(List.of(), "none found in " + files.get(0), List.copyOf(warnings));
  }

  /** Servers without a route fail at once, and do so no longer as soon as there is one. */
  private static Found found(List<Server> aside, Path file) {
    return new Found(List.copyOf(aside), file + ", none with a route", List.of());
  }

  private static List<InetSocketAddress> read(Path file, List<String> warnings) {
    List<InetSocketAddress> servers = new ArrayList<>();
    try {
      if (Files.size(file) > MAX_FILE) {
        warnings.add(file + " is larger than " + MAX_FILE + " octets: not read");
        return servers;
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      for (String line : text.split("\n", -1)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 1 && words[0].equals("nameserver")) {
          add(words[1], file, servers, warnings);
        }
      }
    } catch (NoSuchFileException e) {
      return servers;
    } catch (IOException e) {
      warnings.add(file + " cannot be read: " + e.getMessage());
    }
    return servers;
  }

  private static void add(
      String word, Path file, List<InetSocketAddress> servers, List<String> warnings) {
    if (!NetUtil.isValidIpV4Address(word) && !NetUtil.isValidIpV6Address(word)) {
      warnings.add("nameserver " + word + " of " + file + " is no IP address: left out");
      return;
    }
    try {
      InetAddress address = InetAddress.getAllByName(word)[0];
      servers.add(new InetSocketAddress(address, DNS));
    } catch (UnknownHostException e) {
      warnings.add("nameserver " + word + " of " + file + ": " + e.getMessage());
    }
  }
}
