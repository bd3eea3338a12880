package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.StubScript;
import resolver.settings.Addresses;

/** Encrypted servers that stand in for plain ones (RFC 9462). */
class DiscoveryTest {
  private static final List<Server> PLAIN = plain(Addresses.parse("192.0.2.53", 53));
  private static final String OWNER = "_dns.resolver.arpa. 300 IN SVCB ";
  private static final String DOT = OWNER + "1 dns.example. alpn=dot ipv4hint=192.0.2.53";

  private final ManualClock clock = new ManualClock();
  private final HeldQuestions questions = new HeldQuestions();
  private final AtomicInteger changes = new AtomicInteger();
  private final Map<Server, Trouble> troubles = new HashMap<>();
  private final List<Server> failing = new ArrayList<>();
  private final Set<InetSocketAddress> unfit = new HashSet<>();
  private final Discovery discovery =
      new Discovery(
          new SideQuestion(questions, Runnable::run, clock),
          () -> Map.copyOf(troubles),
          () -> List.copyOf(failing),
          server -> !unfit.contains(server.address()),
          changes::incrementAndGet);

  @Test
  void aServerThatIsNamedAndAnswersTakesThePlace() {
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
    HeldQuestions.Held asked = questions.takeOne();
    assertThat(asked.words()).isEqualTo("[192.0.2.53:53] _dns.resolver.arpa. SVCB");
    asked.answer(300, DOT);
    assertThat(discovery.upgrade(PLAIN)).as("before it has proven itself").isEqualTo(PLAIN);
    HeldQuestions.Held proof = questions.takeOne();
    assertThat(proof.words()).isEqualTo("[tls://192.0.2.53#dns.example] _dns.resolver.arpa. SVCB");
    assertThat(proof.servers().get(0).alsoFor()).isEqualTo(PLAIN.get(0).address().getAddress());
    proof.negative(300);
    assertThat(changes).hasValue(1);
    assertThat(discovery.upgrade(PLAIN)).hasToString("[tls://192.0.2.53#dns.example]");
  }

  @Test
  void whoCannotProveItselfIsNotTaken() {
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().fail("its certificate is not for 192.0.2.53");
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
    clock.advance(Duration.ofSeconds(299));
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).as("within the time of the designation").isEmpty();
    clock.advance(Duration.ofSeconds(1));
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).hasSize(1);
    assertThat(changes).hasValue(0);
  }

  @Test
  void theNextOneIsTriedInTheOrderOfPreference() {
    discovery.upgrade(PLAIN);
    questions
        .takeOne()
        .answer(
            300, OWNER + "2 doh.example. alpn=h2 dohpath=/dns-query{?dns} ipv4hint=192.0.2.8", DOT);
    questions.takeOne().fail("refused");
    HeldQuestions.Held second = questions.takeOne();
    assertThat(second.words()).startsWith("[https://192.0.2.8/dns-query#doh.example]");
    second.negative(60);
    assertThat(discovery.upgrade(PLAIN)).hasToString("[https://192.0.2.8/dns-query#doh.example]");
  }

  @Test
  void twoThatNameTheSameOnesGetOneEachAsFarAsTheySuffice() {
    List<Server> both = plain(Addresses.parse("192.0.2.53", 53), Addresses.parse("192.0.2.54", 53));
    String hints = OWNER + "1 dns.example. alpn=dot ipv4hint=192.0.2.53,192.0.2.54";
    discovery.upgrade(both);
    for (HeldQuestions.Held asked : questions.take()) {
      asked.answer(300, hints);
    }
    for (HeldQuestions.Held proof : questions.take()) {
      proof.negative(300);
    }
    HeldQuestions.Held second = questions.takeOne();
    assertThat(second.words()).startsWith("[tls://192.0.2.54#dns.example]");
    second.negative(300);
    assertThat(discovery.upgrade(both))
        .hasToString("[tls://192.0.2.53#dns.example, tls://192.0.2.54#dns.example]");

    clock.advance(Duration.ofMinutes(5));
    discovery.upgrade(both);
    for (HeldQuestions.Held asked : questions.take()) {
      asked.answer(300, DOT);
    }
    for (HeldQuestions.Held proof : questions.take()) {
      proof.negative(300);
    }
    assertThat(discovery.upgrade(both)).hasToString("[tls://192.0.2.53#dns.example]");
  }

  @Test
  void addressesThatAreNotToldAreAskedFor() {
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, OWNER + "1 dns.example. alpn=dot port=8853");
    HeldQuestions.Held six = questions.takeOne();
    assertThat(six.words()).isEqualTo("[192.0.2.53:53] dns.example. AAAA");
    six.answer(60, "dns.example. 60 IN AAAA 2001:db8::1");
    questions.takeOne().answer(60, "dns.example. 60 IN A 192.0.2.1");
    HeldQuestions.Held four = questions.takeOne();
    assertThat(four.words()).startsWith("[tls://192.0.2.1:8853#dns.example]");
    four.fail("refused");
    assertThat(questions.takeOne().words()).startsWith("[tls://[2001:db8::1]:8853#dns.example]");
  }

  @Test
  void whoCannotBeAskedFromHereIsNotTried() {
    unfit.add(Addresses.parse("192.0.2.53", 853));
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT, OWNER + "2 dns.example. alpn=dot ipv4hint=192.0.2.54");
    assertThat(questions.takeOne().words()).startsWith("[tls://192.0.2.54#dns.example]");
  }

  @Test
  void aStandInThatTurnsOutToLeadBackIsNotAskedWhileItDoes() {
    Server standIn = upgraded();
    unfit.add(standIn.address());
    try (LogCatcher log = new LogCatcher(Discovery.class)) {
      assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
      assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
      assertThat(log.messages()).singleElement().asString().contains("leads back", "plain text");
    }
    assertThat(discovery.standIns()).as("it is watched on").containsExactly(standIn);
    unfit.clear();
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
  }

  @Test
  void aStandInThatFailsGivesThePlaceBackAndTheLogTells() {
    Server standIn = upgraded();
    troubles.put(standIn, new Trouble("refused", "", clock.nanos()));
    assertThat(discovery.upgrade(PLAIN)).as("not at the first sign").containsExactly(standIn);
    clock.advance(Duration.ofSeconds(5));
    try (LogCatcher log = new LogCatcher(Discovery.class)) {
      assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
      assertThat(log.messages()).singleElement().asString().contains("plain text again");
    }
    assertThat(questions.take()).as("not at once").isEmpty();
  }

  /** As one that makes connections and then says nothing, or SERVFAIL to everything. */
  @Test
  void aStandInThatIsConnectedAndFailsAtEverythingGivesThePlaceBack() {
    Server standIn = upgraded();
    HeldQuestions.Held check = doubted(standIn);
    assertThat(check.words()).isEqualTo("[tls://192.0.2.53#dns.example] . NS");
    try (LogCatcher log = new LogCatcher(Discovery.class)) {
      check.refuse(Rcode.SERVFAIL);
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains("plain text again", "failed at many queries in a row");
    }
    assertThat(changes).hasValue(2);
    failing.clear();
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
    clock.advance(Duration.ofSeconds(5));
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().refuse(Rcode.SERVFAIL);
    assertThat(discovery.upgrade(PLAIN)).as("it fails yet").isEqualTo(PLAIN);
  }

  @Test
  void aStandInThatWasAskedManyBadQuestionsKeepsItsPlace() {
    Server standIn = upgraded();
    doubted(standIn).negative(60);
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    assertThat(changes).hasValue(1);
    clock.advance(Duration.ofSeconds(4));
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).as("not at once again").isEmpty();
    clock.advance(Duration.ofSeconds(1));
    discovery.upgrade(PLAIN);
    assertThat(questions.takeOne().words()).endsWith(" . NS");
  }

  @Test
  void aStandInThatProvesItselfAndFailsAtAllElseIsTriedLessAndLessOften() {
    Server standIn = upgraded();
    for (int seconds : new int[] {5, 10, 20, 40}) {
      doubted(standIn).fail("no response");
      failing.clear();
      clock.advance(Duration.ofSeconds(seconds - 1));
      assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
      assertThat(questions.take()).as("before " + seconds).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      discovery.upgrade(PLAIN);
      questions.takeOne().answer(300, DOT);
      questions.takeOne().negative(300);
      assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    }
  }

  /** A stand-in fails for so long that it is asked whether it answers at all. */
  private HeldQuestions.Held doubted(Server standIn) {
    failing.add(standIn);
    assertThat(discovery.upgrade(PLAIN)).as("not at the first sign").containsExactly(standIn);
    clock.advance(Duration.ofSeconds(4));
    failing.clear();
    discovery.upgrade(PLAIN);
    failing.add(standIn);
    clock.advance(Duration.ofSeconds(1));
    assertThat(discovery.upgrade(PLAIN)).as("it has answered").containsExactly(standIn);
    assertThat(questions.take()).isEmpty();
    clock.advance(Duration.ofSeconds(5));
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    return questions.takeOne();
  }

  @Test
  void inPlaceOfAStandInThatFailedAnotherIsLookedForSoonAndLessAndLessOften() {
    Server standIn = upgraded();
    troubles.put(standIn, new Trouble("refused", "", clock.nanos()));
    clock.advance(Duration.ofSeconds(5));
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
    for (int seconds : new int[] {5, 10, 20, 40}) {
      clock.advance(Duration.ofSeconds(seconds - 1));
      discovery.upgrade(PLAIN);
      assertThat(questions.take()).as("before " + seconds).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      discovery.upgrade(PLAIN);
      questions.takeOne().answer(300, DOT);
      questions.takeOne().fail("refused");
    }
    clock.advance(Duration.ofSeconds(80));
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    troubles.clear();
    questions.takeOne().negative(300);
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    clock.advance(Duration.ofSeconds(299));
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).as("there is no haste any more").isEmpty();
  }

  @Test
  void aFailureThatThePlainServerTellsIsNoReasonToGoBack() {
    Server standIn = upgraded();
    clock.advance(Duration.ofMinutes(5));
    discovery.upgrade(PLAIN);
    questions.takeOne().refuse(Rcode.SERVFAIL);
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    assertThat(changes).hasValue(1);
  }

  @Test
  void aStandInIsNotLeftWhereNobodyCouldBeVerified() {
    Server standIn = upgraded();
    clock.advance(Duration.ofMinutes(5));
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().fail("no response");
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    assertThat(changes).hasValue(1);
  }

  @Test
  void whoRefusesToAnswerIsNotTaken() {
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().refuse(Rcode.REFUSED);
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
  }

  @Test
  void aSearchThatThrowsIsMadeAgainLater() {
    boolean[] broken = {false};
    Discovery fragile =
        new Discovery(
            new SideQuestion(
                (servers, ask, to) -> {
                  if (broken[0]) {
                    throw new IllegalStateException("as a test wants it");
                  }
                  return questions.ask(servers, ask, to);
                },
                Runnable::run,
                clock),
            Map::of,
            List::of,
            server -> true,
            changes::incrementAndGet);
    fragile.upgrade(PLAIN);
    broken[0] = true;
    questions.takeOne().answer(300, DOT);
    clock.advance(Duration.ofMinutes(10));
    assertThat(fragile.upgrade(PLAIN)).as("it throws at once").isEqualTo(PLAIN);
    broken[0] = false;
    clock.advance(Duration.ofMinutes(10));
    fragile.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().negative(300);
    assertThat(fragile.upgrade(PLAIN)).hasToString("[tls://192.0.2.53#dns.example]");
  }

  @Test
  void inAnotherNetworkAllIsDue() {
    upgraded();
    discovery.startAnew();
    discovery.upgrade(PLAIN);
    HeldQuestions.Held asked = questions.takeOne();
    discovery.startAnew();
    asked.negative(60);
    discovery.upgrade(PLAIN);
    questions.takeOne().fail("as before the second change");
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).as("all is as ever").isEmpty();
    clock.advance(Duration.ofSeconds(10));
    discovery.upgrade(PLAIN);
    assertThat(questions.take()).as("the network may not have been up yet").hasSize(1);
  }

  @Test
  void addressesThatAreFoundMustBeFit() {
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, OWNER + "1 dns.example. alpn=dot");
    questions
        .takeOne()
        .answer(60, "dns.example. 60 IN AAAA ::1", "dns.example. 60 IN AAAA ff02::1");
    questions
        .takeOne()
        .answer(60, "dns.example. 60 IN A 127.0.0.1", "dns.example. 60 IN A 0.0.0.0");
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void silenceOfThePlainServerIsNoReasonToGoBack() {
    Server standIn = upgraded();
    clock.advance(Duration.ofMinutes(5));
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
    questions.takeOne().fail("no response");
    assertThat(discovery.upgrade(PLAIN)).containsExactly(standIn);
  }

  @Test
  void whoNamesNobodyAnyMoreIsAskedItself() {
    upgraded();
    clock.advance(Duration.ofMinutes(5));
    discovery.upgrade(PLAIN);
    questions.takeOne().negative(60);
    assertThat(discovery.upgrade(PLAIN)).isEqualTo(PLAIN);
    assertThat(changes).hasValue(2);
  }

  @Test
  void encryptedServersAreNotAsked() {
    List<Server> encrypted = List.of(ServerWords.parse("tls://192.0.2.1#dns.example"));
    assertThat(discovery.upgrade(encrypted)).isEqualTo(encrypted);
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void recordsThatAreOfNoUseArePassedOver() {
    assertThat(
            Designations.of(
                StubScript.parse(
                    OWNER + "0 alias.example.",
                    OWNER + "1 a.example. alpn=h3",
                    OWNER + "1 b.example. ipv4hint=192.0.2.1",
                    OWNER + "1 . alpn=dot",
                    OWNER + "1 c.example. alpn=h2",
                    OWNER + "1 d.example. alpn=h2 dohpath=/x",
                    OWNER + "1 e.example. mandatory=key65000 alpn=dot key65000=x",
                    OWNER + "1 f.example. alpn=dot,h2 dohpath=/x{?dns} ipv6hint=2001:db8::1"),
                PLAIN.get(0).address().getAddress()))
        .extracting(Server::toString)
        .containsExactly("tls://[2001:db8::1]#f.example", "https://[2001:db8::1]/x#f.example");
  }

  @Test
  void whereNoServerCanBeNobodyIsTried() {
    String[] records = {
      OWNER + "1 a.example. alpn=dot ipv4hint=0.0.0.0,224.0.0.1,127.0.0.1",
      OWNER + "2 b.example. alpn=dot port=0 ipv4hint=192.0.2.1",
      OWNER + "3 c.example. alpn=dot ipv6hint=::,::1,ff02::1"
    };
    assertThat(Designations.of(StubScript.parse(records), PLAIN.get(0).address().getAddress()))
        .isEmpty();
    assertThat(
            Designations.of(
                StubScript.parse(records), Addresses.parse("127.0.0.53", 53).getAddress()))
        .as("named by a server of this machine")
        .extracting(Server::toString)
        .containsExactly("tls://127.0.0.1#a.example", "tls://[::1]#c.example");
  }

  @Test
  void ofManyServersTheFirstAreTried() {
    String[] records =
        IntStream.range(0, 40)
            .mapToObj(i -> OWNER + (100 - i) + " s" + i + ".example. alpn=dot ipv4hint=192.0.2.1")
            .toArray(String[]::new);
    assertThat(Designations.of(StubScript.parse(records), PLAIN.get(0).address().getAddress()))
        .hasSize(8)
        .first()
        .hasToString("tls://192.0.2.1#s39.example");
  }

  private Server upgraded() {
    discovery.upgrade(PLAIN);
    questions.takeOne().answer(300, DOT);
    questions.takeOne().negative(300);
    return discovery.upgrade(PLAIN).get(0);
  }
}
