package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKeysTest {
  @Test
  void withRoomForAllItCountsExactly() {
    TopKeys<String> keys = new TopKeys<>(8);
    for (String key : List.of("a", "b", "a", "c", "a", "b")) {
      keys.add(key);
    }
    assertThat(keys.total()).isEqualTo(6);
    assertThat(keys.top(2))
        .containsExactly(new TopKeys.Counted<>("a", 3, 0), new TopKeys.Counted<>("b", 2, 0));
  }

  /** What the paper promises: no key counts too little, nor too much by more than is told. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void ofAnyNumberOfKeysTheFrequentOnesAreThere(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int room = 50;
    TopKeys<Integer> keys = new TopKeys<>(room);
    Map<Integer, Long> truth = new HashMap<>();
    int all = 100_000;
    for (int i = 0; i < all; i++) {
      int key = (int) (1 / (random.nextDouble() + 1e-5));
      keys.add(key);
      truth.merge(key, 1L, Long::sum);
    }
    Map<Integer, TopKeys.Counted<Integer>> counted = new HashMap<>();
    keys.top(room).forEach(each -> counted.put(each.key(), each));
    assertThat(counted).hasSize(room);
    truth.forEach(
        (key, count) -> {
          TopKeys.Counted<Integer> found = counted.get(key);
          if (found == null) {
            assertThat(count).as("seed %s, key %s", seed, key).isLessThanOrEqualTo(all / room);
          } else {
            assertThat(count)
                .as("seed %s, key %s", seed, key)
                .isBetween(found.count() - found.tooMany(), found.count());
          }
        });
  }

  @Test
  void whatIsLongAgoFades() {
    TopKeys<String> keys = new TopKeys<>(2);
    for (int i = 0; i < 8; i++) {
      keys.add("old");
    }
    keys.fade();
    keys.fade();
    keys.add("new");
    keys.add("new");
    keys.add("new");
    assertThat(keys.top(1)).containsExactly(new TopKeys.Counted<>("new", 3, 0));
    assertThat(keys.total()).isEqualTo(5);
  }
}
