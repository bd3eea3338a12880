package resolver.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process takes. */
public final class Residence {
  private Residence() {}

  /** Resident octets, as proc_pid_status(5) tells them in KiB; 0 where unknown. */
  public static long octets() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException | RuntimeException e) {
      // There is no such file.
    }
    return 0;
  }
}
