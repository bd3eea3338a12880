package resolver.metrics;

import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import resolver.observe.Residence;

/** What memory goes to. The areas lie within one another, so they must not be added up. */
final class Memory {
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
    long resident = Residence.octets();
    if (resident > 0) {
      areas.put("resident", resident);
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
}
