package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void everyBucketEndsWhereTheNextOneBegins() {
    for (int bucket = 0; bucket < Histogram.BUCKETS - 1; bucket++) {
      assertThat(Histogram.bucketOf(Histogram.mostOf(bucket))).isEqualTo(bucket);
      assertThat(Histogram.bucketOf(Histogram.mostOf(bucket) + 1)).isEqualTo(bucket + 1);
    }
  }

  @Test
  void aValueIsKnownToWithinAQuarter() {
    for (long value = 1; value < 1L << 32; value += 1 + value / 7) {
      long told = Histogram.mostOf(Histogram.bucketOf(value));
      assertThat(told).isBetween(value, value + value / 4);
    }
  }

  @Test
  void whatIsTooLargeOrNegativeIsCountedAtTheEnds() {
    assertThat(Histogram.bucketOf(Long.MAX_VALUE)).isEqualTo(Histogram.BUCKETS - 1);
    assertThat(Histogram.bucketOf(-1)).isZero();
  }

  @Test
  void whatIsBelowAPowerOfTwoIsKnownExactly() {
    long[] counts = new long[Histogram.BUCKETS];
    for (long value : new long[] {0, 1, 15, 16, 17, 1023, 1024, 5000}) {
      counts[Histogram.bucketOf(value)]++;
    }
    Histogram histogram = new Histogram(counts, 8096);

    assertThat(histogram.below(0)).isEqualTo(1);
    assertThat(histogram.below(4)).isEqualTo(3);
    assertThat(histogram.below(10)).isEqualTo(6);
    assertThat(histogram.below(13)).isEqualTo(8);
    assertThat(histogram.sum()).isEqualTo(8096);
  }

  @Test
  void quantilesAreFoundByRank() {
    long[] counts = new long[Histogram.BUCKETS];
    counts[1] = 5;
    counts[2] = 4;
    counts[Histogram.bucketOf(1000)] = 1;
    Histogram histogram = new Histogram(counts);

    assertThat(histogram.count()).isEqualTo(10);
    assertThat(histogram.quantile(0.5)).isEqualTo(1);
    assertThat(histogram.quantile(0.9)).isEqualTo(2);
    assertThat(histogram.quantile(1)).isBetween(1000L, 1250L);
  }

  @Test
  void nothingSeenIsZero() {
    assertThat(new Histogram(new long[Histogram.BUCKETS]).quantile(0.99)).isZero();
  }

  @Test
  void aShareOutsideItsRangeIsAnError() {
    Histogram histogram = new Histogram(new long[Histogram.BUCKETS]);

    assertThatThrownBy(() -> histogram.quantile(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> histogram.quantile(1.1)).hasMessageContaining("at most 1");
  }
}
