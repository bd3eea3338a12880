package resolver.clock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long this process has been running. */
public final class ProcessAge {
  /**
   * What /proc counts time in: a hundredth of a second for every program, whatever the kernel's.
   */
  private static final long MILLIS_PER_TICK = 10;

  /** The place of the field "starttime" behind the name of the program (proc_pid_stat(5)). */
  private static final int START = 19;

  private ProcessAge() {}

  /**
   * Milliseconds since the process was started, to a hundredth of a second; the shell that became
   * it and the loading of classes included. 0 where unknown. Java's own {@code startInstant} may be
   * wrong by a second, for it counts from a boot time in whole seconds.
   */
  public static long millis() {
    return millis(Path.of("/proc"));
  }

  static long millis(Path proc) {
    try {
      String stat = Files.readString(proc.resolve("self/stat"), StandardCharsets.ISO_8859_1);
      String uptime = Files.readString(proc.resolve("uptime"), StandardCharsets.US_ASCII);
      // The name of the program stands in parentheses, and may itself have some and spaces.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long start = Long.parseLong(fields[START]) * MILLIS_PER_TICK;
      double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return Math.max(0, Math.round(now * 1000) - start);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
