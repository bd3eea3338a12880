package resolver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void anAnswerIsFreshThenDueThenStaleThenExpired() {
    assertThat(of(Duration.ZERO)).isEqualTo(Freshness.FRESH);
    assertThat(of(Duration.ofSeconds(270).minusNanos(1))).isEqualTo(Freshness.FRESH);
    assertThat(of(Duration.ofSeconds(270))).isEqualTo(Freshness.DUE);
    assertThat(of(Duration.ofSeconds(299))).isEqualTo(Freshness.DUE);
    assertThat(of(Duration.ofSeconds(299).plusNanos(1)))
        .as("less than a second before its end")
        .isEqualTo(Freshness.FRESH);
    assertThat(of(Duration.ofMinutes(5).minusNanos(1))).isEqualTo(Freshness.FRESH);
    assertThat(of(Duration.ofMinutes(5))).isEqualTo(Freshness.STALE);
    assertThat(of(Duration.ofMinutes(5).plus(DAY).minusNanos(1))).isEqualTo(Freshness.STALE);
    assertThat(of(Duration.ofMinutes(5).plus(DAY))).isEqualTo(Freshness.EXPIRED);
  }

  @Test
  void withoutStaleAnswersTheEndIsTheEnd() {
    assertThat(Freshness.of(Duration.ofMinutes(5).toNanos(), 300, 0)).isEqualTo(Freshness.EXPIRED);
  }

  @Test
  void aShortLifeIsNeverDue() {
    for (long millis = 0; millis < 9000; millis += 10) {
      assertThat(Freshness.of(Duration.ofMillis(millis).toNanos(), 9, 0))
          .isEqualTo(Freshness.FRESH);
    }
  }

  private static Freshness of(Duration age) {
    return Freshness.of(age.toNanos(), 300, DAY.toNanos());
  }
}
