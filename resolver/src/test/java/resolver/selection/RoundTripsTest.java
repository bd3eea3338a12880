package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTripsTest {
  private static final long MILLI = 1_000_000;

  /** RFC 6298 section 2.2: SRTT is R, RTTVAR is R/2. */
  @Test
  void rfc6298Section22theFirstSampleIsTheEstimate() {
    long one = RoundTrips.with(RoundTrips.NONE, 80 * MILLI, true);
    assertThat(RoundTrips.smoothed(one)).isEqualTo(80 * MILLI);
    assertThat(RoundTrips.deviation(one)).isEqualTo(40 * MILLI);
  }

  /** RFC 6298 section 2.3: with alpha 1/8 and beta 1/4. */
  @Test
  void rfc6298Section23furtherSamplesAreSmoothed() {
    long one = RoundTrips.with(RoundTrips.NONE, 80 * MILLI, true);
    long two = RoundTrips.with(one, 160 * MILLI, false);
    assertThat(RoundTrips.smoothed(two)).isEqualTo(90 * MILLI);
    assertThat(RoundTrips.deviation(two)).isEqualTo(50 * MILLI);
  }

  @Test
  void whatIsMeasuredSeldomWeighsMore() {
    long one = RoundTrips.with(RoundTrips.NONE, 80 * MILLI, true);
    assertThat(RoundTrips.smoothed(RoundTrips.with(one, 160 * MILLI, true))).isEqualTo(120 * MILLI);
  }

  @Test
  void noRoundTripIsTakenForNone() {
    assertThat(RoundTrips.with(RoundTrips.NONE, 0, true)).isNotEqualTo(RoundTrips.NONE);
    long shrunk = RoundTrips.with(RoundTrips.NONE, 1000, true);
    for (int i = 0; i < 100; i++) {
      shrunk = RoundTrips.with(shrunk, 0, false);
    }
    assertThat(RoundTrips.smoothed(shrunk)).isPositive();
  }

  @Test
  void theLongestTimeStaysWithinItsBits() {
    long packed = RoundTrips.NONE;
    for (int i = 0; i < 100; i++) {
      packed = RoundTrips.with(packed, i % 2 == 0 ? Long.MAX_VALUE : 1, false);
      assertThat(RoundTrips.smoothed(packed)).isPositive();
      assertThat(RoundTrips.deviation(packed)).isNotNegative();
    }
  }
}
