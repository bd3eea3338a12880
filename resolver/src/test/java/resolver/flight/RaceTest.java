package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.ManualClock;

/** Windows between two steps, held open on purpose first and then hunted for with two threads. */
class RaceTest {
  /** A key that can do something once when a map asks for its hash. */
  private static final class Trap {
    private volatile Runnable sprung = () -> {};

    @Override
    public int hashCode() {
      Runnable now = sprung;
      sprung = () -> {};
      now.run();
      return 7;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Trap;
    }
  }

  @Test
  void aJoinerBetweenSealAndRemovalGetsARunOfItsOwn() {
    ManualClock clock = new ManualClock();
    SingleFlight<Trap, String> flights =
        new SingleFlight<>(
            FlightSettings.DEFAULTS, key -> 8, clock, clock, new FlightListener<>() {});
    List<Completion<String>> runs = new ArrayList<>();
    Loader<Trap, String> loader = (key, flight, done) -> runs.add(done);
    Trap key = new Trap();
    Told first = new Told();
    Told between = new Told();
    flights.join(key, first, loader);

    key.sprung =
        () -> {
          assertThat(first.times()).as("nobody is told before the removal").isZero();
          assertThat(flights.join(new Trap(), between, loader).joined()).isEqualTo(Joined.LEADER);
        };
    runs.get(0).value("one");

    assertThat(first.value()).isEqualTo("one");
    assertThat(between.times()).isZero();
    assertThat(flights.waiters(new Trap())).as("the successor is in the map").isEqualTo(1);
    runs.get(1).value("two");
    assertThat(between.value()).isEqualTo("two");
    assertThat(flights.inFlight()).isZero();
  }

  @Test
  void aJoinerBetweenRemovalAndDeliveryGetsARunOfItsOwn() {
    Setup setup = new Setup();
    Told first = setup.joined("a");
    Told between = new Told();
    setup.tally.atEnd =
        () -> {
          setup.tally.atEnd = () -> {};
          assertThat(first.times()).isZero();
          assertThat(setup.join("a", between).joined()).isEqualTo(Joined.LEADER);
        };
    setup.loads.end(0, "one");
    assertThat(first.value()).isEqualTo("one");
    setup.loads.end(1, "two");
    assertThat(between.value()).isEqualTo("two");
  }

  @Test
  void aJoinerThatMeetsTheBareFlightBeforeItsLoaderRunsFollowsIt() {
    Setup setup = new Setup();
    Told inside = new Told();
    Loader<String, String> loader =
        (key, flight, done) -> {
          assertThat(setup.join("a", inside).joined()).isEqualTo(Joined.FOLLOWER);
          done.value("one");
        };
    setup.flights.join("a", new Told(), loader);
    assertThat(inside.value()).isEqualTo("one");
    assertThat(setup.loads.count()).isZero();
  }

  private static final int ITERATIONS = 100_000;

  /**
   * Two threads meet at a barrier and then each do what the dice say, to one key: join, complete,
   * leave, forget, or let the watchdog's time pass. Whatever happens, each waiter with a place is
   * told once or has left, and nothing remains.
   */
  @ParameterizedTest(name = "flights that may go on without waiters: {0}")
  @ValueSource(ints = {0, 1})
  void everyWaiterIsToldOnceOrHasLeftWhateverRaces(int maxDetached) throws Exception {
    long seed = new Random().nextLong();
    Race race = new Race(maxDetached);
    CyclicBarrier barrier = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> one = threads.submit(() -> race.run(barrier, new Random(seed)));
      Future<?> two = threads.submit(() -> race.run(barrier, new Random(seed + 1)));
      one.get();
      two.get();
    } finally {
      threads.shutdownNow();
    }
    race.finish();
    race.check("seed " + seed);
  }

  @Test
  void twoHalvesOfARingAddedAtOnceAreFound() throws Exception {
    Setup setup = new Setup();
    Queue<Joined> found = new ConcurrentLinkedQueue<>();
    String[] keys = {"one", "two"};
    CyclicBarrier barrier =
        new CyclicBarrier(
            2,
            () -> {
              setup.loads.endAll();
              setup.joined(keys[0]);
              setup.joined(keys[1]);
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> halves = new ArrayList<>();
      for (int half = 0; half < 2; half++) {
        int own = half;
        halves.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    barrier.await();
                    FlightContext<String, String> flight = setup.loads.run(own).flight();
                    found.add(flight.joinChild(keys[1 - own], new Told(), setup.loads).joined());
                  }
                  return null;
                }));
      }
      for (Future<?> half : halves) {
        half.get();
      }
    } finally {
      threads.shutdownNow();
    }
    setup.loads.endAll();
    assertThat(found.stream().filter(how -> how == Joined.LOOP)).hasSize(20_000);
    assertThat(found.stream().filter(how -> how == Joined.FOLLOWER)).hasSize(20_000);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void whoeverGetsAPlaceWhileTheGroupClosesIsTold() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      for (int i = 0; i < 5_000; i++) {
        Setup setup = new Setup();
        List<Told> placed = new ArrayList<>();
        Future<?> joins =
            threads.submit(
                () -> {
                  barrier.await();
                  for (int j = 0; j < 4; j++) {
                    Told told = new Told();
                    if (setup.join("key-" + j / 2, told).joined().waits()) {
                      placed.add(told);
                    }
                  }
                  return null;
                });
        barrier.await();
        CompletionStage<?> closed = setup.flights.close(Duration.ZERO);
        joins.get();
        assertThat(closed.toCompletableFuture()).isDone();
        assertThat(placed).allSatisfy(told -> assertThat(told.times()).isEqualTo(1));
        assertThat(setup.nothingIsLeft()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What the two threads share. */
  private static final class Race {
    private final ManualClock clock = new ManualClock();
    private final Tally<String, String> tally = new Tally<>();
    private final int maxDetached;
    private final SingleFlight<String, String> flights;
    private final Deque<Completion<String>> runs = new ConcurrentLinkedDeque<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger leavings = new AtomicInteger();
    private final AtomicInteger twice = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    private Race(int maxDetached) {
      this.maxDetached = maxDetached;
      this.flights =
          new SingleFlight<>(Setup.settings(2, maxDetached), String::length, clock, clock, tally);
    }

    private Void run(CyclicBarrier barrier, Random dice) throws Exception {
      for (int i = 0; i < ITERATIONS; i++) {
        barrier.await();
        Ticket ticket = join();
        switch (dice.nextInt(20)) {
          case 0, 1, 2, 3, 4, 5 -> complete();
          case 6, 7, 8 -> flights.forget("a");
          case 9 -> clock.advance(Duration.ofSeconds(1 + dice.nextInt(6)));
          default -> leave(ticket);
        }
      }
      return null;
    }

    private Ticket join() {
      AtomicInteger times = new AtomicInteger();
      Waiter<String> waiter =
          new Waiter<>() {
            @Override
            public java.util.concurrent.Executor executor() {
              return Runnable::run;
            }

            @Override
            public void complete(Outcome<String> outcome) {
              told.incrementAndGet();
              if (times.incrementAndGet() > 1) {
                twice.incrementAndGet();
              }
            }
          };
      Ticket ticket = flights.join("a", waiter, (key, flight, done) -> started(done));
      if (ticket.joined().waits()) {
        placed.incrementAndGet();
      }
      return ticket;
    }

    private void started(Completion<String> done) {
      loads.incrementAndGet();
      runs.add(done);
    }

    /** Ends the newest run. */
    private void complete() {
      Completion<String> run = runs.pollLast();
      if (run != null) {
        run.value("done");
      }
    }

    private void leave(Ticket ticket) {
      if (ticket.leave()) {
        leavings.incrementAndGet();
      }
    }

    private void finish() {
      while (!runs.isEmpty()) {
        complete();
      }
    }

    private void check(String hint) {
      assertThat(twice).as(hint).hasValue(0);
      assertThat(placed.get()).as(hint).isEqualTo(told.get() + leavings.get());
      assertThat(tally.delivered.get()).as(hint).isEqualTo(told.get());
      assertThat(tally.left.get()).as(hint).isEqualTo(leavings.get());
      assertThat(tally.lost.get()).as(hint).isZero();
      assertThat(tally.ended.get()).as(hint).isEqualTo(loads.get());
      assertThat(flights.inFlight()).as(hint).isZero();
      assertThat(flights.weight()).as(hint).isZero();
      assertThat(flights.detached()).as(hint).isZero();
      assertThat(flights.waiters("a")).as(hint).isZero();
      AtomicInteger abandoned = maxDetached == 0 ? tally.cancelled : tally.finishing;
      assertThat(List.of(told, leavings, tally.forgotten, tally.killed, abandoned))
          .as("every path was taken, %s", hint)
          .allSatisfy(count -> assertThat(count.get()).isPositive());
    }
  }
}
