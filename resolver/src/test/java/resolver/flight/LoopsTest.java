package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.flight.Joined.ENDED;
import static resolver.flight.Joined.FOLLOWER;
import static resolver.flight.Joined.LEADER;
import static resolver.flight.Joined.LOOP;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Flights that wait for other flights. */
class LoopsTest {
  private final Setup setup = new Setup();
  private final HeldLoads loads = setup.loads;

  private Ticket child(int ofRun, String key, Told told) {
    return loads.run(ofRun).flight().joinChild(key, told, loads);
  }

  private Joined child(int ofRun, String key) {
    return child(ofRun, key, new Told()).joined();
  }

  @Test
  void aChildsOutcomeReachesItsParent() {
    Told client = setup.joined("a");
    Told parent = new Told();
    assertThat(child(0, "b", parent).joined()).isEqualTo(LEADER);
    assertThat(setup.flights.snapshot().get(0).waitsFor())
        .containsExactly(loads.run(1).flight().id());
    loads.end(1, "for b");
    assertThat(setup.flights.snapshot().get(0).waitsFor()).isEmpty();
    loads.end(0, "with " + parent.value());
    assertThat(client.value()).isEqualTo("with for b");
  }

  @Test
  void aFlightThatWantsItsOwnKeyIsALoop() {
    setup.joined("a");
    assertThat(child(0, "a")).isEqualTo(LOOP);
    assertThat(setup.flights.waiters("a")).isEqualTo(1);
  }

  @Test
  void twoClientsFlightsThatWantEachOtherAreALoop() {
    setup.joined("a");
    setup.joined("b");
    assertThat(child(0, "b")).isEqualTo(FOLLOWER);
    assertThat(child(1, "a")).isEqualTo(LOOP);
  }

  @Test
  void aRingOfThreeIsALoop() {
    setup.joined("a");
    setup.joined("b");
    setup.joined("c");
    assertThat(child(0, "b")).isEqualTo(FOLLOWER);
    assertThat(child(1, "c")).isEqualTo(FOLLOWER);
    assertThat(child(2, "a")).isEqualTo(LOOP);
    assertThat(child(2, "d")).isEqualTo(LEADER);
  }

  @Test
  void twoWaysToOneFlightAreNoLoop() {
    setup.joined("a");
    assertThat(child(0, "b")).isEqualTo(LEADER);
    assertThat(child(0, "c")).isEqualTo(LEADER);
    assertThat(child(1, "d")).isEqualTo(LEADER);
    assertThat(child(2, "d")).isEqualTo(FOLLOWER);
    assertThat(child(0, "d")).isEqualTo(FOLLOWER);
  }

  @Test
  void whenTheWayBackHasEndedThereIsNoLoopAnyMore() {
    setup.joined("a");
    setup.joined("b");
    assertThat(child(0, "b")).isEqualTo(FOLLOWER);
    loads.end(1, "for b");
    setup.joined("b");
    assertThat(child(2, "a")).isEqualTo(FOLLOWER);
  }

  @Test
  void aRingOverAForgottenFlightIsStillALoop() {
    setup.joined("a");
    child(0, "b");
    setup.flights.forget("a");
    assertThat(child(1, "a")).as("a new run").isEqualTo(LEADER);
    assertThat(child(2, "b")).isEqualTo(LOOP);
  }

  @Test
  void aChainEndsAtSixteen() {
    setup.joined("1");
    for (int depth = 2; depth <= 16; depth++) {
      assertThat(child(depth - 2, String.valueOf(depth))).isEqualTo(LEADER);
    }
    assertThat(child(15, "17")).isEqualTo(LOOP);
    assertThat(loads.count()).isEqualTo(16);
    assertThat(setup.flights.inFlight()).isEqualTo(16);
  }

  @Test
  void aFlightJoinsSixtyFourOthersAtMost() {
    setup.joined("a");
    for (int i = 0; i < 64; i++) {
      assertThat(child(0, "child-" + i)).isEqualTo(LEADER);
    }
    assertThat(child(0, "one-more")).isEqualTo(LOOP);
    loads.end(1, "done");
    assertThat(child(0, "one-more")).as("in all, not at once").isEqualTo(LOOP);
  }

  @Test
  void whenTooManyEdgesWouldHaveToBeWalkedItCountsAsALoop() {
    setup.joined("root");
    int parents = Edges.MAX_WALK / Edges.MAX_CHILDREN + 1;
    for (int p = 0; p < parents; p++) {
      assertThat(child(0, "parent-" + p)).isEqualTo(LEADER);
    }
    for (int p = 1; p <= parents; p++) {
      for (int i = 0; i < Edges.MAX_CHILDREN; i++) {
        child(p, "leaf-" + i);
      }
    }
    int other = loads.count();
    setup.joined("other");
    assertThat(child(other, "root")).isEqualTo(LOOP);
    assertThat(child(other, "parent-0")).isEqualTo(FOLLOWER);
  }

  @Test
  void aFlightThatEndsLeavesItsChildren() {
    Setup none = new Setup(Setup.settings(100, 0));
    none.joined("a");
    Told parent = new Told();
    none.loads.run(0).flight().joinChild("b", parent, none.loads);
    none.loads.end(0, "without b");
    assertThat(parent.times()).isZero();
    assertThat(none.nothingIsLeft()).as("the child was cancelled").isTrue();
  }

  @Test
  void aFlightThatHasEndedJoinsNobody() {
    setup.joined("a");
    setup.pass(Duration.ofSeconds(6));
    assertThat(child(0, "b")).isEqualTo(ENDED);
    assertThat(setup.nothingIsLeft()).isTrue();
  }
}
