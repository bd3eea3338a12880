package resolver.upstream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.clock.DeadlineQueue;
import resolver.clock.LoopTimers;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.net.Sockets;
import resolver.selection.HedgeBudget;

/**
 * What one event loop needs to talk to upstream servers: its sockets, its random numbers, its
 * deadlines. Belongs to that loop; what is written in one turn of the loop is flushed at its end.
 *
 * <p>Servers may be asked that are not listed: by lookups that had begun before they were taken
 * out, and by questions beside the pipeline. Their sockets are given up after a while.
 */
final class UpstreamLoop {
  /** How long sockets to a server are kept that is not listed: longer than a lookup takes. */
  static final long UNLISTED_NANOS = 10_000_000_000L;

  private final EventLoop loop;
  private final Sockets sockets;
  private final Ticker ticker;
  private final Timers timers;
  private final RandomPool random = new RandomPool();
  private final Map<Server, UdpPool> udp = new HashMap<>();
  private final Map<Server, StreamLink> streams = new HashMap<>();
  private final Delays delays;
  private final HedgeBudget hedges = new HedgeBudget();
  private final DeadlineQueue ends;
  private final UpstreamSettings settings;
  private final StreamLink.Tools streamTools;
  private final Shield shield;
  private final long tcpIdle;
  private final long tlsIdle;
  private final Runnable flush = this::flush;
  private Set<Server> listed = Set.of();
  private int turn;
  private List<UdpPort> written = new ArrayList<>();
  private List<UdpPort> flushed = new ArrayList<>();

  /** The server that was asked last, which is mostly the one that is asked next, and its pool. */
  private @Nullable Server recent;

  private @Nullable UdpPool recentPool;

  /**
   * The upstream side of a loop.
   *
   * @param lookupTime how long a lookup may take in all
   * @param shield encrypts for the servers that want it
   * @param complaints is told of encrypted servers that cannot be used
   */
  UpstreamLoop(
      EventLoop loop,
      Sockets sockets,
      Ticker ticker,
      UpstreamSettings settings,
      Duration lookupTime,
      Shield shield,
      Complaints complaints) {
    this(loop, sockets, ticker, new LoopTimers(loop), settings, lookupTime, shield, complaints);
  }

  /** One with timers of one's own, for tests. */
  UpstreamLoop(
      EventLoop loop,
      Sockets sockets,
      Ticker ticker,
      Timers timers,
      UpstreamSettings settings,
      Duration lookupTime,
      Shield shield,
      Complaints complaints) {
    this.loop = loop;
    this.sockets = sockets;
    this.ticker = ticker;
    this.timers = timers;
    this.settings = settings;
    this.streamTools = new StreamLink.Tools(loop, sockets, ticker, timers, complaints);
    this.shield = shield;
    this.tcpIdle = settings.tcpIdle().toNanos();
    this.tlsIdle = settings.tlsIdle().toNanos();
    this.ends = new DeadlineQueue(ticker, timers, lookupTime.toNanos());
    this.delays = new Delays(ticker, timers);
  }

  EventLoop loop() {
    return loop;
  }

  /** Sends the query of an exchange. It may fail before this returns. */
  void begin(Exchange exchange) {
    Server server = exchange.server();
    if (!server.hasAddress()) {
      exchange.fail("its address is not known yet");
      return;
    }
    if (exchange.transport().isStream()) {
      linkTo(server).begin(exchange);
      return;
    }
    if (server.isEncrypted()) {
      // Whatever went wrong before: nothing for such a server ever travels in plain text.
      throw new IllegalStateException(server + " over " + exchange.transport());
    }
    UdpPort port = poolOf(server).begin(exchange);
    if (port != null && port.wantsFlush()) {
      if (written.isEmpty()) {
        loop.execute(flush);
      }
      written.add(port);
    }
  }

  private StreamLink linkTo(Server server) {
    StreamLink link = streams.get(server);
    if (link == null) {
      link = newLink(server);
      streams.put(server, link);
      letGoIfUnlisted(server);
    }
    return link;
  }

  /** TCP for one that is asked over UDP; the others are asked by what they are. */
  private StreamLink newLink(Server server) {
    return switch (server.protocol()) {
      case PLAIN ->
          new StreamLink(server, streamTools, tcpIdle, null, () -> new FrameCarrier(random, false));
      case TLS ->
          new StreamLink(
              server, streamTools, tlsIdle, shield, () -> new FrameCarrier(random, true));
      case HTTPS ->
          new StreamLink(server, streamTools, tlsIdle, shield, () -> new HttpCarrier(server));
    };
  }

  @SuppressWarnings("ReferenceEquality") // The map finds an equal one that is not the same.
  private UdpPool poolOf(Server server) {
    if (recentPool == null || server != recent) {
      UdpPool pool = udp.get(server);
      if (pool == null) {
        pool = new UdpPool(server.address(), loop, sockets, random, ticker, settings);
        udp.put(server, pool);
        letGoIfUnlisted(server);
      }
      recentPool = pool;
      recent = server;
    }
    return recentPool;
  }

  private void letGoIfUnlisted(Server server) {
    if (!listed.contains(server)) {
      timers.schedule(
          UNLISTED_NANOS,
          () -> {
            if (!listed.contains(server)) {
              letGo(server::equals);
            }
          });
    }
  }

  /** Where to set a deadline that lies so many nanoseconds ahead. */
  DeadlineQueue deadlines(long nanos) {
    return delays.of(nanos);
  }

  /** How many questions may go to a second server early. */
  HedgeBudget hedges() {
    return hedges;
  }

  /** The number of the next question; one thread too many costs a server its turn, no more. */
  int nextTurn() {
    return turn++;
  }

  /** Where to set the deadline of a lookup. */
  DeadlineQueue lookupDeadlines() {
    return ends;
  }

  /** Lets go of the sockets to servers that are not among those given. */
  void keepOnly(Set<Server> servers) {
    listed = servers;
    letGo(server -> !servers.contains(server));
  }

  private void letGo(Predicate<Server> which) {
    recent = null;
    recentPool = null;
    retire(udp, which, UdpPool::retire);
    retire(streams, which, StreamLink::retire);
  }

  private static <T> void retire(
      Map<Server, T> from, Predicate<Server> which, Consumer<T> retirement) {
    from.entrySet()
        .removeIf(
            each -> {
              boolean goes = which.test(each.getKey());
              if (goes) {
                retirement.accept(each.getValue());
              }
              return goes;
            });
  }

  /** Lets go of all sockets, and has lookups under way begin once more over fresh ones. */
  void startAnew() {
    letGo(server -> true);
    for (DeadlineQueue.Deadline each : ends.waiting()) {
      ((Lookup) each).startAnew();
    }
  }

  /** Sending can fail at once, and what then begins instead waits for the next flush. */
  private void flush() {
    List<UdpPort> now = written;
    written = flushed;
    flushed = now;
    now.forEach(UdpPort::flush);
    now.clear();
  }
}
