package resolver.control;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.util.List;
import resolver.clock.Ticker;
import resolver.observe.QueryLine;
import resolver.observe.QueryTaps;
import resolver.observe.QueryWatch;
import resolver.query.SettledQuery;

/**
 * {@code tail}: the queries as they are settled, as far as they pass a filter. Begins with an
 * object that says so, and tells between the queries how many were lost because the reader is slow.
 *
 * <p>Clients are told by their addresses: nothing is kept, and whoever may open the socket could
 * see them on the wire.
 */
public final class TailCommand implements ControlCommand {
  private static final long LOOK_NANOS = 500_000_000;

  /** Queries between two looks whether the reader is still there, while there are queries. */
  private static final int LOOK_AFTER = 1000;

  private final QueryTaps taps;
  private final Ticker ticker;

  /** Watches the queries that come to these taps. */
  public TailCommand(QueryTaps taps, Ticker ticker) {
    this.taps = taps;
    this.ticker = ticker;
  }

  @Override
  public String name() {
    return "tail";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException, InterruptedException {
    TailFilter filter = TailFilter.parse(words);
    try (QueryWatch watch = watch(taps)) {
      out.object(json -> json.name("watching").value(true));
      long left = filter.count();
      int seen = 0;
      while (left > 0) {
        SettledQuery query = watch.poll();
        if (query == null || ++seen % LOOK_AFTER == 0) {
          tellLost(watch, out);
          if (!out.isOpen()) {
            return;
          }
        }
        if (query == null) {
          watch.await(LOOK_NANOS);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        } else if (filter.matches(query)) {
          String client = NetUtil.toAddressString(query.client().getAddress());
          out.object(QueryLine.of(query, client, ticker)::writeTo);
          left--;
        }
      }
    }
  }

  /** Watches, unless too many do. */
  static QueryWatch watch(QueryTaps taps) {
    try {
      return taps.watch();
    } catch (IllegalStateException e) {
      throw new ControlException(
          e.getMessage() + " (end one of them: resolve tail or resolve top)", ControlServer.BUSY);
    }
  }

  private static void tellLost(QueryWatch watch, ControlReply out) throws IOException {
    long lost = watch.takeLost();
    if (lost > 0) {
      out.object(json -> json.name("lost").value(lost));
    }
  }
}
