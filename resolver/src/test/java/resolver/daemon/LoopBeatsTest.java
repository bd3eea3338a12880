package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LoopBeatsTest {
  private final Queue<Runnable> first = new ArrayDeque<>();
  private final Queue<Runnable> second = new ArrayDeque<>();
  private final LoopBeats beats = new LoopBeats(List.<Executor>of(first::add, second::add));

  @Test
  void loopsThatAnswerAreAlive() {
    assertThat(beats.getAsBoolean()).isTrue();
    run(first);
    run(second);
    assertThat(beats.getAsBoolean()).isTrue();
  }

  @Test
  void oneLoopThatHangsIsEnough() {
    assertThat(beats.getAsBoolean()).isTrue();
    run(first);
    assertThat(beats.getAsBoolean()).isFalse();
    assertThat(beats.getAsBoolean()).isFalse();
    assertThat(second).as("tasks hoarded by the loop that hangs").hasSize(1);
  }

  @Test
  void aLoopThatWakesUpIsAliveAgain() {
    assertThat(beats.getAsBoolean()).isTrue();
    run(first);
    assertThat(beats.getAsBoolean()).isFalse();
    run(second);
    assertThat(beats.getAsBoolean()).isTrue();
  }

  @Test
  void aLoopThatWasShutDownIsDead() {
    LoopBeats dead =
        new LoopBeats(
            List.<Executor>of(
                task -> {
                  throw new RejectedExecutionException();
                }));
    assertThat(dead.getAsBoolean()).isFalse();
    assertThat(dead.getAsBoolean()).isFalse();
  }

  private static void run(Queue<Runnable> loop) {
    loop.remove().run();
  }
}
