package resolver.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.ManualClock;

class DeadlineQueueTest {
  private final ManualClock clock = new ManualClock();
  private final List<String> due = new ArrayList<>();
  private final DeadlineQueue queue =
      new DeadlineQueue(clock, clock, Duration.ofSeconds(2).toNanos());

  private final class Named extends DeadlineQueue.Deadline {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void due() {
      due.add(name);
    }
  }

  @Test
  void eachIsDueAtItsOwnTime() {
    queue.add(new Named("first"));
    clock.advance(Duration.ofSeconds(1));
    queue.add(new Named("second"));
    clock.advance(Duration.ofMillis(999));
    assertThat(due).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(due).containsExactly("first");
    clock.advance(Duration.ofSeconds(1));
    assertThat(due).containsExactly("first", "second");
  }

  @Test
  void aCancelledOneIsNeverDue() {
    Named first = new Named("first");
    Named middle = new Named("middle");
    Named last = new Named("last");
    List.of(first, middle, last).forEach(queue::add);
    middle.cancel();
    middle.cancel();
    clock.advance(Duration.ofSeconds(3));
    assertThat(due).containsExactly("first", "last");
  }

  @Test
  void oneTimerServesThemAll() {
    for (int i = 0; i < 1000; i++) {
      queue.add(new Named("n" + i));
    }
    assertThat(clock.pending()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(3));
    assertThat(due).hasSize(1000);
    assertThat(clock.pending()).isZero();
  }

  @Test
  void oneThatIsDueMayBeSetAgainFromWithin() {
    queue.add(
        new DeadlineQueue.Deadline() {
          @Override
          protected void due() {
            due.add("again");
            if (due.size() < 3) {
              queue.add(this);
            }
          }
        });
    clock.advance(Duration.ofSeconds(6));
    assertThat(due).hasSize(3);
  }

  @Test
  void thoseThatWaitCanBeListed() {
    Named first = new Named("first");
    Named last = new Named("last");
    List.of(first, last).forEach(queue::add);
    assertThat(queue.waiting()).containsExactly(first, last);
    first.cancel();
    assertThat(queue.waiting()).containsExactly(last);
    clock.advance(Duration.ofSeconds(3));
    assertThat(queue.waiting()).isEmpty();
  }

  @Test
  void theSameTwiceIsRefused() {
    Named one = new Named("one");
    queue.add(one);
    assertThatIllegalStateException().isThrownBy(() -> queue.add(one));
  }
}
