package resolver.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Programs;

/** The window-change signal stands in for the others: unhandled it does no harm. */
class SignalsTest {
  private final BlockingQueue<String> came = new ArrayBlockingQueue<>(8);

  @Test
  void theActionRunsEachTimeTheSignalComes() throws Exception {
    assertThat(Signals.handle("WINCH", () -> came.add("once"))).isTrue();

    raise("WINCH");
    assertThat(came.poll(10, SECONDS)).isEqualTo("once");
    raise("WINCH");
    assertThat(came.poll(10, SECONDS)).isEqualTo("once");
  }

  @Test
  void anActionThatFailsDoesNotEndTheHandling() throws Exception {
    Signals.handle(
        "WINCH",
        () -> {
          came.add("failing");
          throw new IllegalStateException("on purpose");
        });

    raise("WINCH");
    assertThat(came.poll(10, SECONDS)).isEqualTo("failing");
    raise("WINCH");
    assertThat(came.poll(10, SECONDS)).isEqualTo("failing");
  }

  @Test
  void aSignalThatTheMachineKeepsIsRefused() {
    assertThat(Signals.handle("SEGV", () -> {})).isFalse();
  }

  @Test
  void anUnknownSignalIsRefused() {
    assertThat(Signals.handle("NONESUCH", () -> {})).isFalse();
  }

  private static void raise(String signal) throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    String kill = Programs.need("kill").toString();
    assertThat(new ProcessBuilder(kill, "-s", signal, self).inheritIO().start().waitFor()).isZero();
  }
}
