package resolver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "4.5s, PT4.5S",
    "0s, PT0S",
    "15m, PT15M",
    "1.5h, PT1H30M",
    "1d, PT24H",
    "' 2 s ', PT2S",
    "0.001s, PT0.001S",
    "100000d, PT2400000H",
  })
  void durationsAreReadWithTheirUnit(String text, Duration expected) {
    assertThat(Words.parseDuration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "5 s s", "5S", "5min", ".5s", "5.s", "1e3s", "1_000s", "٣s"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Words.parseDuration(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a duration");
  }

  @Test
  void durationsFinerThanMillisecondsAreRefused() {
    assertThatThrownBy(() -> Words.parseDuration("0.5ms"))
        .hasMessage("a duration of whole milliseconds");
    assertThat(Words.parseDuration("1.000s")).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void durationsBeyondAllSenseAreRefusedAndDoNotOverflow() {
    assertThatThrownBy(() -> Words.parseDuration("999999999999d"))
        .hasMessage("a duration of at most 100000d");
    assertThatThrownBy(() -> Words.parseDuration("100000.1d"))
        .hasMessage("a duration of at most 100000d");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.1S, 100ms",
    "PT0.999S, 999ms",
    "PT1S, 1s",
    "PT4.5S, 4.5s",
    "PT1M, 1m",
    "PT90S, 90s",
    "PT1H, 1h",
    "PT12H, 12h",
    "PT24H, 1d",
    "PT25H, 25h",
  })
  void durationsAreWrittenWithTheLargestUnitThatDividesThem(Duration duration, String expected) {
    assertThat(Words.duration(duration)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1500, 1500",
    "1500B, 1500",
    "512KiB, 524288",
    "64MiB, 67108864",
    "64m, 67108864",
    "1.5 gib, 1610612736",
    "1TiB, 1099511627776",
    "0.1KiB, 102",
    "999999999999TiB, 9223372036854775807",
  })
  void sizesAreReadInOctets(String text, long expected) {
    assertThat(Words.parseSize(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "64MB", "64 Mi B", "0x10", "1,5MiB", "1234567890123"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> Words.parseSize(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a size");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "1, 1B",
    "1000, 1000B",
    "1024, 1KiB",
    "1536, 1536B",
    "67108864, 64MiB",
    "1099511627776, 1TiB",
    "1125899906842624, 1024TiB",
  })
  void sizesAreWrittenWithTheLargestUnitThatDividesThem(long octets, String expected) {
    assertThat(Words.size(octets)).isEqualTo(expected);
  }

  @Test
  void whatIsWrittenIsReadAgainAsTheSame() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      Duration duration = Duration.ofMillis(random.nextLong(1L << (1 + random.nextInt(40))));
      long octets = random.nextLong(1L << (1 + random.nextInt(39)));
      assertThat(Words.parseDuration(Words.duration(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
      assertThat(Words.parseSize(Words.size(octets))).as("seed %d", seed).isEqualTo(octets);
    }
  }
}
