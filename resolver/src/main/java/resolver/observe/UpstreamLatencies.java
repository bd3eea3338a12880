package resolver.observe;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How long upstream servers took to respond, by server. Each thread that tells of a server has a
 * histogram of its own for it, which it alone writes; any thread may read, or forget a server.
 */
public final class UpstreamLatencies {
  /** Beyond so many servers all further ones are told of as one. */
  static final int MOST = 64;

  static final String OTHERS = "others";

  private final List<Map<String, long[]>> pages = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<Map<String, long[]>> page =
      new FastThreadLocal<>() {
        @Override
        protected Map<String, long[]> initialValue() {
          Map<String, long[]> fresh = new ConcurrentHashMap<>();
          pages.add(fresh);
          return fresh;
        }
      };

  void responded(String server, long nanos) {
    Map<String, long[]> own = page.get();
    long[] cells = own.get(server);
    if (cells == null) {
      String name = own.size() < MOST ? server : OTHERS;
      cells = own.computeIfAbsent(name, any -> new long[Cells.HISTOGRAM]);
    }
    Cells.addToHistogram(cells, 0, nanos / 1000, 1);
  }

  /** Forgets the servers that are asked no more. */
  void keepOnly(Collection<String> servers) {
    pages.forEach(each -> each.keySet().retainAll(servers));
  }

  /** In microseconds, by the name of the server. */
  public Map<String, Histogram> micros() {
    Map<String, List<long[]>> byName = new TreeMap<>();
    pages.forEach(
        each ->
            each.forEach(
                (name, cells) ->
                    byName.computeIfAbsent(name, any -> new ArrayList<>()).add(cells)));
    Map<String, Histogram> all = new TreeMap<>();
    byName.forEach((name, cells) -> all.put(name, Cells.histogram(cells, 0)));
    return all;
  }
}
