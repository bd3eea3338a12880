package resolver.observe;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Numbers that only grow. Every thread that adds has a page of its own which it alone writes,
 * without lock and without a shared cell; a reader adds up the pages.
 */
final class Cells {
  /** How many cells a histogram takes: its buckets, and the sum. */
  static final int HISTOGRAM = Histogram.BUCKETS + 1;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final List<long[]> pages = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<long[]> page;

  /** So many cells, all zero. */
  Cells(int size) {
    page =
        new FastThreadLocal<>() {
          @Override
          protected long[] initialValue() {
            long[] fresh = new long[size];
            pages.add(fresh);
            return fresh;
          }
        };
  }

  /** Adds to a cell. */
  void add(int cell, long more) {
    add(page.get(), cell, more);
  }

  /** Adds one value to the buckets and the sum of a histogram that begins at a cell. */
  void addToHistogram(int first, long value, long times) {
    addToHistogram(page.get(), first, value, times);
  }

  /** The sum of a cell over all threads. */
  long sum(int cell) {
    long sum = 0;
    for (long[] each : pages) {
      sum += (long) CELL.getOpaque(each, cell);
    }
    return sum;
  }

  /** The histogram that begins at a cell. */
  Histogram histogram(int first) {
    return histogram(pages, first);
  }

  /** Adds to a histogram of a page that belongs to the calling thread. */
  static void addToHistogram(long[] own, int first, long value, long times) {
    add(own, first + Histogram.bucketOf(value), times);
    add(own, first + Histogram.BUCKETS, Math.max(0, value) * times);
  }

  /** The histogram at a place of pages, which others may be writing to. */
  static Histogram histogram(Iterable<long[]> pages, int first) {
    long[] counts = new long[Histogram.BUCKETS];
    long sum = 0;
    for (long[] each : pages) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += (long) CELL.getOpaque(each, first + i);
      }
      sum += (long) CELL.getOpaque(each, first + Histogram.BUCKETS);
    }
    return new Histogram(counts, sum);
  }

  /** One writer a page: a plain read and an opaque write lose nothing. */
  private static void add(long[] own, int cell, long more) {
    CELL.setOpaque(own, cell, own[cell] + more);
  }
}
