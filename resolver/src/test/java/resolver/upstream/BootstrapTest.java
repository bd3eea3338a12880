package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.settings.Addresses;

/** Addresses of servers that are named by host name. */
class BootstrapTest {
  private static final Server NAMED = ServerWords.parse("tls://dns.example");
  private static final List<Server> SYSTEM = plain(Addresses.parse("192.0.2.53", 53));

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

  private void learn(Bootstrap bootstrap, int ttl, String address) {
    bootstrap.resolve(List.of(NAMED));
    List<HeldQuestions.Held> asked = questions.take();
    assertThat(asked).hasSize(2);
    asked.get(0).answer(ttl, "dns.example. " + ttl + " IN A " + address);
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
