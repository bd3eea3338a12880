package resolver.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import resolver.observe.Histogram;

/**
 * Gathers the points of one reading into families, which have a name, a type and a help text each.
 * Names are without the suffixes that the text format adds. Used by one thread.
 */
final class Families {
  private static final double MICROS = 1e-6;

  /** Durations are told of in buckets that end at powers of two, from 16 us to 8.4 s. */
  private static final int LEAST_MICROS = 4;

  private static final int MOST_MICROS = 23;
  private static final int MOST_COUNT = 12;

  private final Map<String, MetricSnapshot.Builder<?>> families = new LinkedHashMap<>();

  /**
   * One point of a counter.
   *
   * @param labels names and values in turn
   */
  void counter(String name, String help, Number value, String... labels) {
    CounterSnapshot.Builder family = family(name, help, CounterSnapshot::builder);
    family.dataPoint(
        CounterSnapshot.CounterDataPointSnapshot.builder()
            .value(value.doubleValue())
            .labels(Labels.of(labels))
            .build());
  }

  /** One point of a gauge. */
  void gauge(String name, String help, Number value, String... labels) {
    GaugeSnapshot.Builder family = family(name, help, GaugeSnapshot::builder);
    family.dataPoint(
        GaugeSnapshot.GaugeDataPointSnapshot.builder()
            .value(value.doubleValue())
            .labels(Labels.of(labels))
            .build());
  }

  /** What never changes, told by labels. */
  void info(String name, String help, String... labels) {
    InfoSnapshot.Builder family = family(name, help, InfoSnapshot::builder);
    family.dataPoint(
        InfoSnapshot.InfoDataPointSnapshot.builder().labels(Labels.of(labels)).build());
  }

  /** One series of a histogram of microseconds, told in seconds. */
  void seconds(String name, String help, Histogram micros, String... labels) {
    List<Double> ends = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long before = 0;
    for (int i = LEAST_MICROS; i <= MOST_MICROS; i++) {
      long below = micros.below(i);
      ends.add((1L << i) / 1e6);
      counts.add(below - before);
      before = below;
    }
    histogram(name, help, ends, counts, micros, before, micros.sum() * MICROS, labels);
  }

  /** One series of a histogram of whole numbers, in buckets that end just below powers of two. */
  void numbers(String name, String help, Histogram numbers, String... labels) {
    List<Double> ends = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long before = 0;
    for (int i = 1; i <= MOST_COUNT; i++) {
      long below = numbers.below(i);
      ends.add((double) ((1L << i) - 1));
      counts.add(below - before);
      before = below;
    }
    histogram(name, help, ends, counts, numbers, before, (double) numbers.sum(), labels);
  }

  private void histogram(
      String name,
      String help,
      List<Double> ends,
      List<Long> counts,
      Histogram all,
      long told,
      double sum,
      String... labels) {
    ends.add(Double.POSITIVE_INFINITY);
    counts.add(all.count() - told);
    HistogramSnapshot.Builder family = family(name, help, HistogramSnapshot::builder);
    family.dataPoint(
        HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(ends, counts))
            .sum(sum)
            .labels(Labels.of(labels))
            .build());
  }

  /** All of them. */
  MetricSnapshots snapshots() {
    return new MetricSnapshots(
        families.values().stream().<MetricSnapshot>map(MetricSnapshot.Builder::build).toList());
  }

  @SuppressWarnings("unchecked") // A name has one type; another one fails at once.
  private <B extends MetricSnapshot.Builder<B>> B family(
      String name, String help, Supplier<B> fresh) {
    return (B) families.computeIfAbsent(name, any -> fresh.get().name(name).help(help));
  }
}
