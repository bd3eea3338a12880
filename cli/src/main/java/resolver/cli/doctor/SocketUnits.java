package resolver.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import resolver.settings.Addresses;

/** The socket units of systemd, systemd.socket(5), told by their files; drop-ins are not read. */
final class SocketUnits {
  /** Where systemd looks for units: a file hides those of its name further on. */
  private static final List<String> FOLDERS =
      List.of(
          "etc/systemd/system",
          "run/systemd/system",
          "usr/lib/systemd/system",
          "lib/systemd/system");

  private final Path root;

  SocketUnits(Path root) {
    this.root = root;
  }

  /** The names of the units that may listen on an address, sorted; whether they do is not known. */
  List<String> of(InetSocketAddress address) {
    Map<String, Path> files = new TreeMap<>();
    for (String folder : FOLDERS) {
      try (DirectoryStream<Path> units =
          Files.newDirectoryStream(root.resolve(folder), "*.socket")) {
        units.forEach(unit -> files.putIfAbsent(String.valueOf(unit.getFileName()), unit));
      } catch (IOException | DirectoryIteratorException e) {
        // There is no such folder.
      }
    }
    return files.entrySet().stream()
        .filter(unit -> SystemFile.lines(unit.getValue()).stream().anyMatch(l -> names(l, address)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A port alone stands for every address. */
  private static boolean names(String line, InetSocketAddress address) {
    String[] setting = line.strip().split("\\s*=\\s*", 2);
    String port = String.valueOf(address.getPort());
    return setting.length == 2
        && (setting[0].equals("ListenDatagram") || setting[0].equals("ListenStream"))
        && List.of(Addresses.format(address), port, "0.0.0.0:" + port, "[::]:" + port)
            .contains(setting[1]);
  }
}
