package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.stampede.FaultPlan.Appointment;
import resolver.stampede.FaultPlan.Share;

class FaultPlanTest {
  @Test
  void everyKindIsReadAsAShareOrForARound() {
    assertThat(FaultPlan.parse("drop=5%,servfail@3, truncated=2.5%,wrong-id@7,slow=0%"))
        .isEqualTo(
            new FaultPlan(
                List.of(
                    new Share(Fault.DROP, 0.05),
                    new Share(Fault.TRUNCATED, 0.025),
                    new Share(Fault.SLOW, 0)),
                List.of(new Appointment(Fault.SERVFAIL, 3), new Appointment(Fault.WRONG_ID, 7))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "drop", "drop=5", "drip=5%", "drop@", "drop=5%,", "drop@-1", "5%"})
  void whatIsNoneIsAnErrorThatNamesTheKinds(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.parse(text))
        .withMessageContaining("drop=5%")
        .withMessageContaining("drop, servfail, truncated, wrong-id, slow");
  }

  @Test
  void thereCannotBeMoreFaultsThanQueries() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.parse("drop=60%,slow=41%"))
        .withMessage("101% in all (expected: 100% at most)");
    assertThat(FaultPlan.parse("drop=33.3%,slow=33.3%,servfail=33.4%").shares()).hasSize(3);
    assertThat(FaultPlan.parse("drop=10%,slow=20%,servfail=70%").shares()).hasSize(3);
  }

  @Test
  void aRoundHasOneAppointmentAtMostAndRoundsBeginWithOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.parse("drop@0"))
        .withMessage("drop@0 (expected: a round from 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPlan.parse("drop@5,slow@6,wrong-id@5"))
        .withMessageStartingWith("wrong-id@5 (expected: a round without a fault");
  }

  @Test
  void aPlanOfNothingIsEmpty() {
    assertThat(FaultPlan.NONE.isEmpty()).isTrue();
    assertThat(FaultPlan.parse("drop=0%").isEmpty()).isTrue();
    assertThat(FaultPlan.parse("drop@1").isEmpty()).isFalse();
    assertThat(FaultPlan.parse("drop=0.001%").isEmpty()).isFalse();
  }

  @Test
  void anAppointmentConcernsTheFirstQueryOfItsRoundAlone() {
    FaultPlan plan = FaultPlan.parse("drop@2");
    SplittableRandom random = new SplittableRandom(1);
    assertThat(plan.befalls(1, true, random)).isEmpty();
    assertThat(plan.befalls(2, true, random)).contains(Fault.DROP);
    assertThat(plan.befalls(2, false, random)).isEmpty();
  }

  @Test
  void theSameSeedChoosesTheSameQueries() {
    FaultPlan plan = FaultPlan.parse("drop=20%,slow=20%");
    List<Optional<Fault>> chosen = choices(plan, 42);
    assertThat(choices(plan, 42)).isEqualTo(chosen);
    assertThat(choices(plan, 43)).isNotEqualTo(chosen);
    assertThat(chosen)
        .filteredOn(fault -> fault.equals(Optional.of(Fault.DROP)))
        .hasSizeBetween(150, 250);
    assertThat(chosen)
        .filteredOn(fault -> fault.equals(Optional.of(Fault.SLOW)))
        .hasSizeBetween(150, 250);
  }

  private static List<Optional<Fault>> choices(FaultPlan plan, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, 1000).mapToObj(i -> plan.befalls(i, true, random)).toList();
  }
}
