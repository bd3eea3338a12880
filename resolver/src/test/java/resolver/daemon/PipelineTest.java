package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.cache.CacheFill;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Pending;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;

/** The stages together, with a scripted upstream and a clock moved by hand. */
class PipelineTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";

  private final ManualClock clock = new ManualClock();
  private final ScriptedSource upstream = new ScriptedSource();
  private final Ledger ledger = new Ledger();
  private long heardAt = Long.MIN_VALUE;
  private final Core core =
      new Core(
          Settings.DEFAULTS, upstream, question -> heardAt, clock, clock, Runnable::run, ledger);

  @Test
  void aCrowdIsAnsweredByOneAskAndThenByTheCache() {
    List<Catcher> crowd = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      crowd.add(ask(WWW));
    }
    assertThat(upstream.asked()).isEqualTo(1);
    Answer answer = fresh(300);
    upstream.answer(0, answer);
    assertThat(crowd).allSatisfy(c -> assertThat(c.answers()).containsExactly(answer));
    assertThat(ask(WWW).answer()).isSameAs(answer);
    assertThat(upstream.asked()).isEqualTo(1);
    assertThat(ledger.get(Outcome.LEADER)).isEqualTo(1);
    assertThat(ledger.get(Outcome.FOLLOWER)).isEqualTo(999);
    assertThat(ledger.get(Outcome.HIT)).isEqualTo(1);
  }

  @Test
  void t10twoMissesHeldBeforeTheJoinMakeOneLoadAndOneEntry() {
    // Both miss the cache; then one after the other goes on to the group.
    List<Runnable> held = new ArrayList<>();
    AnswerSource behindTheMiss =
        core.group()
            .before(
                new CacheFill(
                    Settings.DEFAULTS.cache(),
                    core.cache(),
                    core.failures(),
                    clock,
                    ledger,
                    upstream));
    Catcher first = new Catcher();
    Catcher second = new Catcher();
    for (Catcher each : List.of(first, second)) {
      held.add(() -> behindTheMiss.ask(Ask.byClient(WWW, 0), each));
    }
    held.get(0).run();
    Answer answer = fresh(300);
    upstream.answer(0, answer);
    held.get(1).run();
    assertThat(first.answer()).isSameAs(answer);
    assertThat(second.answer()).isSameAs(answer);
    assertThat(upstream.asked()).isEqualTo(1);
    assertThat(ledger.get(Ledger.Count.RECHECK_HITS)).isEqualTo(1);
  }

  @Test
  void anExpiredAnswerIsAskedForAnew() {
    ask(WWW);
    upstream.answer(0, fresh(300));
    clock.advance(Duration.ofMinutes(5));
    Catcher later = ask(WWW);
    assertThat(later.answers()).isEmpty();
    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    assertThat(later.answer()).isSameAs(renewed);
  }

  @Test
  void sf10anUncacheableAnswerIsForThoseWhoWaitedAlone() {
    Catcher first = ask(WWW);
    Catcher second = ask(WWW);
    upstream.answer(0, fresh(0));
    assertThat(first.answers()).hasSize(1);
    assertThat(second.answers()).hasSize(1);
    ask(WWW);
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void t3aFailureIsSharedThenRememberedThenAskedAnew() {
    Catcher first = ask(WWW);
    Catcher second = ask(WWW);
    upstream.answer(0, Answer.local(2, Answer.Failure.UPSTREAM_RCODE));
    assertThat(first.answer().rcode()).isEqualTo(2);
    assertThat(second.answer().rcode()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      assertThat(ask(WWW).answer().rcode()).isEqualTo(2);
    }
    assertThat(upstream.asked()).isEqualTo(1);
    assertThat(ledger.get(Outcome.FAILURE_HIT)).isEqualTo(100);
    clock.advance(Duration.ofSeconds(5));
    ask(WWW);
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void t16aFloodOfRepetitionsDoesNotRenewTheFlight() {
    Catcher first = ask(WWW);
    for (int i = 0; i < 12; i++) {
      clock.advance(Duration.ofMillis(499));
      ask(WWW);
    }
    clock.advance(Duration.ofMillis(100));
    assertThat(first.answer().failure()).isEqualTo(Answer.Failure.TIMEOUT);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void t17aFlightWhoseAskersHaveLeftStillFillsTheCache() {
    Catcher early = new Catcher();
    Pending pending = core.sources().resolving().ask(Ask.byClient(WWW, 0), early);
    clock.advance(Duration.ofMillis(4500));
    pending.leave();
    Answer answer = fresh(300);
    upstream.answer(0, answer);
    assertThat(early.answers()).isEmpty();
    assertThat(ask(WWW).answer()).isSameAs(answer);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void t22aFlushDuringAFlightKeepsItsResultOut() {
    Catcher before = ask(WWW);
    core.flushBelow(Answers.name("example.org").toWire());
    Catcher after = ask(WWW);
    assertThat(upstream.asked()).as("who comes after the flush asks anew").isEqualTo(2);
    Answer old = fresh(300);
    upstream.answer(0, old);
    assertThat(before.answer()).isSameAs(old);
    assertThat(after.answers()).isEmpty();
    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    assertThat(after.answer()).isSameAs(renewed);
    assertThat(ask(WWW).answer()).isSameAs(renewed);
  }

  @Test
  void aFlushForgetsTheNamesBelowAndNoOthers() {
    Question other = Answers.question("www.example.com", "A");
    ask(WWW);
    upstream.answer(0, fresh(300));
    ask(other);
    upstream.answer(1, fresh(300));
    core.flushBelow(Answers.name("example.org").toWire());
    assertThat(ask(other).answers()).hasSize(1);
    assertThat(ask(WWW).answers()).isEmpty();
  }

  @Test
  void differentQuestionsAreDifferentFlights() {
    ask(WWW);
    ask(Answers.question("www.example.org", "AAAA"));
    ask(Question.of(WWW.name(), 1, 1, true));
    assertThat(upstream.asked()).isEqualTo(3);
    ask(Answers.question("WWW.EXAMPLE.ORG", "A"));
    assertThat(upstream.asked()).isEqualTo(3);
  }

  private Catcher ask(Question question) {
    Catcher catcher = new Catcher();
    core.sources().resolving().ask(Ask.byClient(question, 0), catcher);
    return catcher;
  }

  private Answer fresh(int ttl) {
    return Answers.answer(WWW, ttl, clock.nanos(), ADDRESS);
  }
}
