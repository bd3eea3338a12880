package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.settings.Addresses;

/** Addresses of servers that are named by host name. */
class BootstrapTest {
  private static final Server NAMED = ServerWords.parse("tls://dns.example");
  private static final List<Server> SYSTEM = plain(Addresses.parse("192.0.2.53", 53));

  private static final String A = "dns.example. 60 IN A ";
  private static final String AAAA = "dns.example. 60 IN AAAA ";

  private final ManualClock clock = new ManualClock();
  private final HeldQuestions questions = new HeldQuestions();
  private final AtomicInteger changes = new AtomicInteger();

  @Test
  void whatIsPinnedIsKnownAtOnceAndNobodyIsAsked() {
    Bootstrap bootstrap = bootstrap("dns.example 192.0.2.1 2001:db8::1");
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.1#dns.example", "tls://[2001:db8::1]#dns.example");
    clock.advance(Duration.ofDays(30));
    bootstrap.resolve(List.of(NAMED));
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void whoHasAnAddressIsLeftAlone() {
    List<Server> servers = List.of(ServerWords.parse("tls://192.0.2.9#dns.example"));
    assertThat(bootstrap().resolve(servers)).isEqualTo(servers);
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void theServersOfTheSystemAreAskedForBothFamilies() {
    Bootstrap bootstrap = bootstrap();
    assertThat(bootstrap.resolve(List.of(NAMED))).containsExactly(NAMED);
    List<HeldQuestions.Held> asked = questions.take();
    assertThat(asked)
        .extracting(HeldQuestions.Held::words)
        .containsExactly("[192.0.2.53:53] dns.example. A", "[192.0.2.53:53] dns.example. AAAA");
    bootstrap.resolve(List.of(NAMED));
    assertThat(questions.take()).as("while that is under way").isEmpty();
    asked.get(1).answer(300, "dns.example. 300 IN AAAA 2001:db8::1");
    assertThat(changes).hasValue(0);
    asked.get(0).answer(300, "dns.example. 300 IN A 192.0.2.1");
    assertThat(changes).hasValue(1);
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactlyInAnyOrder(
            "tls://192.0.2.1#dns.example", "tls://[2001:db8::1]#dns.example");
  }

  @Test
  void serversOfTheSettingsAreAskedInsteadOfTheSystems() {
    bootstrap("192.0.2.99").resolve(List.of(NAMED));
    assertThat(questions.take().get(0).words()).startsWith("[192.0.2.99:53] ");
  }

  @Test
  void oldAddressesHoldUntilNewOnesAreKnown() {
    Bootstrap bootstrap = bootstrap();
    learn(bootstrap, 60, "192.0.2.1");
    clock.advance(Duration.ofSeconds(59));
    bootstrap.resolve(List.of(NAMED));
    assertThat(questions.take()).as("within the TTL").isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.1#dns.example");
    questions.take().forEach(each -> each.fail("no route"));
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.1#dns.example");
    clock.advance(Duration.ofSeconds(2));
    learn(bootstrap, 60, "192.0.2.2");
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.2#dns.example");
    assertThat(changes).hasValue(2);
  }

  @Test
  void pinnedAddressesAreKeptFreshWhereThereIsWhomToAsk() {
    Bootstrap bootstrap = bootstrap("dns.example 192.0.2.1", "192.0.2.99");
    learn(bootstrap, 60, "192.0.2.2");
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.2#dns.example");
  }

  @Test
  void nobodyIsAskedMoreOftenThanEveryHalfMinute() {
    Bootstrap bootstrap = bootstrap();
    learn(bootstrap, 0, "192.0.2.1");
    clock.advance(Duration.ofSeconds(29));
    bootstrap.resolve(List.of(NAMED));
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void failuresAreToldOncePerHourAndTriedLessAndLessOften() {
    Bootstrap bootstrap = bootstrap();
    int asked = 0;
    try (LogCatcher log = new LogCatcher(Bootstrap.class)) {
      for (int second = 0; second < 600; second++) {
        bootstrap.resolve(List.of(NAMED));
        List<HeldQuestions.Held> taken = questions.take();
        asked += taken.size() / 2;
        taken.forEach(each -> each.fail("no route to host"));
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains("dns.example is not known: no route to host", "upstream.bootstrap");
    }
    assertThat(asked).isBetween(10, 16);
  }

  @Test
  void aFamilyThatCannotBeAskedForKeepsItsAddresses() {
    Bootstrap bootstrap = bootstrap();
    List<HeldQuestions.Held> asked = ask(bootstrap);
    asked.get(0).answer(3600, A + "192.0.2.1");
    asked.get(1).answer(3600, AAAA + "2001:db8::1");
    clock.advance(Duration.ofHours(1));
    asked = ask(bootstrap);
    asked.get(0).fail("no response");
    asked.get(1).answer(3600, AAAA + "2001:db8::2");
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.1#dns.example", "tls://[2001:db8::2]#dns.example");
    clock.advance(Duration.ofSeconds(2));
    asked = ask(bootstrap);
    asked.get(0).answer(3600, A + "192.0.2.1");
    asked.get(1).refuse(Rcode.SERVFAIL);
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly("tls://192.0.2.1#dns.example", "tls://[2001:db8::2]#dns.example");
    clock.advance(Duration.ofSeconds(4));
    asked = ask(bootstrap);
    asked.get(0).answer(3600, A + "192.0.2.1");
    asked.get(1).negative(3600);
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .as("there is none any more")
        .containsExactly("tls://192.0.2.1#dns.example");
    clock.advance(Duration.ofMinutes(59));
    bootstrap.resolve(List.of(NAMED));
    assertThat(questions.take()).isEmpty();
  }

  @Test
  void addressesInAnotherOrderAreNoNews() {
    Bootstrap bootstrap = bootstrap();
    learn(bootstrap, 60, "192.0.2.1", "192.0.2.2");
    clock.advance(Duration.ofSeconds(60));
    learn(bootstrap, 60, "192.0.2.2", "192.0.2.1");
    assertThat(changes).hasValue(1);
    clock.advance(Duration.ofSeconds(60));
    learn(bootstrap, 60, "192.0.2.3", "192.0.2.2", "192.0.2.1");
    assertThat(words(bootstrap.resolve(List.of(NAMED))))
        .containsExactly(
            "tls://192.0.2.1#dns.example",
            "tls://192.0.2.2#dns.example",
            "tls://192.0.2.3#dns.example");
    assertThat(changes).hasValue(2);
  }

  @Test
  void ofManyAddressesTheSameOnesAreKept() {
    Bootstrap bootstrap = bootstrap();
    List<String> many =
        new ArrayList<>(IntStream.range(1, 40).mapToObj(i -> "192.0.2." + i).toList());
    learn(bootstrap, 60, many.toArray(String[]::new));
    assertThat(bootstrap.resolve(List.of(NAMED))).hasSize(16);
    Collections.reverse(many);
    clock.advance(Duration.ofSeconds(60));
    learn(bootstrap, 60, many.toArray(String[]::new));
    assertThat(changes).hasValue(1);
  }

  @Test
  void inAnotherNetworkAllIsDueButWhatIsPinned() {
    Bootstrap bootstrap = bootstrap("pinned.example 192.0.2.9");
    for (int seconds : new int[] {2, 4, 8}) {
      ask(bootstrap).forEach(each -> each.fail("no route"));
      clock.advance(Duration.ofSeconds(seconds));
    }
    ask(bootstrap).forEach(each -> each.fail("no route"));
    bootstrap.startAnew();
    bootstrap.resolve(List.of(ServerWords.parse("tls://pinned.example")));
    ask(bootstrap).forEach(each -> each.fail("no route"));
    clock.advance(Duration.ofSeconds(2));
    List<HeldQuestions.Held> asked = ask(bootstrap);
    bootstrap.startAnew();
    asked.get(0).answer(3600, A + "192.0.2.1");
    asked.get(1).negative(3600);
    assertThat(ask(bootstrap)).as("for what was asked before the change").hasSize(2);
  }

  @Test
  void whereItCannotBeToldWhomToAskThatIsTriedAgain() {
    boolean[] broken = {true};
    Bootstrap bootstrap =
        new Bootstrap(
            List.of(),
            () -> {
              if (broken[0]) {
                throw new IllegalStateException("as a test wants it");
              }
              return SYSTEM;
            },
            new SideQuestion(questions, Runnable::run, clock),
            changes::incrementAndGet);
    try (LogCatcher log = new LogCatcher(Bootstrap.class)) {
      assertThat(bootstrap.resolve(List.of(NAMED))).containsExactly(NAMED);
      assertThat(log.messages()).singleElement().asString().contains("servers to ask");
      // A forwarder answers at once that there is nobody to be asked.
      questions.take().forEach(each -> each.fail("no upstream server is known"));
    }
    broken[0] = false;
    clock.advance(Duration.ofSeconds(2));
    learn(bootstrap, 60, "192.0.2.1");
    assertThat(changes).hasValue(1);
  }

  @Test
  void whereAskingThrowsThatIsTriedAgain() {
    boolean[] broken = {true};
    SideQuestion.Asker asker =
        (servers, ask, to) -> {
          if (broken[0]) {
            throw new IllegalStateException("as a test wants it");
          }
          return questions.ask(servers, ask, to);
        };
    Bootstrap bootstrap =
        new Bootstrap(
            List.of(),
            () -> SYSTEM,
            new SideQuestion(asker, Runnable::run, clock),
            changes::incrementAndGet);
    assertThat(bootstrap.resolve(List.of(NAMED))).containsExactly(NAMED);
    broken[0] = false;
    clock.advance(Duration.ofSeconds(2));
    learn(bootstrap, 60, "192.0.2.1");
    assertThat(changes).hasValue(1);
  }

  private List<HeldQuestions.Held> ask(Bootstrap bootstrap) {
    bootstrap.resolve(List.of(NAMED));
    List<HeldQuestions.Held> asked = questions.take();
    assertThat(asked).hasSize(2);
    return asked;
  }

  private void learn(Bootstrap bootstrap, int ttl, String... addresses) {
    List<HeldQuestions.Held> asked = ask(bootstrap);
    asked.get(0).answer(ttl, Stream.of(addresses).map(A::concat).toArray(String[]::new));
    asked.get(1).negative(5);
  }

  private Bootstrap bootstrap(String... words) {
    return new Bootstrap(
        Stream.of(words).map(BootstrapWord::parse).toList(),
        () -> SYSTEM,
        new SideQuestion(questions, Runnable::run, clock),
        changes::incrementAndGet);
  }

  private static List<String> words(List<Server> servers) {
    return servers.stream().map(Server::toString).toList();
  }
}
