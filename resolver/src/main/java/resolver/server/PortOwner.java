package resolver.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
final class PortOwner {
  private final Path proc;

  PortOwner(Path proc) {
    this.proc = proc;
  }

  /** Name and number of the process, or nothing where it cannot be read. */
  Optional<String> find(InetSocketAddress address, Transport transport) {
    Set<String> sockets = new HashSet<>();
    String kind = transport == Transport.UDP ? "udp" : "tcp";
    collectSockets(proc.resolve("net").resolve(kind), address.getPort(), sockets);
    collectSockets(proc.resolve("net").resolve(kind + "6"), address.getPort(), sockets);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holdsOne(process, sockets)) {
          return Optional.of(describe(process));
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static void collectSockets(Path table, int port, Set<String> into) {
    String suffix = String.format(":%04X", port);
    try {
      List<String> lines = Files.readAllLines(table, StandardCharsets.US_ASCII);
      for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && fields[1].endsWith(suffix) && !fields[3].equals("01")) {
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
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      // Not ours to see, or gone by now.
    }
    return false;
  }

  private static String describe(Path process) {
    String name = "process";
    try {
      name = Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      // The number has to do.
    }
    return name + " (pid " + process.getFileName() + ")";
  }
}
