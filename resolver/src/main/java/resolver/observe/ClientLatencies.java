package resolver.observe;

import resolver.query.QueryObserver.Way;
import resolver.query.Transport;

/**
 * How long clients waited for their answers, by transport and by the way that the answer took. Any
 * thread may write, each on a page of its own, and any thread may read.
 */
@SuppressWarnings("EnumOrdinal") // Places in memory only; nothing of them leaves the process.
public final class ClientLatencies {
  private static final int WAYS = Way.values().length;

  private final Cells cells = new Cells(Transport.values().length * WAYS * Cells.HISTOGRAM);

  /** So many queries were answered; each took so long. */
  void answered(Transport transport, Way way, long nanos, int queries) {
    cells.addToHistogram(cellOf(transport, way), nanos / 1000, queries);
  }

  /** In microseconds. */
  public Histogram micros(Transport transport, Way way) {
    return cells.histogram(cellOf(transport, way));
  }

  private static int cellOf(Transport transport, Way way) {
    return (transport.ordinal() * WAYS + way.ordinal()) * Cells.HISTOGRAM;
  }
}
