package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each in its turn. */
class RoundRobinTest {
  private static final Duration SOON = Duration.ofMillis(10);

  private final Site site = new Site(Policy.ROUND_ROBIN, 3);

  @Test
  void allHaveTheSameLoad() {
    site.responds(0, 10).responds(1, 200).responds(2, 10);
    assertThat(site.ask(90, SOON)).isEqualTo(Map.of("s0", 30, "s1", 30, "s2", 30));
  }

  @Test
  void theLoadOfADeadServerIsSharedByTheOthers() {
    site.responds(0, 10).responds(1, 10).responds(2, 10);
    site.ask(3, SOON);
    site.silent(1);
    site.ask(9, SOON);
    assertThat(site.ask(90, SOON)).isEqualTo(Map.of("s0", 45, "s2", 45));
  }

  @Test
  void turnsGoOnPastTheLargestNumber() {
    assertThat(Order.at(site.group().order(Integer.MIN_VALUE), 0)).isBetween(0, 2);
    assertThat(Order.at(site.group().order(-1), 0)).isBetween(0, 2);
  }
}
