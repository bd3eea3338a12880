package resolver.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Java has learnt of the classes in a {@linkplain Training training run}, for a faster start.
 * From JDK 25 on Java itself does not see that a jar is not the one any more, and would run the old
 * classes without a word; the launcher compares names, sizes and times, and the running daemon
 * compares what the jars hold.
 */
final class ClassData {
  private static final int CHUNK = 1 << 16;

  private ClassData() {}

  /** The checksums of the jars on a class path, a line each. */
  static List<String> checksums(String classPath) throws IOException {
    List<String> lines = new ArrayList<>();
    byte[] chunk = new byte[CHUNK];
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      CRC32 crc = new CRC32();
      try (InputStream in = Files.newInputStream(jar)) {
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          crc.update(chunk, 0, read);
        }
      }
      lines.add(Long.toHexString(crc.getValue()) + ' ' + jar.getFileName());
    }
    // The class path has them in the order of the folder, which copying changes.
    lines.sort(null);
    return lines;
  }

  /** Has a thread of its own verify the class data that this process was started with, if any. */
  static void verifyInBackground() {
    String used = System.getProperty("resolver.class-data", "");
    if (!used.isEmpty()) {
      Thread thread =
          new Thread(() -> verify(Path.of(used), System.getProperty("java.class.path")));
      thread.setName("class-data");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Compares the jars with those of the training run. Where they differ, the log says so, and the
   * class data are removed, so that the next start does without them.
   *
   * @return whether the class data are of these jars
   */
  static boolean verify(Path used, String classPath) {
    Logger log = LoggerFactory.getLogger(ClassData.class);
    try {
      Path expected = used.resolveSibling(used.getFileName() + ".crc");
      if (Files.readAllLines(expected).equals(checksums(classPath))) {
        return true;
      }
      log.warn(
          "the class data in {} are of other jars than those on the class path, so what runs now may"
              + " be old: restart; \"resolve class-data\" makes new ones",
          used);
    } catch (IOException | RuntimeException e) {
      log.warn("the class data in {} cannot be verified: {}", used, e.toString());
    }
    try {
      Files.deleteIfExists(used.resolveSibling(used.getFileName() + ".list"));
    } catch (IOException e) {
      log.warn("the class data in {} cannot be removed: {}", used, e.toString());
    }
    return false;
  }
}
