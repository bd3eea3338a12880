package resolver.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which faults hold from when on, counted from the start.
 *
 * @param steps in the order of their times, the first at zero
 */
record Schedule(List<Step> steps) {
  /**
   * From then on.
   *
   * @param at since the start
   */
  record Step(Duration at, Faults faults) {}

  Schedule {
    steps = List.copyOf(steps);
  }

  /**
   * Reads faults with their times, such as {@code delay=1s; 5s none; 10s closed}: slow for five
   * seconds, then well for five, then gone.
   */
  static Schedule parse(String text) {
    List<Step> steps = new ArrayList<>();
    Duration last = Duration.ZERO;
    for (String part : text.split(";")) {
      String[] words = part.trim().split("\\s+", 2);
      boolean timed = words[0].matches("\\d.*");
      if (timed == steps.isEmpty() || (timed && words.length == 1)) {
        throw new IllegalArgumentException(
            part.trim() + " (expected: faults; TIME faults; TIME faults ...)");
      }
      Duration at = timed ? Faults.duration(words[0], words[0]) : Duration.ZERO;
      if (at.compareTo(last) < 0) {
        throw new IllegalArgumentException(part.trim() + " (expected: later than " + last + ")");
      }
      last = at;
      steps.add(new Step(at, Faults.parse(timed ? words[1] : part)));
    }
    return new Schedule(steps);
  }

  /** What holds at a time. */
  Faults at(Duration sinceStart) {
    Faults now = steps.get(0).faults();
    for (Step step : steps) {
      if (step.at().compareTo(sinceStart) <= 0) {
        now = step.faults();
      }
    }
    return now;
  }
}
