package resolver.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TtlLimitsTest {
  private static final TtlLimits LIMITS = new TtlLimits(60, 86_400, 900);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 60",
    "60, 60",
    "61, 61",
    "86400, 86400",
    "86401, 86400",
    "2147483647, 86400",
    "2147483648, 86400",
    "4294967295, 86400"
  })
  void aPositiveTtlStaysWithinTheLimitsUnlessItIsZero(long ttl, int expected) {
    assertThat(LIMITS.positive(ttl)).isEqualTo(expected);
  }

  /** RFC 8767 section 4: large, and then capped; however the number was read. */
  @ParameterizedTest
  @CsvSource({"-1, 86400", "-2147483648, 86400"})
  void aTopBitCountsAsLarge(int ttl, int expected) {
    assertThat(LIMITS.positive(ttl)).isEqualTo(expected);
    assertThat(LIMITS.negative(ttl, ttl)).isEqualTo(900);
  }

  @ParameterizedTest
  @CsvSource({
    "3600, 300, 300",
    "300, 3600, 300",
    "3600, 3600, 900",
    "0, 300, 0",
    "300, 0, 0",
    "4294967295, 300, 300"
  })
  void rfc2308Section5aNegativeTtlIsTheLowestOfSoaMinimumAndCap(
      long soa, long minimum, int expected) {
    assertThat(LIMITS.negative(soa, minimum)).isEqualTo(expected);
  }
}
