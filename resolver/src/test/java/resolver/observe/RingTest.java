package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RingTest {
  private final Ring<Integer> ring = new Ring<>(8);

  @Test
  void theOldestComesFirst() {
    ring.offer(1);
    ring.offer(2);
    assertThat(ring.poll()).isEqualTo(1);
    assertThat(ring.poll()).isEqualTo(2);
    assertThat(ring.poll()).isNull();
  }

  @Test
  void whatFindsNoRoomIsLostAndCountedOnce() {
    for (int i = 0; i < 11; i++) {
      ring.offer(i);
    }
    assertThat(ring.takeLost()).isEqualTo(3);
    assertThat(ring.takeLost()).isZero();
    assertThat(ring.poll()).isZero();
    ring.offer(42);
    assertThat(ring.takeLost()).isZero();
  }

  @Test
  void aClosedOneGivesWhatItHasAndTakesNoMore() {
    assertThat(ring.offer(1)).isTrue();
    assertThat(ring.isEmpty()).isFalse();
    ring.close();
    ring.close();
    assertThat(ring.offer(2)).isFalse();
    assertThat(ring.poll()).isEqualTo(1);
    assertThat(ring.poll()).isNull();
    assertThat(ring.isEmpty()).isTrue();
    assertThat(ring.offer(3)).isFalse();
    assertThat(ring.takeLost()).as("who offers is told").isZero();
  }

  @Test
  void aSizeThatIsNoPowerOfTwoIsADefect() {
    assertThatThrownBy(() -> new Ring<>(12)).hasMessage("size: 12 (expected: a power of two)");
  }

  /** A taker that slept through an offer would wait here for an hour. */
  @Test
  @Timeout(60)
  void everythingArrivesInTheOrderOfItsThreadOrIsCounted() throws InterruptedException {
    int threads = 4;
    int each = 50_000;
    Ring<Integer> small = new Ring<>(64);
    List<Thread> offering = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = t * each;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  small.offer(from + i);
                }
              });
      offering.add(thread);
      thread.start();
    }
    int[] last = {-1, -1, -1, -1};
    long taken = 0;
    long lost = 0;
    while (taken + lost < (long) threads * each) {
      Integer next = small.poll();
      if (next == null) {
        lost += small.takeLost();
        if (taken + lost < (long) threads * each && offering.stream().anyMatch(Thread::isAlive)) {
          small.await(1_000_000);
        }
      } else {
        taken++;
        assertThat(next % each).isGreaterThan(last[next / each]);
        last[next / each] = next % each;
      }
    }
    for (Thread thread : offering) {
      thread.join();
    }
    assertThat(small.poll()).isNull();
    assertThat(taken).isPositive();
  }

  @Test
  @Timeout(60)
  void whoWaitsIsWokenByAnOffer() throws InterruptedException {
    Thread offering = new Thread(() -> ring.offer(7));
    offering.start();
    Integer taken = ring.poll();
    while (taken == null) {
      ring.await(3_600_000_000_000L);
      taken = ring.poll();
    }
    assertThat(taken).isEqualTo(7);
    offering.join();
  }
}
