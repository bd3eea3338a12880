package resolver.observe;

import java.io.IOException;
import java.nio.file.Path;

/** A program that fills files of the query log, and has them set aside. To be run with a umask. */
final class FilledFiles {
  private static final int SIZE = 1 << 10;

  private FilledFiles() {}

  public static void main(String[] path) throws IOException {
    try (RollingFile file = new RollingFile(Path.of(path[0]), SIZE, 2)) {
      for (int i = 0; i < 4; i++) {
        file.write("x".repeat(SIZE) + "\n");
      }
    }
  }
}
