package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.observe.SlowNames.Slow;
import resolver.query.Answer.Failure;
import resolver.query.Question;

class SlowNamesTest {
  private static final long SECOND = 1_000_000_000L;

  private final SlowNames names = new SlowNames();
  private long now = -5 * SECOND;

  @Test
  void theSlowestComeFirstAndAreBounded() {
    for (int i = 1; i <= 100; i++) {
      ended("n" + i, i * 1_000_000L);
    }
    List<Slow> slowest = names.slowest(now, 3);
    assertThat(slowest).extracting(Slow::question).containsExactly(q("n100"), q("n99"), q("n98"));
    assertThat(names.slowest(now, 1000)).hasSize(SlowNames.PLACES);
  }

  @Test
  void quickerOnesDoNotPushOutSlowerOnes() {
    for (int i = 100; i >= 1; i--) {
      ended("n" + i, i * 1_000_000L);
    }
    assertThat(names.slowest(now, 1).get(0).question()).isEqualTo(q("n100"));
    assertThat(names.slowest(now, 1000)).hasSize(SlowNames.PLACES);
    assertThat(names.slowest(now, 1000).get(SlowNames.PLACES - 1).question()).isEqualTo(q("n85"));
  }

  @Test
  void aNameHasOnePlaceHoweverOftenItIsSlow() {
    names.lookedUp(q("a"), Failure.NONE, 1, 30_000_000, now);
    now += SECOND;
    names.lookedUp(q("a"), Failure.TIMEOUT, 7, 20_000_000, now);
    assertThat(names.slowest(now, 10))
        .containsExactly(new Slow(q("a"), 30_000_000, now, 2, 7, Failure.TIMEOUT));
  }

  @Test
  void whatWasLongAgoGivesWayToAnything() {
    for (int i = 0; i < SlowNames.PLACES; i++) {
      ended("old" + i, 900_000_000L + i);
    }
    now += SlowNames.KEPT_NANOS + 1;
    assertThat(names.slowest(now, 10)).isEmpty();
    ended("new", 1000);
    assertThat(names.slowest(now, 10)).extracting(Slow::question).containsExactly(q("new"));
  }

  @Test
  void tablesOfSeveralThreadsAreReadAsOne() throws InterruptedException {
    ended("a", 5_000_000);
    Thread other =
        new Thread(
            () -> {
              ended("a", 9_000_000);
              ended("b", 7_000_000);
            });
    other.start();
    other.join();
    List<Slow> slowest = names.slowest(now, 10);
    assertThat(slowest).extracting(Slow::question).containsExactly(q("a"), q("b"));
    assertThat(slowest.get(0).times()).isEqualTo(2);
  }

  private void ended(String label, long nanos) {
    names.lookedUp(q(label), Failure.NONE, 1, nanos, now);
  }

  private static Question q(String label) {
    byte[] text = label.getBytes(StandardCharsets.US_ASCII);
    byte[] name = new byte[text.length + 2];
    name[0] = (byte) text.length;
    System.arraycopy(text, 0, name, 1, text.length);
    return Question.of(name, 1, 1, false);
  }
}
