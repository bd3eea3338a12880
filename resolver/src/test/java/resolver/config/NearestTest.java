package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> WORDS =
      List.of("listen", "threads", "udp-size", "tcp-idle", "size", "max-ttl", "min-ttl");

  @ParameterizedTest
  @CsvSource({
    "listen, listen",
    "lsiten, listen",
    "lsten, listen",
    "lissten, listen",
    "Listen, listen",
    "thread, threads",
    "udp_size, udp-size",
    "udpSize, udp-size",
    "tcpidle, tcp-idle",
    "siez, size",
    "max-tll, max-ttl",
    "mx-ttl, max-ttl",
    "mn-ttl, min-ttl",
  })
  void aSlipOfTheFingerIsUnderstood(String word, String expected) {
    assertThat(Nearest.of(word, WORDS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"banana", "''", "x", "silent-mode", "ttl"})
  void whatIsNearNothingIsNotGuessed(String word) {
    assertThat(Nearest.of(word, WORDS)).isEmpty();
  }

  @Test
  void theFirstOfEquallyNearOnesIsTaken() {
    assertThat(Nearest.of("mxn-ttl", WORDS)).isEqualTo("min-ttl");
    assertThat(Nearest.of("mxx-ttl", WORDS)).isEqualTo("max-ttl");
  }

  @Test
  void endlessWordsAreNotMeasured() {
    assertThat(Nearest.of("listen".repeat(100_000), WORDS)).isEmpty();
  }
}
