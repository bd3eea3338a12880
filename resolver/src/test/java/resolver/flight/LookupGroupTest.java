package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.query.Ask.NOTHING_SEEN;
import static resolver.query.Ask.Purpose.CHILD;
import static resolver.query.Ask.Purpose.CLIENT;
import static resolver.query.Ask.Purpose.PREFETCH;
import static resolver.query.Ask.Purpose.STALE_REFRESH;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import resolver.fixtures.HandExecutor;
import resolver.fixtures.ManualClock;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.net.Sockets;
import resolver.query.Answer;
import resolver.query.Answer.Failure;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.query.Receiver;

/** Lookups that share a flight. */
class LookupGroupTest {
  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int SERVFAIL = 2;
  private static final Answer FOUND = Answer.local(0, Failure.NONE);
  private static final Question WWW = question("www.example.org", A);

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver seen = new RecordingObserver();
  private final ScriptedSource next = new ScriptedSource();
  private LookupGroup group = group(FlightSettings.DEFAULTS);
  private AnswerSource stage = group.before(next);

  /** A receiver that keeps what it gets. */
  private record Client(Executor executor, List<Answer> answers, List<Delivery> how)
      implements Receiver {
    Client() {
      this(Runnable::run);
    }

    Client(Executor executor) {
      this(executor, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public void receive(Answer answer, Delivery delivery) {
      answers.add(answer);
      how.add(delivery);
    }

    Answer answer() {
      assertThat(answers).hasSize(1);
      return answers.get(0);
    }

    void wasRefused(Failure failure, int code) {
      assertThat(answer().rcode()).isEqualTo(SERVFAIL);
      assertThat(answer().failure()).isEqualTo(failure);
      assertThat(answer().errors())
          .singleElement()
          .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  private LookupGroup group(FlightSettings settings) {
    return new LookupGroup(settings, clock, clock, seen);
  }

  private void use(FlightSettings settings) {
    group = group(settings);
    stage = group.before(next);
  }

  private static byte[] name(String text) {
    return Name.fromConstantString(text + ".").toWire();
  }

  private static Question question(String name, int type) {
    return Question.of(name(name), type, 1, false);
  }

  private Ask ask(Question question, Ask.Purpose purpose) {
    return new Ask(question, purpose, NOTHING_SEEN, clock.nanos() + 4_500_000_000L, null);
  }

  private Pending ask(Question question, Receiver to) {
    return stage.ask(ask(question, CLIENT), to);
  }

  private Client asked(Question question) {
    Client client = new Client();
    ask(question, client);
    return client;
  }

  private FlightView view(int heldIndex) {
    return Objects.requireNonNull(next.held(heldIndex).ask().flight());
  }

  @Test
  void aCrowdMakesOneLookupAndEachGetsItsAnswer() {
    List<Client> crowd = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      crowd.add(asked(i % 2 == 0 ? WWW : question("WWW.Example.ORG", A)));
    }
    assertThat(group.flights().waiters(WWW)).isEqualTo(1_000);
    assertThat(next.asked()).isEqualTo(1);
    next.answer(0, FOUND);
    assertThat(crowd).allSatisfy(client -> assertThat(client.answer()).isSameAs(FOUND));
    assertThat(crowd.get(0).how()).containsExactly(Delivery.fromFlight(true, true));
    assertThat(crowd.get(1).how()).containsExactly(Delivery.fromFlight(false, true));
    assertThat(seen.counts())
        .containsOnly(
            Map.entry("classified(LEADER)", 1),
            Map.entry("classified(FOLLOWER)", 999),
            Map.entry("flightStarted(CLIENT)", 1),
            Map.entry("flightEnded(NONE)", 1),
            Map.entry("delivered", 1_000));
  }

  @Test
  void otherQuestionsFlyApart() {
    asked(WWW);
    asked(question("www.example.org", AAAA));
    asked(Question.of(name("www.example.org"), A, 1, true));
    assertThat(next.asked()).isEqualTo(3);
  }

  @Test
  void theNextStageIsAskedInTheNameOfTheFlight() {
    asked(WWW);
    asked(WWW);
    Ask down = next.held(0).ask();
    assertThat(down.question()).isEqualTo(WWW);
    assertThat(down.purpose()).isEqualTo(CLIENT);
    assertThat(down.deadline()).isEqualTo(clock.nanos() + 6_000_000_000L);
    assertThat(view(0).waiters()).isEqualTo(2);
    assertThat(view(0).mayKeep()).isTrue();
    assertThat(view(0).deadline()).isEqualTo(down.deadline());
  }

  @Test
  void aFailureOfTheLookupIsAnAnswerLikeAnother() {
    Client client = asked(WWW);
    next.answer(0, Answer.local(SERVFAIL, Failure.NETWORK));
    assertThat(client.answer().failure()).isEqualTo(Failure.NETWORK);
    assertThat(seen.count("flightEnded(NETWORK)")).isEqualTo(1);
  }

  @Test
  void aDefectBelowBecomesServfailForAll() {
    AnswerSource broken =
        group.before(
            (ask, to) -> {
              throw new IllegalStateException("on purpose, by a test of the lookup group");
            });
    Client client = new Client();
    broken.ask(ask(WWW, CLIENT), client);
    client.wasRefused(Failure.DEFECT, 0);
    assertThat(seen.count("loaderThrew")).isEqualTo(1);
    assertThat(seen.count("flightEnded(DEFECT)")).isEqualTo(1);
    assertThat(group.flights().inFlight()).isZero();
  }

  @Test
  void aLookupThatNeverEndsFailsForAllAndIsLeft() {
    Client client = asked(WWW);
    clock.advance(Duration.ofSeconds(6));
    client.wasRefused(Failure.TIMEOUT, 22);
    assertThat(next.held(0).left()).isTrue();
    assertThat(seen.count("watchdogKilled")).isEqualTo(1);
    assertThat(seen.count("flightEnded(TIMEOUT)")).isEqualTo(1);
  }

  @Test
  void whoComesTooLateIsAnsweredAtOnceWithoutASecondLookup() {
    asked(WWW);
    clock.advance(Duration.ofMillis(5_700));
    Client late = asked(WWW);
    late.wasRefused(Failure.LIMIT, 22);
    assertThat(late.how()).containsExactly(Delivery.AT_ONCE);
    assertThat(next.asked()).isEqualTo(1);
    assertThat(seen.count("classified(SPILLED)")).isEqualTo(1);
  }

  @Test
  void overABoundTheClientIsAnsweredAtOnceAndTheFlightGoesOn() {
    use(new FlightSettings(Duration.ofSeconds(6), 1, 64 << 10, 0));
    Client first = asked(WWW);
    Client other = asked(question("other.example.org", A));
    other.wasRefused(Failure.LIMIT, 0);
    assertThat(other.answer().errors().get(0).text()).isEqualTo("too many waiting");
    Client follower = asked(WWW);
    next.answer(0, FOUND);
    assertThat(first.answer()).isSameAs(FOUND);
    assertThat(follower.answer()).isSameAs(FOUND);
    assertThat(next.asked()).isEqualTo(1);
    assertThat(seen.count("classified(SPILLED)")).isEqualTo(1);
  }

  @Test
  void aClientLeavesAloneAndTheLookupGoesOn() {
    Client leaver = new Client();
    Pending pending = ask(WWW, leaver);
    Client stayer = asked(WWW);
    pending.leave();
    next.answer(0, FOUND);
    assertThat(leaver.answers()).isEmpty();
    assertThat(stayer.answer()).isSameAs(FOUND);
    assertThat(seen.count("left")).isEqualTo(1);
    assertThat(seen.count("delivered")).isEqualTo(1);
  }

  @Test
  void whenAllHaveLeftTheLookupGoesOnOrIsLeftOverTheBound() {
    use(new FlightSettings(Duration.ofSeconds(6), 100, 64 << 10, 1));
    ask(WWW, new Client()).leave();
    ask(question("other.example.org", A), new Client()).leave();
    assertThat(next.held(0).left()).isFalse();
    assertThat(next.held(1).left()).isTrue();
    assertThat(seen.count("abandoned(false)")).isEqualTo(1);
    assertThat(seen.count("abandoned(true)")).isEqualTo(1);
  }

  @Test
  void aRefreshMayStartAFlightThatClientsJoin() {
    Client refresh = new Client();
    stage.ask(ask(WWW, PREFETCH), refresh);
    Client client = asked(WWW);
    next.answer(0, FOUND);
    assertThat(client.answer()).isSameAs(FOUND);
    assertThat(refresh.answer()).isSameAs(FOUND);
    assertThat(seen.count("flightStarted(PREFETCH)")).isEqualTo(1);
    assertThat(seen.count("classified(FOLLOWER)")).isEqualTo(1);
    assertThat(seen.count("classified(LEADER)")).isZero();
  }

  @Test
  void aRefreshThatFindsAFlightAddsNoWaiterAndIsToldSo() {
    asked(WWW);
    Client refresh = new Client();
    assertThat(stage.ask(ask(WWW, STALE_REFRESH), refresh)).isSameAs(Pending.DONE);
    refresh.wasRefused(Failure.LIMIT, 0);
    assertThat(view(0).waiters()).isEqualTo(1);
    assertThat(seen.count("classified(SPILLED)")).isZero();
    next.answer(0, FOUND);
    assertThat(refresh.answers()).hasSize(1);
  }

  @Test
  void aFlightsOwnAskJoinsAsItsChildAndARingFailsAtOnce() {
    Question one = question("one.example.org", A);
    Question two = question("two.example.org", A);
    asked(one);
    Client child = new Client();
    stage.ask(new Ask(two, CHILD, NOTHING_SEEN, clock.nanos(), view(0)), child);
    assertThat(next.asked()).isEqualTo(2);
    Client ring = new Client();
    stage.ask(new Ask(one, CHILD, NOTHING_SEEN, clock.nanos(), view(1)), ring);
    ring.wasRefused(Failure.LIMIT, 0);
    next.answer(1, FOUND);
    assertThat(child.answer()).isSameAs(FOUND);
    assertThat(seen.count("flightStarted(CHILD)")).isEqualTo(1);
  }

  @Test
  void forgettingASubtreeForgetsItsFlightsAlone() {
    Client old = asked(WWW);
    asked(question("example.com", A));
    byte[] domain = name("example.org");
    assertThat(group.forgetIf(question -> question.isAtOrBelow(domain))).isEqualTo(1);
    assertThat(view(0).mayKeep()).isFalse();
    assertThat(view(1).mayKeep()).isTrue();
    Client fresh = asked(WWW);
    next.answer(0, FOUND);
    assertThat(old.answer()).isSameAs(FOUND);
    assertThat(fresh.answers()).isEmpty();
    assertThat(seen.count("forgotten")).isEqualTo(1);
  }

  @Test
  void closingFailsWhatIsLeftAndTakesNoMore() {
    Client waiting = asked(WWW);
    assertThat(group.close(Duration.ofSeconds(1)).toCompletableFuture()).isNotDone();
    Client late = asked(WWW);
    late.wasRefused(Failure.CLOSING, 14);
    clock.advance(Duration.ofSeconds(1));
    waiting.wasRefused(Failure.CLOSING, 14);
    assertThat(next.held(0).left()).isTrue();
    assertThat(group.close(Duration.ZERO).toCompletableFuture()).isDone();
  }

  @Test
  void aLeaderWhoseLoopIsGoneDoesNotHoldItsNameForEver() {
    HandExecutor dead = new HandExecutor();
    ask(WWW, new Client(dead));
    HandExecutor alive = new HandExecutor();
    Client follower = new Client(alive);
    ask(WWW, follower);
    dead.shutDown();
    clock.advance(Duration.ofSeconds(6));
    alive.runAll();
    follower.wasRefused(Failure.TIMEOUT, 22);

    Client again = new Client(alive);
    ask(WWW, again);
    next.answer(1, FOUND);
    alive.runAll();
    assertThat(again.answer()).isSameAs(FOUND);
    assertThat(seen.count("left")).as("the leader, out of reach").isEqualTo(1);
  }

  @Test
  void anAnswerReadyOnTheClientsLoopGoesBeforeItsDeadline() throws Exception {
    DefaultEventLoop loop = new DefaultEventLoop();
    try {
      asked(WWW);
      Client client = new Client(loop);
      Pending pending = ask(WWW, client);
      CountDownLatch answered = new CountDownLatch(1);
      CountDownLatch left = new CountDownLatch(1);
      loop.execute(
          () -> {
            awaitAnyway(answered);
            pending.leave();
            left.countDown();
          });
      next.answer(0, FOUND);
      answered.countDown();
      assertThat(left.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(client.answer()).isSameAs(FOUND);
      assertThat(seen.count("left")).isZero();
    } finally {
      Sockets.end(loop, 1000).syncUninterruptibly();
    }
  }

  private static void awaitAnyway(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
