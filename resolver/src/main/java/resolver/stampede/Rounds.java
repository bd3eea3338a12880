package resolver.stampede;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.query.Transport;
import resolver.rendezvous.AsyncCyclicBarrier;
import resolver.rendezvous.AsyncSemaphore;
import resolver.rendezvous.Place;

/**
 * Leads the clients through the rounds, all of which are alike:
 *
 * <ul>
 *   <li>A semaphore for each transport lets as many in as a round needs of it.
 *   <li>At the first barrier they wait for one another; its action makes the fresh name.
 *   <li>At the second they have their answers, or have given up; its action sums the round up, and
 *       only then are the slots free for others.
 * </ul>
 *
 * <p>Any thread may call. The actions run while all clients stand still. A round that takes far too
 * long is a defect of this program, and ends everything.
 */
final class Rounds {
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final StampedeSettings settings;
  private final CountingUpstream upstream;
  private final Ticker ticker;
  private final Timers timers;
  private final Consumer<RoundResult> listener;
  private final int token;
  private final Map<Transport, AsyncSemaphore> slots;
  private final AsyncCyclicBarrier before;
  private final AsyncCyclicBarrier behind;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /** Written by the actions alone. */
  private final List<RoundResult> results = new ArrayList<>();

  private Round current;
  private Timers.@Nullable Timeout watch;

  Rounds(
      StampedeSettings settings,
      CountingUpstream upstream,
      Ticker ticker,
      Timers timers,
      int token,
      Consumer<RoundResult> listener) {
    this.settings = settings;
    this.upstream = upstream;
    this.ticker = ticker;
    this.timers = timers;
    this.listener = listener;
    this.token = token;
    int clients = settings.clientsPerRound();
    slots =
        Map.of(
            Transport.UDP, new AsyncSemaphore(settings.udpPerRound()),
            Transport.TCP, new AsyncSemaphore(settings.tcpPerRound()));
    before = new AsyncCyclicBarrier(clients, timers, this::begin);
    behind = new AsyncCyclicBarrier(clients, timers, this::end);
    current = round(0);
    watch();
  }

  /** The time, in nanoseconds since an arbitrary origin. */
  long now() {
    return ticker.nanos();
  }

  /** A slot in the next round that has one free. */
  CompletionStage<Void> slot(Transport transport, Executor executor) {
    return slots(transport).acquire(executor);
  }

  /** Gives the slot back, once the round is over. */
  void free(Transport transport) {
    slots(transport).release();
  }

  /** Ready to ask. */
  Place ready(Executor executor) {
    return before.await(executor);
  }

  /** The round under way, for those who came through the first barrier. */
  Round current() {
    return current;
  }

  /** Has asked. */
  Place done(Executor executor) {
    return behind.await(executor);
  }

  /** Completes when all rounds are over, or when they were stopped. */
  CompletionStage<Void> over() {
    return over;
  }

  /** Ends what is under way; whole rounds stay. */
  void stop() {
    before.close();
    behind.close();
    over.complete(null);
  }

  /** The whole rounds so far. */
  List<RoundResult> results() {
    synchronized (results) {
      return List.copyOf(results);
    }
  }

  private AsyncSemaphore slots(Transport transport) {
    return java.util.Objects.requireNonNull(slots.get(transport));
  }

  private void begin(long number) {
    watch();
    current = round(number);
  }

  /** The first few are there to warm up. */
  private Round round(long number) {
    long counted = number - settings.warmUps();
    return new Round(
        counted < 0 ? RoundName.trial(number, token) : RoundName.of(counted + 1, token),
        settings.clientsPerRound());
  }

  private void end(long number) {
    watch();
    if (number >= settings.warmUps()) {
      RoundResult result = current.result(upstream.countOf(current.name));
      synchronized (results) {
        results.add(result);
      }
      listener.accept(result);
    }
    if (number + 1 == settings.warmUps() + settings.rounds()) {
      stop();
    }
  }

  private synchronized void watch() {
    if (watch != null) {
      watch.cancel();
    }
    watch =
        timers.schedule(
            settings.timeout().toNanos() + PATIENCE_NANOS,
            () -> fail(new IllegalStateException("the crowd stands still")));
  }

  private void fail(IllegalStateException defect) {
    over.completeExceptionally(defect);
    stop();
  }
}
