package resolver.selection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site in virtual time: servers that respond after a while of their own or not at all, and a
 * client that asks one question after the other as a lookup would, without retries.
 */
final class Site {
  /** Since when the times of all tests count. */
  static final long START = 1_000_000_000_000L;

  private static final TryTimes TRY_TIMES = new TryTimes(400_000_000, 100_000_000);

  private final List<ServerState> servers = new ArrayList<>();
  private final List<@Nullable Duration> delays = new ArrayList<>();
  private final Map<String, Integer> asked = new LinkedHashMap<>();
  private final ServerGroup group;
  private long now = START;
  private int turn;
  private int probes;

  /** Servers called s0, s1 and so on, none of which responds yet. */
  Site(Policy policy, int count) {
    for (int i = 0; i < count; i++) {
      servers.add(new ServerState("s" + i));
      delays.add(null);
    }
    group = new ServerGroup(servers, policy, START);
  }

  ServerGroup group() {
    return group;
  }

  ServerState server(int index) {
    return servers.get(index);
  }

  long now() {
    return now;
  }

  /** How many probes were sent. */
  int probes() {
    return probes;
  }

  /** From now on a server responds after so long. */
  Site responds(int server, long millis) {
    delays.set(server, Duration.ofMillis(millis));
    return this;
  }

  /** From now on a server does not respond. */
  Site silent(int server) {
    delays.set(server, null);
    return this;
  }

  void pass(Duration time) {
    now += time.toNanos();
  }

  /**
   * Asks one question, with what time-outs and probes it takes; tells who answered, or "nobody".
   */
  String ask() {
    long order = group.order(turn++);
    for (int place = 0; place < group.size(); place++) {
      int server = Order.at(order, place);
      if (place == 0) {
        servers.get(server).asked(now);
        int probed = group.claimProbe(server, now);
        if (probed != ServerGroup.NOBODY) {
          probes++;
          exchange(probed, false);
        }
      }
      if (exchange(server, true)) {
        asked.merge(servers.get(server).name(), 1, Integer::sum);
        return servers.get(server).name();
      }
    }
    return "nobody";
  }

  /** Asks so many questions; tells who answered how many. */
  Map<String, Integer> ask(int questions, Duration apart) {
    asked.clear();
    for (int i = 0; i < questions; i++) {
      ask();
      pass(apart);
    }
    return Map.copyOf(asked);
  }

  private boolean exchange(int index, boolean waits) {
    ServerState server = servers.get(index);
    Duration delay = delays.get(index);
    long nanos = delay == null ? server.tryNanos(TRY_TIMES, 0) : delay.toNanos();
    if (waits) {
      now += nanos;
    }
    if (delay == null) {
      server.failed(now, "no response");
    } else {
      server.responded(nanos, now);
    }
    return delay != null;
  }
}
