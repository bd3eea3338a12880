package resolver.clock;

import java.time.Duration;
import java.time.Instant;

/** How long this process has been running. */
public final class ProcessAge {
  private ProcessAge() {}

  /** Milliseconds since the process was started, class loading included; 0 where unknown. */
  public static long millis() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Instant.now()).toMillis())
        .orElse(0L);
  }
}
