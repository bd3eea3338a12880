package resolver.flight;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import resolver.clock.FaultLog;
import resolver.clock.Ticker;
import resolver.clock.Timers;

/**
 * Merges simultaneous runs for one key into one: the first caller starts the work, those who come
 * while it is under way wait for it, and all are told the same outcome. Nothing is kept: the next
 * call after the end starts anew. Any thread may call anything here; only {@link #runAndWait}
 * blocks.
 *
 * <p>The life of one flight:
 *
 * <ul>
 *   <li>A caller finds nothing in the map under its key, and puts a bare flight there with itself
 *       as the first waiter. Where somebody else was faster, it joins that flight instead.
 *   <li>The flight is counted in. Over the bound of flights the oldest that nobody joined lately
 *       gives way; where all are wanted, the newcomer is refused.
 *   <li>Its loader is called, on the caller's thread. From now on the caller is a waiter like any
 *       other: the flight goes on when it leaves, and carries nothing of it.
 *   <li>Others join, first come first served, and leave again, each for itself. When the last has
 *       left, the flight goes on for the sake of whoever asks next, but only a bounded number of
 *       flights do so; others are cancelled.
 *   <li>It may be forgotten: then the next caller starts anew, those who wait get the result of the
 *       old run, and nobody keeps that.
 *   <li>The loader, which has already put its result where others can find it, ends the flight; or
 *       the watchdog does, for no flight outlives its time even if its loader never ends.
 *   <li>At its end the flight is sealed: nobody joins any more. It is taken out of the map, then
 *       the result is published, and only then the waiters are told, each on its own executor, in
 *       slices. So whoever is told may ask again and gets a new run.
 * </ul>
 *
 * <p>What guards what: the map holds open flights, and is changed by {@code putIfAbsent} and {@code
 * remove(key, flight)} alone, never computing under a lock of its own. A flight's own lock guards
 * its line of waiters and its state; the sections are a few instructions long. A joiner that meets
 * a flight sealed but not yet removed helps to remove it and tries again. Each waiter is taken out
 * of its place by one atomic exchange, so it is told once or leaves, never both. The {@link Roster}
 * and the {@link Edges} have a lock each. No lock is taken under another one, and loaders, waiters,
 * executors, timers and listeners are called under none.
 */
public final class SingleFlight<K, V> {
  /** A flight with less time left than one try takes is of no use to newcomers: 400 ms. */
  static final long LAST_TRY = 400_000_000L;

  /**
   * What a waiter is taken to weigh, in octets, beside its key twice: its place, and what waits
   * behind it, which is a client's query, its address and deadline. The default memory holds some
   * 40,000.
   */
  static final int WAITER_WEIGHT = 512;

  /** What a flight is taken to weigh beside its key, in octets, the work of its loader included. */
  static final int FLIGHT_WEIGHT = 512;

  final Ticker ticker;
  final FlightListener<K, V> listener;
  final FaultLog faults;
  final Edges<K, V> edges = new Edges<>();
  final Roster<K, V> roster;
  final long timeNanos;

  private final FlightSettings settings;
  private final Timers timers;
  private final ToIntFunction<? super K> keyWeight;
  private final ConcurrentHashMap<K, Flight<K, V>> flights = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong weight = new AtomicLong();
  private final AtomicInteger detached = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> allTold = new CompletableFuture<>();

  /**
   * A group without flights.
   *
   * @param keyWeight what a key weighs, in octets by estimate; depends on the key alone
   * @param timers for the watchdog: on a thread that outlives the waiters' executors
   */
  public SingleFlight(
      FlightSettings settings,
      ToIntFunction<? super K> keyWeight,
      Ticker ticker,
      Timers timers,
      FlightListener<K, V> listener) {
    this.settings = settings;
    this.keyWeight = keyWeight;
    this.ticker = ticker;
    this.timers = timers;
    this.listener = listener;
    this.timeNanos = settings.deadline().toNanos();
    this.faults = new FaultLog(LoggerFactory.getLogger(SingleFlight.class), ticker);
    this.roster = new Roster<>(settings.maxFlights(), ticker, timers);
  }

  /**
   * Joins the flight of a key, or starts one. Never blocks; the loader, if it is called, is called
   * before this returns, and so may be the waiter where the loader is done at once.
   *
   * <p>Any bound that is reached is told by the ticket; it is never answered by a second run beside
   * an open flight.
   */
  public Ticket join(K key, Waiter<V> waiter, Loader<K, V> loader) {
    return join(key, waiter, loader, null, true);
  }

  /** As {@link #join}, but where a flight is under way no waiter is added to it. */
  public Ticket startUnlessUnderWay(K key, Waiter<V> waiter, Loader<K, V> loader) {
    return join(key, waiter, loader, null, false);
  }

  /**
   * Joins or starts, as a stage. It completes with an outcome whatever becomes of the flight, a
   * refused join included; exceptionally only when the executor rejects it.
   *
   * @param executor on which the stage completes
   */
  public CompletionStage<Outcome<V>> run(K key, Executor executor, Loader<K, V> loader) {
    Promise<V> promise = new Promise<>(executor);
    promise.settleUnlessWaiting(join(key, promise, loader));
    return promise.told;
  }

  /**
   * Joins or starts, and waits. For ordinary threads, never for an event loop.
   *
   * @throws TimeoutException when the outcome was not there in time; the flight goes on
   */
  public Outcome<V> runAndWait(K key, Loader<K, V> loader, Duration timeout)
      throws InterruptedException, TimeoutException {
    Promise<V> promise = new Promise<>(Runnable::run);
    Ticket ticket = join(key, promise, loader);
    promise.settleUnlessWaiting(ticket);
    try {
      return promise.told.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException rejected) {
      throw new IllegalStateException(rejected);
    } catch (TimeoutException late) {
      if (ticket.leave()) {
        throw late;
      }
      return promise.told.join();
    } finally {
      ticket.leave();
    }
  }

  /**
   * Lets the next caller of a key start anew. Those who wait still get the result of the present
   * run, which will not be kept.
   *
   * @return whether there was an open flight
   */
  public boolean forget(K key) {
    Flight<K, V> flight = flights.get(key);
    return flight != null && flight.forget(true);
  }

  /**
   * Forgets the flight of a key unless it is shared.
   *
   * @return whether the next caller starts anew: false only where a shared flight is open
   */
  public boolean forgetUnshared(K key) {
    Flight<K, V> flight = flights.get(key);
    return flight == null || flight.forget(false) || !flight.isOpen();
  }

  /**
   * Forgets every flight whose key matches, of those that were open when this was called.
   *
   * @return how many
   */
  public int forgetIf(Predicate<? super K> matches) {
    int count = 0;
    for (Flight<K, V> flight : flights.values()) {
      if (matches.test(flight.key) && flight.forget(true)) {
        count++;
      }
    }
    return count;
  }

  /** How many flights are under way, forgotten ones included. */
  public int inFlight() {
    return roster.size();
  }

  /** How many wait for the open flight of a key; 0 where there is none. */
  public int waiters(K key) {
    Flight<K, V> flight = flights.get(key);
    return flight == null ? 0 : flight.waiters();
  }

  /** How many flights are under way that nobody waits for. */
  public int detached() {
    return detached.get();
  }

  /** What flights and waiters weigh, in octets by estimate. */
  public long weight() {
    return weight.get();
  }

  /** The age of the oldest flight in nanoseconds, or 0. */
  public long oldestAge() {
    Flight<K, V> oldest = roster.oldest();
    return oldest == null ? 0 : ticker.nanos() - oldest.startedAt;
  }

  /** The flights under way, forgotten ones included, oldest first. */
  public List<FlightSnapshot<K>> snapshot() {
    long now = ticker.nanos();
    return roster.all().stream().map(flight -> flight.snapshot(now)).toList();
  }

  /**
   * Takes no more joins, and fails what is still under way after the grace. May be called again,
   * with a shorter grace.
   *
   * @return completes when the last waiter was told. One whose executor takes its task and never
   *     runs it holds this up: give the wait a deadline of its own, then stop the executors.
   */
  public CompletionStage<@Nullable Void> close(Duration grace) {
    roster.close();
    if (grace.isZero()) {
      failAll();
    } else {
      timers.schedule(grace.toNanos(), this::failAll);
    }
    unreserve(0);
    return allTold;
  }

  Ticket join(
      K key,
      Waiter<V> waiter,
      Loader<K, V> loader,
      @Nullable Flight<K, V> parent,
      boolean mayFollow) {
    while (!roster.isClosed()) {
      Flight<K, V> open = flights.get(key);
      Ticket ticket;
      if (open == null) {
        ticket = lead(key, waiter, loader, parent);
      } else if (mayFollow) {
        ticket = follow(open, waiter, parent);
      } else {
        ticket = open.isOpen() ? Ticket.refused(Joined.UNDER_WAY) : null;
      }
      if (ticket != null) {
        return ticket;
      }
      if (open != null) {
        remove(open);
      }
    }
    return Ticket.refused(Joined.CLOSING);
  }

  /** Starts a flight; null where somebody else was faster. */
  private @Nullable Ticket lead(
      K key, Waiter<V> waiter, Loader<K, V> loader, @Nullable Flight<K, V> parent) {
    long now = ticker.nanos();
    int own = FLIGHT_WEIGHT + keyWeight.applyAsInt(key);
    if (!reserve(own + placeWeight(own))) {
      return Ticket.refused(Joined.TOO_MUCH_MEMORY);
    }
    int depth = parent == null ? 1 : parent.depth + 1;
    Flight<K, V> flight = new Flight<>(this, ids.incrementAndGet(), key, own, depth, now);
    Waiting<K, V> leader = new Waiting<>(flight, waiter, parent, true, now);
    Joined refusal = parent == null ? null : edges.add(parent, leader);
    flight.lead(leader);
    if (refusal != null || flights.putIfAbsent(key, flight) != null) {
      leader.withdraw();
      unreserve(own);
      return refusal == null ? null : Ticket.refused(refusal);
    }
    flight.admit();
    refusal = roster.admit(flight);
    if (refusal != null) {
      flight.refuse(leader, refusal);
      return Ticket.refused(refusal);
    }
    flight.start(loader);
    return leader;
  }

  /** Joins a flight; null where it takes nobody any more. */
  private @Nullable Ticket follow(
      Flight<K, V> flight, Waiter<V> waiter, @Nullable Flight<K, V> parent) {
    if (!reserve(placeWeight(flight.weight))) {
      return Ticket.refused(Joined.TOO_MUCH_MEMORY);
    }
    Waiting<K, V> follower = new Waiting<>(flight, waiter, parent, false, ticker.nanos());
    Joined how = parent == null ? null : edges.add(parent, follower);
    if (how == null) {
      how = flight.attach(follower);
    }
    if (how == Joined.FOLLOWER) {
      return follower;
    }
    follower.withdraw();
    return how == null ? null : Ticket.refused(how);
  }

  void remove(Flight<K, V> flight) {
    flights.remove(flight.key, flight);
  }

  /** Whether one more flight may go on without waiters; counts it then. */
  boolean detach() {
    if (detached.incrementAndGet() <= settings.maxDetached()) {
      return true;
    }
    detached.decrementAndGet();
    return false;
  }

  /** A flight that went on without waiters has one again, or has ended. */
  void attachAgain() {
    detached.decrementAndGet();
  }

  /** Gives back what a place took. */
  void release(Waiting<K, V> place) {
    if (place.parent != null) {
      edges.remove(place.parent, place);
    }
    unreserve(placeWeight(place.flight.weight));
  }

  private static int placeWeight(int flightWeight) {
    return WAITER_WEIGHT + 2 * (flightWeight - FLIGHT_WEIGHT);
  }

  void unreserve(int octets) {
    if (weight.addAndGet(-octets) == 0 && roster.isClosed()) {
      allTold.complete(null);
    }
  }

  private boolean reserve(int octets) {
    if (weight.addAndGet(octets) <= settings.memory()) {
      return true;
    }
    unreserve(octets);
    return false;
  }

  private void failAll() {
    roster.all().forEach(flight -> flight.abort(FlightException.Reason.CLOSING));
  }
}
