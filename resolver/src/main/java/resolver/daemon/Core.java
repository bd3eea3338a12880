package resolver.daemon;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.cache.AnswerCache;
import resolver.cache.CacheFill;
import resolver.cache.CacheLookup;
import resolver.cache.CacheLookup.Uses;
import resolver.cache.CacheRules;
import resolver.cache.CacheSettings;
import resolver.cache.FailureCache;
import resolver.cache.LastWord;
import resolver.cache.ServeStale;
import resolver.cache.StaleAnswers;
import resolver.clock.LoopTimers;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.config.Settings;
import resolver.control.FlushCommand;
import resolver.flight.LookupGroup;
import resolver.net.Sockets;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Pipeline;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.ServerNews;
import resolver.selection.AliasRoute;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.server.Sources;
import resolver.upstream.AliasChaser;
import resolver.upstream.Forwarder;

/** The shared half, put together: it knows questions, and no clients. */
final class Core {
  /** A lookup gives up this long before its flight would be failed, so that it can say why. */
  private static final Duration BEFORE_WATCHDOG = Duration.ofMillis(250);

  private final AnswerCache cache;
  private final FailureCache failures;
  private final LookupGroup group;
  private final Sources sources;
  private final AliasRoute aliasRoute;
  private final KeptAsides asides;
  private volatile Function<Question, @Nullable Answer> localAnswers = question -> null;
  private volatile Routes routes = Routes.NONE;

  /**
   * The shared half before a last source.
   *
   * @param last asks upstream
   * @param news when the servers that are asked a question were heard
   * @param watchdog timers on a thread that outlives the event loops
   * @param offLoop for work that would keep an event loop for too long
   */
  Core(
      Settings settings,
      AnswerSource last,
      ServerNews news,
      Ticker ticker,
      Timers watchdog,
      Executor offLoop,
      QueryObserver observer) {
    CacheSettings kept = settings.cache();
    aliasRoute = settings.upstream().aliasRoute();
    cache = new AnswerCache(kept, new CacheRules(kept), ticker);
    StaleAnswers stale = new StaleAnswers(kept, ticker);
    failures = new FailureCache(ticker, kept.failureTtl(), kept.maxFailureTtl(), news);
    group = new LookupGroup(settings.lookup(), ticker, watchdog, observer);
    asides = new KeptAsides(cache, () -> routes);

    // Whoever does not desire recursion gets nothing stale (RFC 8767 section 5).
    Pipeline.Stage fresh =
        next -> new CacheLookup(cache, failures, null, observer, Uses.IGNORED, next);
    Pipeline.Stage cached =
        next -> new CacheLookup(cache, failures, stale, observer, Uses.NOTED, next);
    Pipeline.Stage renewed =
        next -> new CacheLookup(cache, failures, stale, observer, Uses.RENEWING, next);
    Pipeline.Stage patient =
        next ->
            new ServeStale(
                kept,
                settings.server().clientDeadline(),
                cache,
                stale,
                at -> timersOf(at, watchdog),
                observer,
                next);
    // The order of the pipeline; the first that knows the answer gives it.
    AnswerSource resolving =
        Pipeline.of(
            List.of(
                renewed,
                // Before the flight, which many wait for: patience is each client's own.
                patient,
                // Behind the cache, so that a hit costs no flight.
                group,
                // Inside the flight: nobody else asks now, so look again before asking.
                next -> new CacheFill(kept, cache, failures, ticker, observer, next),
                // What a server left out is asked for by the same road, from its beginning.
                next ->
                    new AliasChaser(
                        this::askForTarget,
                        asides,
                        this::spaceOf,
                        BEFORE_WATCHDOG,
                        at -> timersOf(at, watchdog),
                        ticker,
                        offLoop,
                        next)),
            last);
    sources =
        new Sources(
            resolving,
            Pipeline.of(List.of(fresh), LastWord.notCached(observer)),
            Pipeline.of(List.of(cached, patient), LastWord.tooManyWaiting(observer)),
            Pipeline.of(List.of(cached, patient), LastWord.limited(observer)),
            cache::freshAndNotDue);
  }

  /** The shared half before a forwarder, on the threads of a daemon. */
  static Core before(
      Forwarder last, Settings settings, Threads threads, Ticker ticker, QueryObserver observer) {
    return new Core(settings, last, last, ticker, threads.watchdog(), threads.offLoop(), observer);
  }

  /** The last source of a daemon: on its event loops, with its time for a lookup. */
  static Forwarder forwarder(
      Settings settings, Sockets sockets, Threads threads, Ticker ticker, QueryObserver observer) {
    return new Forwarder(
        threads.loops(),
        sockets,
        ticker,
        settings.upstream(),
        new CacheRules(settings.cache())::limits,
        settings.lookup().deadline().minus(BEFORE_WATCHDOG),
        threads.offLoop(),
        observer);
  }

  AnswerCache cache() {
    return cache;
  }

  FailureCache failures() {
    return failures;
  }

  LookupGroup group() {
    return group;
  }

  /**
   * Has the targets of dangling aliases answered like questions of clients, by the first policy
   * door: no name that may not be asked upstream is asked for because an alias leads to it.
   *
   * @param answers gives the answer to a question, or null where it goes on its way
   */
  void answerTargetsBy(Function<Question, @Nullable Answer> answers) {
    localAnswers = answers;
  }

  /**
   * Follows these routes from now on, and forgets what is known of names that took another one, and
   * nothing of any others. Whoever asks upstream must follow them already.
   */
  synchronized void use(Routes next) {
    Routes before = routes;
    // First, so that nothing that came by the old ones is filed by the new ones.
    asides.forgetting();
    routes = next;
    flushIf(before.differenceTo(next));
  }

  /** The routes that are followed; never those whose names are being forgotten just now. */
  synchronized Routes routes() {
    return routes;
  }

  private int spaceOf(Question target, Question asked) {
    return routes.spaceOf(target, asked, aliasRoute);
  }

  private Pending askForTarget(Ask ask, Receiver to) {
    Answer local = localAnswers.apply(ask.question());
    if (local == null) {
      return sources.resolving().ask(ask, to);
    }
    to.receive(local, Delivery.AT_ONCE);
    return Pending.DONE;
  }

  /** The roads into the shared half. */
  Sources sources() {
    return sources;
  }

  /**
   * Forgets all that is known of a name, and nothing of the names below it.
   *
   * @param name a whole name as octets, letters small
   */
  void flush(byte[] name) {
    byte[] own = name.clone();
    flushIf(question -> question.isAt(own));
  }

  /** Forgets everything. */
  void flush() {
    forgetLookups(question -> true);
    cache.clear();
    failures.clear();
  }

  /** Forgets what says that something does not exist, and all failures. */
  void flushNegatives() {
    // What is under way may be about to learn the same again, asked before the flush.
    forgetLookups(question -> true);
    cache.clearNegatives();
    failures.clear();
  }

  /** Forgets all failures: what failed a moment ago may not fail now. */
  void forgetFailures() {
    failures.clear();
  }

  /**
   * Forgets all that is known of a name and the names below it.
   *
   * @param name a whole name as octets, letters small
   */
  void flushBelow(byte[] name) {
    byte[] own = name.clone();
    flushIf(question -> question.isAtOrBelow(own));
  }

  /** What an operator may have forgotten. */
  FlushCommand.Flushing flushing() {
    return new FlushCommand.Flushing() {
      @Override
      public void name(byte[] name) {
        flush(name);
      }

      @Override
      public void subtree(byte[] name) {
        flushBelow(name);
      }

      @Override
      public void negatives() {
        flushNegatives();
      }

      @Override
      public void all() {
        flush();
      }
    };
  }

  /** How many answers are kept for names that would take another route by these. */
  long keptElsewhereBy(List<Route> next) {
    Routes now = routes;
    return cache.count(now.differenceTo(now.replacedBy(next)));
  }

  private void flushIf(Predicate<Question> matches) {
    forgetLookups(matches);
    cache.clearIf(matches);
    failures.clearIf(matches);
  }

  /**
   * Comes before what is kept is cleared: what lookups under way bring is then not kept, and
   * whatever they have just brought is cleared.
   */
  private void forgetLookups(Predicate<Question> matches) {
    asides.forgetting();
    group.forgetIf(matches);
  }

  /** Timers that run on an executor: its own where it is an event loop. */
  private static Timers timersOf(Executor executor, Timers watchdog) {
    return executor instanceof EventExecutor loop
        ? new LoopTimers(loop)
        : (delay, task) -> watchdog.schedule(delay, () -> executor.execute(task));
  }
}
