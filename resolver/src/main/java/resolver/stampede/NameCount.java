package resolver.stampede;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the upstream saw of one name. Any thread may call. */
final class NameCount {
  private final Set<Integer> askers = new HashSet<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private int queries;
  private int faultsInARow;

  /**
   * Counts a query.
   *
   * @return how many there were before
   */
  synchronized int query(int port, int id) {
    askers.add((port << 16) | id);
    return queries++;
  }

  synchronized void fault(Fault fault) {
    faults.merge(fault, 1, Integer::sum);
    faultsInARow++;
  }

  synchronized void noFault() {
    faultsInARow = 0;
  }

  synchronized int faultsInARow() {
    return faultsInARow;
  }

  synchronized int queries() {
    return queries;
  }

  /** How many more there were than one, and one for each fault. */
  synchronized int tooMany() {
    int faultsInAll = faults.values().stream().mapToInt(Integer::intValue).sum();
    return Math.max(0, queries - 1 - faultsInAll);
  }

  /** How many different pairs of port and ID: what a spoofer has to guess among. */
  synchronized int askers() {
    return askers.size();
  }

  synchronized Map<Fault, Integer> faults() {
    return Map.copyOf(faults);
  }
}
