package resolver.metrics;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What memory goes to. The areas lie within one another, so they must not be added up. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /** Octets in use, by area. */
  static Map<String, Long> used(Subject subject) {
    MemoryMXBean bean = ManagementFactory.getMemoryMXBean();
    Map<String, Long> areas = new LinkedHashMap<>();
    areas.put("cache", subject.cache().weight());
    areas.put("lookups", subject.flights().weight());
    areas.put("heap", bean.getHeapMemoryUsage().getUsed());
    areas.put("outside_heap", bean.getNonHeapMemoryUsage().getUsed());
    areas.put("buffers", PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    long resident = residentKibibytes();
    if (resident > 0) {
      areas.put("resident", resident * 1024);
    }
    return areas;
  }

  /** What they may grow to, as far as there is a bound. */
  static Map<String, Long> bounds(Subject subject) {
    Map<String, Long> areas = new LinkedHashMap<>();
    areas.put("cache", subject.cache().budget());
    areas.put("lookups", subject.bounds().memory());
    areas.put("heap", Runtime.getRuntime().maxMemory());
    return areas;
  }

  /** 0 where the system does not tell. */
  private static long residentKibibytes() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux, or /proc is not there.
    }
    return 0;
  }
}
