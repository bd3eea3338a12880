package resolver.daemon;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import resolver.cache.AnswerCache;
import resolver.cache.CacheFill;
import resolver.cache.CacheLookup;
import resolver.cache.CacheSettings;
import resolver.cache.FailureCache;
import resolver.cache.LastWord;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.config.Settings;
import resolver.flight.LookupGroup;
import resolver.net.Sockets;
import resolver.query.AnswerSource;
import resolver.query.Pipeline;
import resolver.query.QueryObserver;
import resolver.query.TtlLimits;
import resolver.server.Sources;
import resolver.upstream.Forwarder;

/** The shared half, put together: it knows questions, and no clients. */
final class Core {
  /** A lookup gives up this long before its flight would be failed, so that it can say why. */
  private static final Duration BEFORE_WATCHDOG = Duration.ofMillis(250);

  private final AnswerCache cache;
  private final FailureCache failures;
  private final LookupGroup group;
  private final Forwarder forwarder;
  private final Sources sources;

  /**
   * The shared half on some event loops.
   *
   * @param watchdog timers on a thread that outlives the loops
   * @param offLoop where large responses are parsed
   */
  Core(
      Settings settings,
      Sockets sockets,
      EventLoopGroup loops,
      Ticker ticker,
      Timers watchdog,
      Executor offLoop,
      QueryObserver observer) {
    cache = new AnswerCache(settings.cache(), ticker);
    forwarder =
        new Forwarder(
            loops,
            sockets,
            ticker,
            settings.upstream(),
            limits(settings.cache()),
            settings.lookup().deadline().minus(BEFORE_WATCHDOG),
            offLoop,
            observer);
    failures =
        new FailureCache(
            ticker,
            settings.cache().failureTtl(),
            settings.cache().maxFailureTtl(),
            forwarder::heardAt);
    group = new LookupGroup(settings.lookup(), ticker, watchdog, observer);

    Pipeline.Stage cached = next -> new CacheLookup(cache, failures, observer, next);
    // The order of the pipeline; the first that knows the answer gives it.
    AnswerSource resolving =
        Pipeline.of(
            List.of(
                cached,
                // Behind the cache, so that a hit costs no flight.
                group,
                // Inside the flight: nobody else asks now, so look again before asking.
                next -> new CacheFill(cache, failures, observer, next)),
            forwarder);
    sources =
        new Sources(
            resolving,
            Pipeline.of(List.of(cached), LastWord.notCached(observer)),
            Pipeline.of(List.of(cached), LastWord.tooManyWaiting(observer)));
  }

  AnswerCache cache() {
    return cache;
  }

  LookupGroup group() {
    return group;
  }

  Forwarder forwarder() {
    return forwarder;
  }

  /** The roads into the shared half. */
  Sources sources() {
    return sources;
  }

  private static TtlLimits limits(CacheSettings settings) {
    return new TtlLimits(
        Math.toIntExact(settings.minTtl().toSeconds()),
        Math.toIntExact(settings.maxTtl().toSeconds()),
        Math.toIntExact(settings.maxNegativeTtl().toSeconds()));
  }
}
