package resolver.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads small text files of the system. */
final class SystemFile {
  /** None of them is longer by right, in octets. */
  private static final int MOST = 1 << 20;

  private SystemFile() {}

  /** Its lines; none where it cannot be read. */
  static List<String> lines(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Its first line; empty where it cannot be read. */
  static String line(Path file) {
    return lines(file).stream().findFirst().orElse("").strip();
  }
}
