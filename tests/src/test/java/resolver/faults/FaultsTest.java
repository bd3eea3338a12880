package resolver.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
  @Test
  void wordsSayWhatIsDone() {
    Faults faults =
        Faults.parse(
            "loss=30% duplicate=2.5% reorder=1% delay=1s~200ms servfail=10% truncated=5% half-open=3");

    assertThat(faults.loss()).isEqualTo(0.3);
    assertThat(faults.duplicate()).isEqualTo(0.025);
    assertThat(faults.reorder()).isEqualTo(0.01);
    assertThat(faults.delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(faults.jitter()).isEqualTo(Duration.ofMillis(200));
    assertThat(faults.replies())
        .containsOnly(
            Map.entry(Faults.Reply.SERVFAIL, 0.1), Map.entry(Faults.Reply.TRUNCATED, 0.05));
    assertThat(faults.reach()).isEqualTo(Faults.Reach.OPEN);
    assertThat(faults.stream()).isEqualTo(Faults.Stream.SILENT);
    assertThat(faults.after()).isEqualTo(3);
  }

  @Test
  void noneIsNothing() {
    assertThat(Faults.parse("none")).isEqualTo(Faults.NONE);
    assertThat(Faults.parse("dead").reach()).isEqualTo(Faults.Reach.DEAD);
    assertThat(Faults.parse("reset").after()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "los=3%",
        "loss",
        "loss=",
        "loss=3",
        "loss=101%",
        "loss=-1%",
        "delay=3",
        "delay=10ms~20ms",
        "servfail=60% refused=60%",
        "reset=x",
        "half-open=-1",
        "",
        "none=1"
      })
  void mistakesAreTold(String words) {
    assertThatThrownBy(() -> Faults.parse(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: ");
  }

  @Test
  void aScheduleChangesFaultsWithTime() {
    Schedule schedule = Schedule.parse("delay=1s; 5s none; 10s closed");

    assertThat(schedule.at(Duration.ZERO)).isEqualTo(Faults.parse("delay=1s"));
    assertThat(schedule.at(Duration.ofMillis(4_999))).isEqualTo(Faults.parse("delay=1s"));
    assertThat(schedule.at(Duration.ofSeconds(5))).isEqualTo(Faults.NONE);
    assertThat(schedule.at(Duration.ofMinutes(1))).isEqualTo(Faults.parse("closed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5s none", "none; closed", "none; 5s", "none; 5s dead; 4s none"})
  void mistakesOfAScheduleAreTold(String text) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: ");
  }
}
