package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The soonest, as far as is known. */
class FastestTest {
  private static final Duration SOON = Duration.ofMillis(100);

  private final Site site = new Site(Policy.FASTEST, 3);

  @Test
  void theFastestIsFoundWithoutAnybodyWaitingForTheOthers() {
    site.responds(0, 80).responds(1, 20).responds(2, 300);
    assertThat(site.ask()).as("nothing is known").isEqualTo("s0");
    site.ask();
    Map<String, Integer> answered = site.ask(100, SOON);
    assertThat(answered).isEqualTo(Map.of("s1", 100));
  }

  @Test
  void aServerThatBecomesFasterIsFoundOut() {
    site.responds(0, 20).responds(1, 80).responds(2, 80);
    assertThat(site.ask(200, SOON)).isEqualTo(Map.of("s0", 200));
    site.responds(2, 5);
    site.ask(400, SOON);
    assertThat(site.ask()).isEqualTo("s2");
    assertThat(site.probes()).as("each other one every ten seconds").isBetween(8, 16);
  }

  @Test
  void aServerThatBecomesSlowerIsLeft() {
    site.responds(0, 20).responds(1, 40).responds(2, 80);
    site.ask(20, SOON);
    site.responds(0, 200);
    Map<String, Integer> answered = site.ask(100, SOON);
    assertThat(answered.get("s0")).isLessThan(5);
    assertThat(site.ask()).isEqualTo("s1");
  }

  @Test
  void aDeadServerIsNotTakenForFast() {
    site.responds(0, 10).responds(1, 20).responds(2, 30);
    site.ask(20, SOON);
    site.silent(0);
    site.ask(3, SOON);
    assertThat(site.ask(20, SOON)).isEqualTo(Map.of("s1", 20));
  }

  @Test
  void aRaceAsksTheTwoFastest() {
    Site race = new Site(Policy.RACE, 3);
    race.responds(0, 80).responds(1, 20).responds(2, 10);
    race.ask(3, SOON);
    assertThat(race.group().width()).isEqualTo(2);
    long order = race.group().order(7);
    assertThat(Order.at(order, 0)).isEqualTo(2);
    assertThat(Order.at(order, 1)).isEqualTo(1);
  }
}
