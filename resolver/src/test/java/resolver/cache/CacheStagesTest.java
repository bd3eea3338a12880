package resolver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.FixedFlight;
import resolver.fixtures.ManualClock;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.ServerNews;

/** The two stages at the cache, and the cache itself. */
class CacheStagesTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";
  private static final String SOA =
      "example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 300";

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final AnswerCache cache =
      new AnswerCache(CacheSettings.DEFAULTS, new CacheRules(CacheSettings.DEFAULTS), clock);
  private final StaleAnswers stale = new StaleAnswers(CacheSettings.DEFAULTS, clock);
  private final List<Ask> asked = new ArrayList<>();
  private long heardAt = Long.MIN_VALUE;
  private long backAt = Long.MIN_VALUE;
  private final FailureCache failures =
      new FailureCache(
          clock,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          new ServerNews() {
            @Override
            public long heardAt(Question question) {
              return heardAt;
            }

            @Override
            public long backAt(Question question) {
              return backAt;
            }
          });

  @Test
  void aFreshAnswerIsGivenAtOnce() {
    Answer answer = fresh(300);
    cache.keep(WWW, answer);
    assertThat(lookUp(client(WWW)).answers()).containsExactly(answer);
    assertThat(asked).isEmpty();
    assertThat(ledger.get(Outcome.HIT)).isEqualTo(1);
  }

  @Test
  void anAnswerIsFreshUntilItsTtlIsOver() {
    cache.keep(WWW, fresh(300));
    clock.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(lookUp(client(WWW)).answers()).hasSize(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(lookUp(client(WWW)).answers()).isEmpty();
    assertThat(asked).hasSize(1);
  }

  @Test
  void onlyNewsSatisfiesARefresh() {
    Answer old = fresh(300);
    cache.keep(WWW, old);
    Ask refresh = new Ask(WWW, Ask.Purpose.PREFETCH, old.arrivedAt(), 0, null);
    assertThat(lookUp(refresh).answers()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    Answer newer = fresh(300);
    cache.keep(WWW, newer);
    assertThat(lookUp(refresh).answers()).containsExactly(newer);
    assertThat(ledger.get(Outcome.HIT)).as("a refresh is no client").isZero();
  }

  @Test
  void rfc2308NxdomainHoldsForEveryTypeOfTheName() {
    cache.keep(WWW, Answers.negative(WWW, 3, 300, clock.nanos(), SOA));
    assertThat(lookUp(client(Answers.question("WWW.example.org", "MX"))).answers()).hasSize(1);
    assertThat(lookUp(client(Answers.question("a.www.example.org", "A"))).answers()).isEmpty();
  }

  @Test
  void nodataHoldsForItsTypeAlone() {
    cache.keep(WWW, Answers.negative(WWW, 0, 300, clock.nanos(), SOA));
    assertThat(lookUp(client(WWW)).answers()).hasSize(1);
    assertThat(lookUp(client(Answers.question("www.example.org", "MX"))).answers()).isEmpty();
  }

  @Test
  void rfc6604NxdomainBehindAnAliasIsNotAboutTheName() {
    Answer alias =
        Answers.of(
            3,
            Answers.image(WWW, 300, 1, "www.example.org. 300 IN CNAME gone.example.org."),
            Answers.image(WWW, 300, 1, "www.example.org. 300 IN CNAME gone.example.org."),
            300,
            clock.nanos());
    cache.keep(WWW, alias);
    assertThat(lookUp(client(WWW)).answers()).containsExactly(alias);
    assertThat(lookUp(client(Answers.question("www.example.org", "MX"))).answers()).isEmpty();
  }

  @Test
  void anAnswerWithoutCheckingIsNotForThoseWhoWantIt() {
    Question unchecked = Question.of(WWW.name(), 1, 1, true);
    cache.keep(unchecked, fresh(300));
    assertThat(lookUp(client(WWW)).answers()).isEmpty();
    assertThat(lookUp(client(unchecked)).answers()).hasSize(1);
  }

  @Test
  void rfc1035aTtlOfZeroIsForThisTransactionOnly() {
    cache.keep(WWW, fresh(0));
    assertThat(cache.size()).isZero();
  }

  @Test
  void theBudgetHolds() {
    CacheSettings settings = CacheSettings.DEFAULTS.withSize(1 << 20);
    AnswerCache small = new AnswerCache(settings, new CacheRules(settings), clock);
    Answer answer = fresh(300);
    for (int i = 0; i < 20_000; i++) {
      small.keep(Answers.question("n" + i + ".example.org", "A"), answer);
    }
    long each = 96L + WWW.weight() + answer.weight();
    assertThat(small.size()).isBetween((1 << 20) / each / 2, (1 << 20) / each * 2);
  }

  @Test
  void sf9aFlightFindsWhatCameSinceTheMiss() {
    Answer answer = fresh(300);
    cache.keep(WWW, answer);
    assertThat(fill(client(WWW), answer).answers()).containsExactly(answer);
    assertThat(asked).isEmpty();
    assertThat(ledger.get(Ledger.Count.RECHECK_HITS)).isEqualTo(1);
  }

  @Test
  void whatComesIsKept() {
    Answer answer = fresh(300);
    assertThat(fill(client(WWW), answer).answers()).containsExactly(answer);
    assertThat(cache.fresh(WWW)).isSameAs(answer);
  }

  @Test
  void aFailureIsHandedOnAndNotKept() {
    Answer failure = Answer.local(2, Answer.Failure.TIMEOUT);
    assertThat(fill(client(WWW), failure).answers()).containsExactly(failure);
    assertThat(cache.size()).isZero();
  }

  @Test
  void sf17aFailureIsGivenOutAgainForAShortWhile() {
    fill(client(WWW), failure(Answer.Failure.UPSTREAM_RCODE));
    asked.clear();
    clock.advance(Duration.ofSeconds(5).minusNanos(1));
    Answer again = lookUp(client(WWW)).answer();
    assertThat(again.rcode()).isEqualTo(2);
    assertThat(again.errors()).extracting(e -> e.code()).contains(13);
    assertThat(ledger.get(Outcome.FAILURE_HIT)).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(lookUp(client(WWW)).answers()).isEmpty();
    assertThat(asked).hasSize(1);
  }

  @Test
  void sf17itsTimeDoublesUpToAMinuteWhileTheFailureLasts() {
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      fill(client(WWW), failure(Answer.Failure.UPSTREAM_RCODE));
      clock.advance(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(failures.standing(WWW)).as("after %d s", seconds).isNotNull();
      clock.advance(Duration.ofNanos(1));
      assertThat(failures.standing(WWW)).as("after %d s", seconds).isNull();
    }
    clock.advance(Duration.ofMinutes(5));
    fill(client(WWW), failure(Answer.Failure.UPSTREAM_RCODE));
    clock.advance(Duration.ofSeconds(5));
    assertThat(failures.standing(WWW)).as("long after, the first time holds again").isNull();
  }

  @Test
  void sf17anAnswerEndsTheFailure() {
    fill(client(WWW), failure(Answer.Failure.UPSTREAM_RCODE));
    clock.advance(Duration.ofSeconds(5));
    fill(client(WWW), fresh(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(failures.size()).isZero();
  }

  @Test
  void sf17thatNobodyWasReachedIsVoidWhenAServerIsHeard() {
    fill(client(WWW), failure(Answer.Failure.TIMEOUT));
    assertThat(failures.standing(WWW)).isNotNull();
    clock.advance(Duration.ofSeconds(1));
    heardAt = clock.nanos();
    assertThat(failures.standing(WWW)).isNull();
    Question other = Answers.question("other.example.org", "A");
    fill(client(other), failure(Answer.Failure.UPSTREAM_RCODE));
    heardAt = clock.nanos() + 1;
    assertThat(failures.standing(other)).as("what a server said stands").isNotNull();
  }

  @Test
  void sf17thatNobodyWasReachedIsNotRememberedWhereAServerCameBackMeanwhile() {
    long askedAt = clock.nanos();
    clock.advance(Duration.ofSeconds(1));
    heardAt = clock.nanos();
    backAt = clock.nanos();
    clock.advance(Duration.ofSeconds(1));
    failures.note(WWW, failure(Answer.Failure.TIMEOUT), askedAt, 0);
    assertThat(failures.standing(WWW)).as("most of it was asked while nobody was there").isNull();
    failures.note(WWW, failure(Answer.Failure.UPSTREAM_RCODE), askedAt, 0);
    assertThat(failures.standing(WWW)).as("what a server said stands").isNotNull();
    Question other = Answers.question("other.example.org", "A");
    askedAt = clock.nanos();
    heardAt = clock.nanos() + 1;
    failures.note(other, failure(Answer.Failure.TIMEOUT), askedAt, 0);
    assertThat(failures.standing(other)).as("nobody answers this question").isNotNull();
  }

  @Test
  void sf17ourOwnTroublesAreNeverRemembered() {
    for (Answer.Failure own :
        List.of(Answer.Failure.LIMIT, Answer.Failure.CLOSING, Answer.Failure.DEFECT)) {
      fill(client(WWW), failure(own));
    }
    assertThat(failures.size()).isZero();
  }

  @Test
  void aFailureNeverDisplacesAnAnswer() {
    cache.keep(WWW, fresh(300));
    failures.note(WWW, failure(Answer.Failure.TIMEOUT), clock.nanos(), 0);
    assertThat(lookUp(client(WWW)).answer().rcode()).isZero();
  }

  @Test
  void aFlightFindsAFailureThatCameSinceTheMiss() {
    failures.note(WWW, failure(Answer.Failure.UPSTREAM_RCODE), clock.nanos(), 0);
    assertThat(fill(client(WWW), fresh(300)).answer().rcode()).isEqualTo(2);
    assertThat(ledger.get(Ledger.Count.RECHECK_HITS)).isEqualTo(1);
  }

  @Test
  void t22theResultOfAForgottenFlightIsNotKept() {
    fill(client(WWW).inFlight(flight(false)), fresh(300));
    assertThat(cache.fresh(WWW)).isNull();
  }

  @Test
  void aFlightForgottenWhileItsAnswerIsKeptTakesItBack() {
    FlightView forgottenInBetween =
        new FlightView() {
          private int calls;

          @Override
          public int waiters() {
            return 1;
          }

          @Override
          public boolean mayKeep() {
            return calls++ == 0;
          }

          @Override
          public long deadline() {
            return 0;
          }
        };
    fill(client(WWW).inFlight(forgottenInBetween), fresh(300));
    assertThat(cache.fresh(WWW)).isNull();
  }

  @Test
  void withoutRecursionTheCacheHasTheLastWord() {
    Catcher catcher = new Catcher();
    new CacheLookup(
            cache, failures, stale, ledger, CacheLookup.Uses.RENEWING, LastWord.notCached(ledger))
        .ask(client(WWW), catcher);
    assertThat(catcher.answer().rcode()).isEqualTo(5);
    assertThat(ledger.get(Outcome.CACHE_ONLY_MISS)).isEqualTo(1);
    cache.keep(WWW, fresh(300));
    Catcher again = new Catcher();
    new CacheLookup(
            cache, failures, stale, ledger, CacheLookup.Uses.RENEWING, LastWord.notCached(ledger))
        .ask(client(WWW), again);
    assertThat(again.answer().rcode()).isZero();
  }

  private Answer fresh(int ttl) {
    return Answers.answer(WWW, ttl, clock.nanos(), ADDRESS);
  }

  private static Answer failure(Answer.Failure kind) {
    return Answer.local(2, kind);
  }

  private static Ask client(Question question) {
    return Ask.byClient(question, 0);
  }

  private static FlightView flight(boolean mayKeep) {
    return new FixedFlight(1, mayKeep, 0);
  }

  private Catcher lookUp(Ask ask) {
    Catcher catcher = new Catcher();
    AnswerSource silent =
        (passedOn, to) -> {
          asked.add(passedOn);
          return Pending.DONE;
        };
    new CacheLookup(cache, failures, stale, ledger, CacheLookup.Uses.RENEWING, silent)
        .ask(ask, catcher);
    return catcher;
  }

  private Catcher fill(Ask ask, Answer comes) {
    Catcher catcher = new Catcher();
    AnswerSource next =
        (passedOn, to) -> {
          asked.add(passedOn);
          to.receive(comes, Delivery.AT_ONCE);
          return Pending.DONE;
        };
    new CacheFill(CacheSettings.DEFAULTS, cache, failures, clock, ledger, next).ask(ask, catcher);
    return catcher;
  }
}
