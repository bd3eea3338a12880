package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Strict order, and the way back to it. */
class SequentialTest {
  private static final Duration SOON = Duration.ofMillis(100);

  private final Site site = new Site(Policy.SEQUENTIAL, 3);

  @Test
  void theFirstIsAskedHoweverSlowItIs() {
    site.responds(0, 300).responds(1, 1).responds(2, 1);
    assertThat(site.ask(100, SOON)).isEqualTo(Map.of("s0", 100));
    assertThat(site.probes()).isZero();
  }

  @Test
  void aSingleLossChangesNothing() {
    site.responds(0, 10).responds(1, 10);
    site.ask();
    site.silent(0);
    assertThat(site.ask()).isEqualTo("s1");
    site.responds(0, 10);
    assertThat(site.ask(100, SOON)).isEqualTo(Map.of("s0", 100));
  }

  @Test
  void aDeadServerIsPassedOverAndTakenAgainWhenItIsBack() {
    site.responds(0, 10).responds(1, 10).responds(2, 10);
    site.ask();
    site.silent(0);
    site.ask(3, SOON);
    long before = site.now();
    assertThat(site.ask()).isEqualTo("s1");
    assertThat(site.now() - before).as("nobody waits for the first").isEqualTo(10_000_000);
    site.responds(0, 10);
    Map<String, Integer> answered = site.ask(60, SOON);
    assertThat(site.probes()).isEqualTo(1);
    assertThat(answered.get("s0")).as("it is back within 5 s").isGreaterThan(10);
    assertThat(site.ask()).isEqualTo("s0");
  }

  @Test
  void probesOfADeadServerCostTheClientNothingAndBecomeRare() {
    site.responds(0, 10).responds(1, 10);
    site.ask();
    site.silent(0);
    site.ask(3, SOON);
    for (int i = 0; i < 1000; i++) {
      long before = site.now();
      assertThat(site.ask()).isEqualTo("s1");
      assertThat(site.now() - before).isEqualTo(10_000_000);
      site.pass(SOON);
    }
    // In 110 s: after 5, 10, 20, 40 s, each from the one before.
    assertThat(site.probes()).isEqualTo(4);
  }

  @Test
  void whereAllAreDeadTheOrderIsAsListed() {
    for (int i = 0; i < 5; i++) {
      assertThat(site.ask()).isEqualTo("nobody");
    }
    assertThat(site.group().isDown()).isTrue();
    assertThat(site.group().order(0)).isEqualTo(Order.asListed(0b111));
    site.responds(1, 10);
    assertThat(site.ask()).as("nobody is written off").isEqualTo("s1");
    assertThat(site.group().isDown()).isFalse();
  }

  @Test
  void theOnlyServerIsNeverWrittenOff() {
    Site alone = new Site(Policy.SEQUENTIAL, 1);
    for (int i = 0; i < 20; i++) {
      alone.ask();
    }
    alone.responds(0, 10);
    assertThat(alone.ask()).isEqualTo("s0");
    assertThat(alone.probes()).as("it is asked anyway").isZero();
  }

  @Test
  void whileAllAreDeadAndNobodyAsksEachIsProbedEveryFiveSeconds() {
    for (int i = 0; i < 3; i++) {
      site.ask();
    }
    assertThat(site.group().isDown()).isTrue();
    site.pass(Duration.ofSeconds(60));
    for (int round = 0; round < 4; round++) {
      for (int server = 0; server < 3; server++) {
        assertThat(site.group().claimProbeWhileDown(site.now())).isEqualTo(server);
        site.server(server).failed(site.now(), "no response");
      }
      assertThat(site.group().claimProbeWhileDown(site.now())).isEqualTo(ServerGroup.NOBODY);
      site.pass(Duration.ofSeconds(5));
    }
    site.server(2).responded(10_000_000, site.now());
    assertThat(site.group().claimProbeWhileDown(site.now())).isEqualTo(ServerGroup.NOBODY);
  }
}
