package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.DnsClient;
import resolver.fixtures.HandExecutor;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.fixtures.With;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.Answer;
import resolver.query.Answer.Failure;
import resolver.query.Ask;
import resolver.query.Ask.Purpose;
import resolver.query.Question;
import resolver.selection.AliasRoute;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/** Chains of aliases that an upstream server leaves dangling. */
class AliasChaserTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final Question HOST = Answers.question("host.example.net", "A");
  private static final String ALIAS = "www.example.org. 300 IN CNAME host.example.net.";
  private static final String ADDRESS = "host.example.net. 300 IN A 192.0.2.1";

  private final ManualClock clock = new ManualClock();
  private final ScriptedSource upstream = new ScriptedSource();
  private final Ledger ledger = new Ledger();
  private final HandExecutor offLoop = new HandExecutor();
  private Core core = core(Settings.DEFAULTS);

  @Test
  void theTargetIsAskedForAndBothTogetherAreTheAnswer() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    assertThat(client.answers()).isEmpty();
    assertThat(upstream.held(1).ask().question()).isEqualTo(HOST);
    assertThat(upstream.held(1).ask().purpose()).isEqualTo(Purpose.CHILD);
    upstream.answer(1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));

    assertThat(client.answer().ttl()).as("the lowest of the chain").isEqualTo(60);
    assertThat(records(WWW, client.answer()))
        .containsExactly(
            "www.example.org.\t300\tIN\tCNAME\thost.example.net.",
            "host.example.net.\t60\tIN\tA\t192.0.2.1");
    assertThat(ask(WWW).answer()).as("kept as a whole").isSameAs(client.answer());
    assertThat(ask(HOST).answer().ttl()).as("and the target by itself").isEqualTo(60);
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void whatAnotherRouteSaysOfATargetIsKeptApart() {
    core.use(Routes.NONE.replacedBy(List.of(Route.parse("example.org 192.0.2.53", word -> word))));
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    Question child = upstream.held(1).ask().question();
    assertThat(child).isEqualTo(HOST.inSpace(child.space())).isNotEqualTo(HOST);
    upstream.answer(1, Answers.answer(child, 60, clock.nanos(), ADDRESS));
    assertThat(records(WWW, client.answer())).hasSize(2);
    ask(HOST);
    assertThat(upstream.asked()).as("by its own route").isEqualTo(3);
  }

  /** Whoever owns a name may have it point anywhere, and its server may say anything of that. */
  @ParameterizedTest
  @EnumSource(AliasRoute.class)
  void noServerDeniesTheNamesOfAnotherRouteWhateverTheSetting(AliasRoute setting) {
    core = core(with(setting));
    for (String route : List.of("example.org 192.0.2.53", "example.net 192.0.2.53")) {
      int before = upstream.asked();
      core.use(Routes.NONE.replacedBy(List.of(Route.parse(route, word -> word))));
      core.flush();
      ask(WWW);
      upstream.answer(before, chainToNothing());
      Catcher client = ask(HOST);
      assertThat(client.answers()).as("with the route %s", route).isEmpty();
      upstream.answer(before + 1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
      assertThat(client.answer().rcode()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(AliasRoute.class)
  void aServerDeniesTheNamesOfItsOwnRouteWhateverTheSetting(AliasRoute setting) {
    core = core(with(setting));
    core.use(Routes.NONE.replacedBy(List.of(Route.parse("corp.example 192.0.2.53", w -> w))));
    ask(WWW);
    upstream.answer(0, chainToNothing());
    assertThat(ask(HOST).answer().rcode()).isEqualTo(3);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void whatAChainTeachesOfItsEndIsDroppedWhereAnythingWasFlushedMeanwhile() {
    List<Runnable> flushes =
        List.of(
            () -> core.flush(HOST.name()),
            () -> core.flushBelow(Answers.name("example.net").toWire()),
            () -> core.use(Routes.NONE));
    for (Runnable flush : flushes) {
      core = core(Settings.DEFAULTS);
      int before = upstream.asked();
      Catcher client = ask(WWW);
      flush.run();
      upstream.answer(before, chainToNothing());
      assertThat(client.answer().rcode()).isEqualTo(3);
      assertThat(ask(WWW).answer()).as("kept by itself").isSameAs(client.answer());
      assertThat(ask(HOST).answers()).as("asked for after the flush").isEmpty();
      assertThat(upstream.asked()).isEqualTo(before + 2);
    }
  }

  @Test
  void aLookupThatBeginsBehindAFlushTeachesAsEver() {
    core.flush(HOST.name());
    ask(WWW);
    upstream.answer(0, chainToNothing());
    assertThat(ask(HOST).answer().rcode()).isEqualTo(3);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void aSilentTargetIsGivenUpBeforeTheWatchdogComesAndTheFailureIsRemembered() {
    Catcher client = ask(WWW);
    clock.advance(Duration.ofSeconds(1));
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    Duration left = Settings.DEFAULTS.lookup().deadline().minusSeconds(1).minusMillis(250);
    clock.advance(left.minusMillis(1));
    assertThat(client.answers()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(client.answers()).hasSize(1);
    assertThat(client.answer().failure()).isEqualTo(Failure.TIMEOUT);
    assertThat(client.answer().errors())
        .singleElement()
        .hasToString("ExtendedError[code=22, text=no answer in time for the target of an alias]");
    clock.advance(Duration.ofMillis(300));
    assertThat(ask(WWW).answers()).as("remembered").hasSize(1);
    assertThat(upstream.asked()).isEqualTo(2);
    upstream.answer(1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    assertThat(ask(HOST).answers()).as("the target went on for itself").hasSize(1);
    assertThat(client.answers()).as("told once").hasSize(1);
  }

  @Test
  void aTargetThatIsAnsweredInTimeLeavesNoTimer() {
    ask(WWW);
    int before = clock.pending();
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    assertThat(clock.pending()).isLessThanOrEqualTo(before);
  }

  @Test
  void aTargetThatIsKnownCountsDownToTheMomentOfJoining() {
    ask(HOST);
    upstream.answer(0, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    clock.advance(Duration.ofSeconds(20));
    Catcher client = ask(WWW);
    upstream.answer(1, dangling(WWW, 300, ALIAS));
    assertThat(client.answer().ttl()).isEqualTo(40);
    assertThat(records(WWW, client.answer())).last().asString().contains("\t40\t");
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void theAliasCountsDownWhileItsTargetIsAskedFor() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 30, "www.example.org. 30 IN CNAME host.example.net."));
    clock.advance(Duration.ofSeconds(4));
    upstream.answer(1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    assertThat(client.answer().ttl()).isEqualTo(26);
    assertThat(records(WWW, client.answer())).first().asString().contains("\t26\t");
  }

  @Test
  void aLargeAnswerForTheTargetIsJoinedOffTheLoop() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, manyAddresses());
    assertThat(client.answers()).isEmpty();
    offLoop.runOne();
    assertThat(records(WWW, client.answer())).hasSize(41);
  }

  @Test
  void aLargeAnswerForTheTargetThatFindsNoRoomOffTheLoopIsAFailureOfOurOwn() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    offLoop.shutDown();
    upstream.answer(1, manyAddresses());
    assertThat(client.answer().failure()).isEqualTo(Failure.LIMIT);
    assertThat(client.answer().rcode()).isEqualTo(2);
  }

  @Test
  void moreAliasesThanAnybodyJoinsAreAFailureAtOnce() {
    Catcher client = ask(WWW);
    String[] records = new String[40];
    for (int i = 0; i < records.length; i++) {
      records[i] = "example.org. 300 IN DNAME example" + i + ".net.";
    }
    records[39] = ALIAS;
    upstream.answer(0, dangling(WWW, 300, records));
    assertThat(client.answer().rcode()).isEqualTo(2);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void rfc6604theRcodeIsThatOfTheEndOfTheChain() {
    String soa = "example.net. 60 IN SOA ns.example.net. root.example.net. 1 2 3 4 60";
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, Answers.negative(HOST, 3, 60, clock.nanos(), soa));
    assertThat(client.answer().rcode()).isEqualTo(3);
    assertThat(client.answer().ttl()).isEqualTo(60);
    assertThat(records(WWW, client.answer())).hasSize(1);
    assertThat(ask(Answers.question("host.example.net", "MX")).answer().rcode())
        .as("kept under the last target")
        .isEqualTo(3);
  }

  @Test
  void rfc6604whatAWholeChainEndsInIsKnownOfItsLastTarget() {
    ask(WWW);
    upstream.answer(0, chainToNothing());
    Answer target = ask(HOST).answer();
    assertThat(target.rcode()).isEqualTo(3);
    assertThat(target.image(false).answers()).isZero();
    assertThat(target.image(false).authorities()).isEqualTo(1);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void rfc7686whatMayNotBeAskedUpstreamIsNotAskedForAnAlias() {
    core.answerTargetsBy(question -> question.equals(HOST) ? Answer.local(3, Failure.NONE) : null);
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    assertThat(client.answer().rcode()).isEqualTo(3);
    assertThat(records(WWW, client.answer())).hasSize(1);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void aFailureAtTheTargetIsAFailure() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, Answer.local(2, Failure.UPSTREAM_RCODE));
    assertThat(client.answer().rcode()).isEqualTo(2);
  }

  @Test
  void rfc1034aChainThatLeadsBackToItsBeginningFailsAtOnce() {
    Catcher client = ask(WWW);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, dangling(HOST, 300, "host.example.net. 300 IN CNAME www.example.org."));
    assertThat(client.answer().rcode()).isEqualTo(2);
    assertThat(client.answer().errors())
        .extracting(ExtendedError::text)
        .anyMatch(text -> text.contains("waits for itself"));
    assertThat(upstream.asked()).isEqualTo(2);
  }

  @Test
  void twoClientsWhoseChainsCrossAreBothToldOfTheRing() {
    Catcher one = ask(WWW);
    Catcher other = ask(HOST);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, dangling(HOST, 300, "host.example.net. 300 IN CNAME www.example.org."));
    assertThat(one.answer().rcode()).isEqualTo(2);
    assertThat(other.answer().rcode()).isEqualTo(2);
    assertThat(upstream.asked()).isEqualTo(2);
    assertThat(core.group().flights().inFlight()).isZero();
  }

  @Test
  void elevenAliasesAreFollowedAndTwelveAreNot() {
    assertThat(chain(11).rcode()).isZero();
    Answer tooLong = chain(12);
    assertThat(tooLong.rcode()).isEqualTo(2);
    assertThat(tooLong.errors())
        .extracting(ExtendedError::text)
        .anyMatch(text -> text.contains("more than 11 aliases"));
  }

  @Test
  void lookupsOfOneTargetShareItsFlight() {
    Catcher one = ask(WWW);
    Question other = Answers.question("ftp.example.org", "A");
    Catcher two = ask(other);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    upstream.answer(1, dangling(other, 300, "ftp.example.org. 300 IN CNAME host.example.net."));
    assertThat(upstream.asked()).isEqualTo(3);
    upstream.answer(2, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    assertThat(records(WWW, one.answer())).hasSize(2);
    assertThat(records(other, two.answer())).hasSize(2);
    assertThat(ledger.get(Count.FLIGHTS_BY_CHILDREN)).isEqualTo(1);
  }

  @Test
  void aWholeAnswerWithoutATtlIsNoDanglingOne() {
    Catcher client = ask(WWW);
    Answer whole = Answers.answer(WWW, 0, clock.nanos(), "www.example.org. 0 IN A 192.0.2.1");
    upstream.answer(0, whole);
    assertThat(client.answer()).isSameAs(whole);
    assertThat(upstream.asked()).isEqualTo(1);
  }

  @Test
  void whoAsksForTheAliasItselfGetsIt() {
    Question cname = Answers.question("www.example.org", "CNAME");
    Catcher client = ask(cname);
    Answer alias = Answers.answer(cname, 0, clock.nanos(), ALIAS);
    upstream.answer(0, alias);
    assertThat(client.answer()).isSameAs(alias);
  }

  @Test
  void whenNobodyWaitsAnyMoreTheTargetIsLeftToo() {
    Catcher early = new Catcher();
    var pending = core.sources().resolving().ask(Ask.byClient(WWW, 0), early);
    upstream.answer(0, dangling(WWW, 300, ALIAS));
    pending.leave();
    upstream.answer(1, Answers.answer(HOST, 60, clock.nanos(), ADDRESS));
    assertThat(early.answers()).isEmpty();
    assertThat(core.group().flights().inFlight()).isZero();
    assertThat(ask(WWW).answer().ttl()).as("it went on, for whoever asks next").isEqualTo(60);
  }

  /** The answer at the beginning of a chain of so many aliases. */
  private Answer chain(int aliases) {
    Question first = Answers.question(aliases + "-0.example.org", "A");
    Catcher client = ask(first);
    int before = upstream.asked() - 1;
    for (int i = 0; i < aliases; i++) {
      Question at = Answers.question(aliases + "-" + i + ".example.org", "A");
      String next = aliases + "-" + (i + 1) + ".example.org.";
      upstream.answer(
          before + i, dangling(at, 300, aliases + "-" + i + ".example.org. 300 IN CNAME " + next));
    }
    Question end = Answers.question(aliases + "-" + aliases + ".example.org", "A");
    upstream.answer(
        before + aliases,
        Answers.answer(
            end, 60, clock.nanos(), aliases + "-" + aliases + ".example.org. 60 IN A 192.0.2.1"));
    return client.answer();
  }

  private Answer manyAddresses() {
    String[] records = new String[40];
    for (int i = 0; i < records.length; i++) {
      records[i] = "host.example.net. 300 IN A 192.0.2." + i;
    }
    return Answers.answer(HOST, 60, clock.nanos(), records);
  }

  /** What remains of an answer without an end: records with TTLs, and not to be kept. */
  private Answer dangling(Question question, int ttl, String... records) {
    ResponseImage image = Answers.image(question, ttl, Section.ANSWER, records);
    return Answers.of(0, image, image, 0, clock.nanos());
  }

  private static java.util.List<String> records(Question question, Answer answer) {
    ResponseImage image = answer.image(false);
    ByteBuf message = Unpooled.buffer();
    message.writeZero(12).writeBytes(question.name()).writeShort(Type.A).writeShort(1);
    message.setShort(4, 1).setShort(6, image.answers()).setShort(8, image.authorities());
    image.writeTo(message, 0);
    byte[] octets = new byte[message.readableBytes()];
    message.readBytes(octets);
    return DnsClient.parse(octets).getSection(Section.ANSWER).stream()
        .map(Record::toString)
        .toList();
  }

  /** A whole answer: the end of the chain does not exist. */
  private Answer chainToNothing() {
    String soa = "example.net. 60 IN SOA ns.example.net. root.example.net. 1 2 3 4 60";
    ResponseImage image = Answers.chain(WWW, 60, ALIAS, soa);
    return Answers.of(3, image, image, 60, clock.nanos());
  }

  private static Settings with(AliasRoute setting) {
    Settings d = Settings.DEFAULTS;
    return With.component(d, "upstream", With.component(d.upstream(), "aliasRoute", setting));
  }

  private Core core(Settings settings) {
    return new Core(settings, upstream, question -> Long.MIN_VALUE, clock, clock, offLoop, ledger);
  }

  private Catcher ask(Question question) {
    Catcher catcher = new Catcher();
    core.sources().resolving().ask(Ask.byClient(question, clock.nanos() + 1), catcher);
    return catcher;
  }
}
