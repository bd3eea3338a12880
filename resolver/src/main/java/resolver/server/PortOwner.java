package resolver.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import resolver.query.Transport;

/**
 * Finds the process that holds a port, as far as this process may see it: through the kernel's list
 * of sockets, and the descriptors of every process.
 */
public final class PortOwner {
  /**
   * A process that holds a port.
   *
   * @param name as it calls itself, with nothing in it that a terminal would obey
   */
  public record Owner(String name, String pid) {
    /**
     * Whether it is systemd, which holds ports for socket units and hands them on. It must not be
     * killed: the unit is what gives the port back.
     */
    public boolean isServiceManager() {
      return pid.equals(FIRST) && name.equals("systemd");
    }

    @Override
    public String toString() {
      return name + " (pid " + pid + ")";
    }
  }

  /** The process that the system starts first. */
  private static final String FIRST = "1";

  /** The state of a connected socket, in the kernel's tables. */
  private static final String CONNECTED = "01";

  /** The word in front of an IPv4 address that is mapped into IPv6. */
  private static final String MAPPED =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "FFFF0000" : "0000FFFF";

  private final Path proc;

  /**
   * A finder.
   *
   * @param proc where the kernel tells of itself: {@code /proc}
   */
  public PortOwner(Path proc) {
    this.proc = proc;
  }

  /** Whether a socket keeps others from having an address, whosever it is. */
  public boolean isHeld(InetSocketAddress address, Transport transport) {
    return !sockets(address, transport).isEmpty();
  }

  private Set<String> sockets(InetSocketAddress address, Transport transport) {
    Set<String> sockets = new HashSet<>();
    String kind = transport == Transport.UDP ? "udp" : "tcp";
    Set<String> holders = whoMayHold(address);
    collectSockets(proc.resolve("net").resolve(kind), holders, sockets);
    collectSockets(proc.resolve("net").resolve(kind + "6"), holders, sockets);
    return sockets;
  }

  /**
   * The process, or nothing where there is none or it cannot be read. A socket that systemd passes
   * on has two: the other one is told, for that is who answers there.
   */
  public Optional<Owner> owner(InetSocketAddress address, Transport transport) {
    Set<String> sockets = sockets(address, transport);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (!process.endsWith(FIRST) && holdsOne(process, sockets)) {
          return Optional.of(describe(process));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    Path first = proc.resolve(FIRST);
    return holdsOne(first, sockets) ? Optional.of(describe(first)) : Optional.empty();
  }

  /** The local addresses in the kernel's form that keep others from having this one. */
  private static Set<String> whoMayHold(InetSocketAddress address) {
    String own = KernelDrops.inKernelsForm(address);
    int colon = own.indexOf(':');
    String port = own.substring(colon);
    Set<String> holders = new HashSet<>();
    holders.add(own);
    holders.add("0".repeat(8) + port);
    holders.add("0".repeat(32) + port);
    if (colon == 8) {
      holders.add("0".repeat(16) + MAPPED + own);
    }
    return holders;
  }

  private static void collectSockets(Path table, Set<String> holders, Set<String> into) {
    try {
      List<String> lines = Files.readAllLines(table, StandardCharsets.US_ASCII);
      for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && holders.contains(fields[1]) && !fields[3].equals(CONNECTED)) {
          into.add("socket:[" + fields[9] + "]");
        }
      }
    } catch (IOException e) {
      // No such family here.
    }
  }

  private static boolean holdsOne(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(target(descriptor))) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Not ours to see, or gone by now.
    }
    return false;
  }

  /** What a descriptor stands for; empty where it was closed by now. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static Owner describe(Path process) {
    String name = "process";
    try {
      name = Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
      // A process chooses its name itself, and this one may go to a terminal.
      name = name.replaceAll("\\p{Cntrl}", "?");
    } catch (IOException e) {
      // The number has to do.
    }
    return new Owner(name, String.valueOf(process.getFileName()));
  }
}
