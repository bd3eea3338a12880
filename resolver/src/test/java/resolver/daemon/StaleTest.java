package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.cache.CacheEntry;
import resolver.cache.Freshness;
import resolver.config.Flag;
import resolver.config.Settings;
import resolver.config.SettingsLoader;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.Answer;
import resolver.query.Answer.Failure;
import resolver.query.Ask;
import resolver.query.Ask.Purpose;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.wire.ExtendedError;

/** Answers past their TTL, and answers renewed before it, with a clock moved by hand. */
class StaleTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMillis(1800);

  private final ManualClock clock = new ManualClock();
  private final ScriptedSource upstream = new ScriptedSource();
  private final Ledger ledger = new Ledger();
  private long heardAt = Long.MIN_VALUE;
  private Core core = core();

  @Test
  void t23aStaleAnswerAtItsTimeAndTheFlightThenRefreshesTheCache() {
    learn();
    clock.advance(LIFE);
    Catcher late = ask(WWW);
    clock.advance(PATIENCE.minusNanos(1));
    assertThat(late.answers()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertStale(late.answer());
    assertThat(ledger.get(Count.SERVED_STALE)).isEqualTo(1);

    Answer renewed = fresh(300);
    upstream.answer(1, renewed);

    assertThat(ask(WWW).answer()).isSameAs(renewed);
    assertThat(upstream.asked()).isEqualTo(2);
    assertThat(late.answers()).as("one answer for each").hasSize(1);
  }

  @Test
  void theFreshAnswerWinsWhereItComesInTime() {
    learn();
    clock.advance(LIFE);
    Catcher client = ask(WWW);
    clock.advance(Duration.ofSeconds(1));
    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    clock.advance(PATIENCE);
    assertThat(client.answers()).containsExactly(renewed);
    assertThat(ledger.get(Count.SERVED_STALE)).isZero();
  }

  @Test
  void aFailureIsNotShownToThoseForWhomThereIsAStaleAnswer() {
    learn();
    clock.advance(LIFE);
    Catcher client = ask(WWW);
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    assertStale(client.answer());
    assertThat(client.answer().errors())
        .extracting(ExtendedError::code)
        .as("and why there is no better one")
        .containsExactly(ExtendedError.STALE_ANSWER, ExtendedError.NETWORK_ERROR);
  }

  @Test
  void afterAFailureTheStaleAnswerIsGivenAtOnceUntilTheRecheck() {
    learn();
    clock.advance(LIFE);
    ask(WWW);
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    clock.advance(Duration.ofSeconds(30).minusNanos(1));
    assertStale(ask(WWW).answer());
    assertThat(ledger.get(Outcome.STALE)).isEqualTo(1);
    assertThat(upstream.asked()).isEqualTo(2);
    clock.advance(Duration.ofNanos(1));
    assertThat(ask(WWW).answers()).isEmpty();
    assertThat(upstream.asked()).isEqualTo(3);
  }

  @Test
  void aServerThatIsHeardAgainIsAskedAtOnce() {
    learn();
    clock.advance(LIFE);
    ask(WWW);
    upstream.answer(1, failure(Failure.NETWORK));
    clock.advance(Duration.ofSeconds(1));
    assertStale(ask(WWW).answer());
    heardAt = clock.nanos();
    assertThat(ask(WWW).answers()).isEmpty();
    assertThat(upstream.asked()).isEqualTo(3);
  }

  @Test
  void whereServersAreHeardButNotAboutThisTheFailureStands() {
    learn();
    clock.advance(LIFE);
    ask(WWW);
    clock.advance(Duration.ofMillis(500));
    heardAt = clock.nanos();
    clock.advance(Duration.ofMillis(500));
    upstream.answer(1, failure(Failure.TIMEOUT));
    clock.advance(Duration.ofMillis(500));
    heardAt = clock.nanos();
    assertStale(ask(WWW).answer());
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void afterADayTheAnswerIsOfNoUse() {
    learn();
    clock.advance(LIFE.plusDays(1));
    Catcher client = ask(WWW);
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    assertThat(client.answer().rcode()).isEqualTo(2);
  }

  @Test
  void aStaleNegativeIsMarkedAsSuch() {
    String soa = "example.org. 60 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";
    ask(WWW);
    upstream.answer(0, Answers.negative(WWW, 3, 60, clock.nanos(), soa));
    clock.advance(Duration.ofMinutes(1));
    Catcher client = ask(Answers.question("www.example.org", "MX"));
    clock.advance(PATIENCE);
    assertThat(client.answer().rcode()).isEqualTo(3);
    assertThat(client.answer().errors())
        .extracting(ExtendedError::code)
        .containsExactly(ExtendedError.STALE_NXDOMAIN);
  }

  @Test
  void aDomainCanBeWithoutStaleAnswers() {
    core = core("cache.rules", "example.org stale=off");
    learn();
    clock.advance(LIFE);
    Catcher client = ask(WWW);
    clock.advance(PATIENCE);
    assertThat(client.answers()).isEmpty();
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    assertThat(client.answer().rcode()).isEqualTo(2);
  }

  @Test
  void withoutPatienceTheStaleAnswerComesAtOnceAndIsRefreshedBehind() {
    core = core("cache.stale-after", "0s");
    learn();
    clock.advance(LIFE);
    for (int i = 0; i < 100; i++) {
      assertStale(ask(WWW).answer());
    }
    assertThat(upstream.asked()).isEqualTo(2);
    assertThat(upstream.held(1).ask().purpose()).isEqualTo(Purpose.STALE_REFRESH);
    assertThat(ledger.get(Outcome.STALE)).isEqualTo(100);
    assertThat(ledger.get(Count.FLIGHTS_BY_REFRESHES)).isEqualTo(1);
    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    assertThat(ask(WWW).answer()).isSameAs(renewed);
  }

  @Test
  void aFailureNeverDisplacesAnAnswer() {
    learn();
    clock.advance(LIFE);
    ask(WWW);
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    List<CacheEntry> kept = core.cache().entries(WWW.name());
    assertThat(kept).extracting(CacheEntry::freshness).containsExactly(Freshness.STALE);
  }

  @Test
  void t24aPopularAnswerIsRenewedByOneAskHoweverManyUseIt() {
    Answer first = learn();
    ask(WWW);
    clock.advance(Duration.ofSeconds(280));
    List<Catcher> crowd = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      crowd.add(ask(WWW));
    }
    assertThat(crowd).allSatisfy(c -> assertThat(c.answers()).containsExactly(first));
    assertThat(upstream.asked()).isEqualTo(2);
    assertThat(upstream.held(1).ask().purpose()).isEqualTo(Purpose.PREFETCH);
    assertThat(ledger.get(Count.FLIGHTS_BY_PREFETCHES)).isEqualTo(1);

    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    clock.advance(Duration.ofSeconds(100));

    assertThat(ask(WWW).answer()).isSameAs(renewed);
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void clientsJoinAPrefetchThatIsUnderWayWhenTheAnswerExpires() {
    learn();
    ask(WWW);
    clock.advance(Duration.ofMillis(298_900));
    ask(WWW);
    clock.advance(Duration.ofMillis(1100));
    Catcher late = ask(WWW);
    assertThat(upstream.asked()).isEqualTo(2);
    Answer renewed = fresh(300);
    upstream.answer(1, renewed);
    assertThat(late.answers()).containsExactly(renewed);
    assertThat(ledger.get(Outcome.FOLLOWER)).isEqualTo(1);
  }

  @Test
  void anAnswerUsedOnceIsNotRenewed() {
    learn();
    clock.advance(Duration.ofSeconds(280));
    ask(WWW);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void aPrefetchThatFailsIsNotRepeatedAndHurtsNobody() {
    Answer first = learn();
    ask(WWW);
    clock.advance(Duration.ofSeconds(280));
    ask(WWW);
    upstream.answer(1, failure(Failure.UPSTREAM_RCODE));
    assertThat(ask(WWW).answer()).isSameAs(first);
    assertThat(upstream.asked()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(20));
    assertStale(ask(WWW).answer());
  }

  @Test
  void prefetchingCanBeOff() {
    core = core("cache.prefetch", "false");
    learn();
    ask(WWW);
    clock.advance(Duration.ofSeconds(280));
    ask(WWW);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void aDomainThatIsOffIsAskedForEveryTime() {
    core = core("cache.rules", "example.org off");
    learn();
    Catcher again = ask(WWW);
    assertThat(upstream.asked()).isEqualTo(2);
    Answer second = fresh(300);
    upstream.answer(1, second);
    assertThat(again.answers()).containsExactly(second);
  }

  @Test
  void aNewRecordReplacesThatThereWasNoSuchName() {
    String soa = "example.org. 60 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";
    Question mx = Answers.question("www.example.org", "MX");
    ask(mx);
    upstream.answer(0, Answers.negative(mx, 3, 60, clock.nanos(), soa));
    core.cache().keep(WWW, fresh(300));
    ask(mx);
    assertThat(upstream.asked()).as("the name exists after all").isEqualTo(2);
  }

  @Test
  void afterASuspendNothingThatHasExpiredIsFresh() {
    learn();
    // The ticker goes on while the machine sleeps; nobody runs in the meantime.
    clock.advance(Duration.ofHours(8));
    Catcher client = ask(WWW);
    assertThat(client.answers()).isEmpty();
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void aNameANegativeAndEverythingCanBeFlushed() {
    Question other = Answers.question("a.www.example.org", "A");
    learn();
    core.cache().keep(other, Answers.answer(other, 300, clock.nanos()));
    core.flush(WWW.name());
    assertThat(core.cache().entries(WWW.name())).isEmpty();
    assertThat(core.cache().entries(other.name())).hasSize(1);
    core.flushNegatives();
    assertThat(core.cache().entries(other.name())).as("NODATA").isEmpty();
    core.cache().keep(WWW, fresh(300));
    core.flush();
    assertThat(core.cache().size()).isZero();
  }

  private Answer learn() {
    ask(WWW);
    Answer answer = fresh(300);
    upstream.answer(0, answer);
    return answer;
  }

  private void assertStale(Answer answer) {
    assertThat(answer.rcode()).isZero();
    assertThat(answer.failure()).isEqualTo(Failure.NONE);
    assertThat(answer.errors().get(0).code()).isEqualTo(ExtendedError.STALE_ANSWER);
    assertThat(answer.image(false)).isEqualTo(Answers.answer(WWW, 30, 0, ADDRESS).image(false));
    assertThat(answer.arrivedAt()).as("its 30 seconds begin now").isEqualTo(clock.nanos());
  }

  private Answer fresh(int ttl) {
    return Answers.answer(WWW, ttl, clock.nanos(), ADDRESS);
  }

  private static Answer failure(Failure kind) {
    return Answer.local(2, kind, new ExtendedError(ExtendedError.NETWORK_ERROR, "of a test"));
  }

  private Catcher ask(Question question) {
    Catcher catcher = new Catcher();
    core.sources().resolving().ask(Ask.byClient(question, clock.nanos() + 4_500_000_000L), catcher);
    return catcher;
  }

  private Core core(String... setting) {
    Settings settings =
        setting.length == 0
            ? Settings.DEFAULTS
            : SettingsLoader.load(null, List.of(new Flag("--set", setting[0], List.of(setting[1]))))
                .settings();
    return new Core(settings, upstream, question -> heardAt, clock, clock, Runnable::run, ledger);
  }
}
