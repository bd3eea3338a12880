package resolver.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** What the process takes of its machine. */
final class MachineMetrics {
  private MachineMetrics() {}

  static void tell(Subject subject, Families to) {
    Memory.used(subject)
        .forEach(
            (area, octets) ->
                to.gauge(
                    "resolver_memory_bytes",
                    "Memory in use, by area. cache and lookups are estimates and lie within heap;"
                        + " all lie within resident.",
                    octets,
                    "area",
                    area));
    Memory.bounds(subject)
        .forEach(
            (area, octets) ->
                to.gauge(
                    "resolver_memory_bound_bytes",
                    "What an area of memory may grow to.",
                    octets,
                    "area",
                    area));
    for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
      to.counter(
          "resolver_gc_collections",
          "Garbage collections, by collector.",
          Math.max(0, each.getCollectionCount()),
          "collector",
          each.getName());
      to.counter(
          "resolver_gc_seconds",
          "Time that garbage collections took, by collector.",
          Math.max(0, each.getCollectionTime()) / 1e3,
          "collector",
          each.getName());
    }
    to.gauge(
        "process_start_time_seconds",
        "When the process was started, in seconds since 1970.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      to.counter(
          "process_cpu_seconds",
          "Processor time that the process took.",
          Math.max(0, unix.getProcessCpuTime()) / 1e9);
      to.gauge("process_open_fds", "Open file descriptors.", unix.getOpenFileDescriptorCount());
      to.gauge("process_max_fds", "Most of these.", unix.getMaxFileDescriptorCount());
    }
  }
}
