package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import resolver.fixtures.ManualClock;

class MixedCaseTest {
  private static final String NAME = "\u0003www\u0012example-0123456789\u0003org\0";

  private final ManualClock clock = new ManualClock();
  private final MixedCase mixed = new MixedCase(new RandomPool(), clock);

  @Test
  void everyLetterIsLargeOrSmallAtRandomAndNothingElseChanges() {
    Set<String> seen = new HashSet<>();
    int large = 0;
    for (int i = 0; i < 1000; i++) {
      String spelt = mix();
      assertThat(spelt.toLowerCase(Locale.ROOT)).isEqualTo(NAME);
      seen.add(spelt);
      large += (int) spelt.chars().filter(Character::isUpperCase).count();
    }
    assertThat(seen).as("of 8,192 spellings").hasSizeGreaterThan(800);
    assertThat(large).as("of 13,000 letters").isBetween(6000, 7000);
  }

  @Test
  void moreLettersThanBitsAreMixedToo() {
    byte[] label = new byte[65];
    label[0] = 63;
    java.util.Arrays.fill(label, 1, 64, (byte) 'a');
    byte[] four = new byte[4 * 64 + 1];
    for (int i = 0; i < 4; i++) {
      System.arraycopy(label, 0, four, i * 64, 64);
    }
    assertThat(mixed.mix(four, 0)).isTrue();
    for (int i = 0; i < 4; i++) {
      int large = 0;
      for (int k = 1; k < 64; k++) {
        large += four[i * 64 + k] == 'A' ? 1 : 0;
      }
      assertThat(large).isBetween(5, 58);
    }
  }

  @Test
  void aServerWithASpellingOfItsOwnIsSparedAfterManyExchangesForAnHour() {
    for (int i = 1; i < MixedCase.MOST_STRANGE; i++) {
      mixed.wasStrange();
      assertThat(isMixed()).isTrue();
    }
    mixed.wasStrange();
    assertThat(isMixed()).isFalse();
    clock.advance(Duration.ofMinutes(59));
    assertThat(isMixed()).isFalse();
    clock.advance(Duration.ofMinutes(2));
    assertThat(isMixed()).isTrue();
  }

  @Test
  void oneThatKeepsTheSpellingCountsForAll() {
    for (int i = 0; i < 100; i++) {
      for (int k = 1; k < MixedCase.MOST_STRANGE; k++) {
        mixed.wasStrange();
      }
      mixed.wasKept();
    }
    assertThat(isMixed()).isTrue();
  }

  private boolean isMixed() {
    byte[] name = NAME.getBytes(StandardCharsets.ISO_8859_1);
    boolean may = mixed.mix(name, 0);
    if (!may) {
      assertThat(new String(name, StandardCharsets.ISO_8859_1)).isEqualTo(NAME);
    }
    return may;
  }

  private String mix() {
    byte[] name = NAME.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(mixed.mix(name, 0)).isTrue();
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
