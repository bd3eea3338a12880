package resolver.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the machine allows this process, as far as a crowd of sockets is concerned. */
final class Limits {
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** For the program's own files, and sockets that are closed a little later. */
  private static final int OTHER_DESCRIPTORS = 250;

  /** Ports that other programs hold. */
  private static final int OTHER_PORTS = 500;

  private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+) ");
  private static final Pattern RANGE = Pattern.compile("(\\d+)\\s+(\\d+)\\s*");

  private final long descriptors;
  private final long ports;

  /**
   * Limits.
   *
   * @param descriptors how many files and sockets may be open
   * @param ports how many sockets may have a port of the kernel's choice
   */
  Limits(long descriptors, long ports) {
    this.descriptors = descriptors;
    this.ports = ports;
  }

  /** Those of Linux; where they cannot be read, there are none. */
  static Limits ofProcess() {
    return ofProc(Path.of("/proc"));
  }

  static Limits ofProc(Path proc) {
    Matcher files = OPEN_FILES.matcher(text(proc.resolve("self/limits")));
    Matcher range = RANGE.matcher(text(proc.resolve("sys/net/ipv4/ip_local_port_range")));
    return new Limits(
        files.find() ? Long.parseLong(files.group(1)) : UNKNOWN,
        range.matches()
            ? Long.parseLong(range.group(2)) - Long.parseLong(range.group(1)) + 1
            : UNKNOWN);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Checks that a crowd fits.
   *
   * @param udp how many UDP sockets it has
   * @param tcp how many TCP connections
   * @param both whether the server's ends of the TCP connections are this process's, too
   * @throws UsageException where it does not; the message says what to set
   */
  void check(int udp, int tcp, boolean both) {
    long needed = (long) udp + (both ? 2L : 1L) * tcp + OTHER_DESCRIPTORS;
    if (needed > descriptors) {
      throw new UsageException(
          text(
              "so many clients need %,d file descriptors, and the limit is %,d: raise it"
                  + " (ulimit -n %d, by root where the hard limit is lower), or take fewer --clients"
                  + " or --sockets, or a smaller --molecule",
              needed, descriptors, needed));
    }
    checkPorts(udp, "UDP sockets", "--sockets");
    checkPorts(tcp, "TCP connections", "--clients");
  }

  /** Each transport has ports of its own. */
  private void checkPorts(int wanted, String what, String option) {
    if (wanted > 0 && wanted + OTHER_PORTS > ports) {
      throw new UsageException(
          text(
              "%,d %s need as many ports, and of %,d there are %,d to spare: widen the range"
                  + " (sysctl net.ipv4.ip_local_port_range=\"1024 65535\"), or take fewer %s",
              wanted, what, ports, Math.max(0, ports - OTHER_PORTS), option));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
