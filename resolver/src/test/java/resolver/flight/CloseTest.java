package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;

/** Stopping with flights under way. */
class CloseTest {
  private final Setup setup = new Setup();

  private CompletableFuture<@Nullable Void> close(Duration grace) {
    return setup.flights.close(grace).toCompletableFuture();
  }

  @Test
  void withNothingUnderWayItIsDoneAtOnce() {
    assertThat(close(Duration.ofSeconds(1))).isDone();
  }

  @Test
  void noNewJoinsAreTakenNotEvenByFollowers() {
    setup.joined("a");
    assertThat(close(Duration.ofSeconds(1))).isNotDone();
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(Joined.CLOSING);
    assertThat(setup.join("b", new Told()).joined()).isEqualTo(Joined.CLOSING);
    assertThat(setup.loads.count()).isEqualTo(1);
  }

  @Test
  void whatEndsWithinTheGraceIsAnsweredAndTheRestFailed() {
    Told a = setup.joined("a");
    Told b = setup.joined("b");
    Told forgotten = setup.joined("c");
    setup.flights.forget("c");
    CompletableFuture<@Nullable Void> closed = close(Duration.ofSeconds(1));
    setup.loads.end(0, "one");
    assertThat(a.value()).isEqualTo("one");
    setup.pass(Duration.ofMillis(999));
    assertThat(b.times()).isZero();
    assertThat(closed).isNotDone();

    setup.pass(Duration.ofMillis(1));

    assertThat(b.reason()).isEqualTo(FlightException.Reason.CLOSING);
    assertThat(forgotten.reason()).isEqualTo(FlightException.Reason.CLOSING);
    assertThat(closed).isDone();
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void withoutGraceAllFailNow() {
    Told a = setup.joined("a");
    assertThat(close(Duration.ZERO)).isDone();
    assertThat(a.reason()).isEqualTo(FlightException.Reason.CLOSING);
    setup.loads.end(0, "late");
    assertThat(a.times()).isEqualTo(1);
  }

  @Test
  void itIsDoneOnlyWhenTheLastWaiterWasTold() {
    HandExecutor loop = new HandExecutor();
    Told told = new Told(loop);
    setup.join("a", told);
    CompletableFuture<@Nullable Void> closed = close(Duration.ZERO);
    assertThat(setup.flights.inFlight()).isZero();
    assertThat(closed).isNotDone();
    loop.runAll();
    assertThat(told.times()).isEqualTo(1);
    assertThat(closed).isDone();
  }

  @Test
  void aSecondCloseMayBeMoreImpatient() {
    Told told = setup.joined("a");
    CompletableFuture<@Nullable Void> first = close(Duration.ofMinutes(1));
    assertThat(close(Duration.ZERO)).isDone();
    assertThat(first).isDone();
    assertThat(told.times()).isEqualTo(1);
  }
}
