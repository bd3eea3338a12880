package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.clock.Ticker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.With;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver.Send;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.selection.FailOver;
import resolver.selection.Policy;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.selection.ServerStatus;
import resolver.settings.Addresses;

/** Which of several real servers are asked. */
class SelectionTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final Question CORP = Answers.question("www.corp.example", "A");
  private static final String SOA =
      "example.org. 60 IN SOA ns.example.org. root.example.org. 1 2 3 4 5";

  private final StubNameServer first = StubNameServer.start();
  private final StubNameServer second = StubNameServer.start();
  private final StubNameServer third = StubNameServer.start();
  private final Ledger ledger = new Ledger();
  private final AtomicLong ahead = new AtomicLong();
  private final EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private UpstreamSettings settings =
      new UpstreamSettings(Servers.AUTO, Duration.ofMillis(100), 5, 1232, Duration.ofSeconds(5));
  private Forwarder forwarder = forwarder();

  /** The system's, moved ahead by hand. */
  private Ticker ticker() {
    SystemTicker system = new SystemTicker();
    return new Ticker() {
      @Override
      public long nanos() {
        return system.nanos() + ahead.get();
      }

      @Override
      public long wallMillis() {
        return system.wallMillis();
      }
    };
  }

  @BeforeEach
  void answer() {
    Stream.of(first, second, third)
        .forEach(
            server -> {
              server.on("www.example.org", "A").answers("www.example.org. 60 IN A 192.0.2.1");
              server.on("www.corp.example", "A").answers("www.corp.example. 60 IN A 192.0.2.2");
            });
  }

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    Stream.of(first, second, third).forEach(StubNameServer::close);
  }

  @Test
  void aRouteDecidesWhoIsAsked() {
    use("corp.example " + word(second));
    assertThat(serverOf(ask(WWW))).isEqualTo(first.address());
    assertThat(serverOf(ask(CORP))).isEqualTo(second.address());
    assertThat(first.count("www.corp.example", "A")).isZero();
  }

  @Test
  void whatFailsOnARouteIsAskedOfNobodyElse() {
    use("corp.example " + word(second));
    second.on("www.corp.example", "A").rcode(Rcode.SERVFAIL);
    assertThat(ask(CORP).rcode()).isEqualTo(Rcode.SERVFAIL);
    second.on("www.corp.example", "A").silent();
    assertThat(ask(CORP).failure()).isEqualTo(Answer.Failure.TIMEOUT);
    assertThat(first.count()).isZero();
  }

  @Test
  void aRouteWithoutAServerThatCanBeAskedSaysSo() {
    Routes routes = routes("corp.example " + word(second));
    forwarder.use(plain(first.address()));
    forwarder.use(routes, second.address()::equals, server -> false);
    Answer answer = ask(CORP);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.NETWORK);
    assertThat(answer.errors().get(0).text())
        .isEqualTo("no server of the route corp.example can be asked");
    assertThat(first.count()).isZero();
  }

  @Test
  void aServerOfARouteThatLeadsBackIsAskedOnlyWhereThereIsNoOther() {
    Routes routes = routes("corp.example " + word(second) + " " + word(third));
    Set<Server> looping = ConcurrentHashMap.newKeySet();
    forwarder.use(routes, address -> false, looping::contains);
    assertThat(serverOf(ask(CORP))).isEqualTo(second.address());
    looping.addAll(plain(second.address()));
    forwarder.reviewRoutes();
    assertThat(serverOf(ask(CORP))).isEqualTo(third.address());
    looping.addAll(plain(third.address()));
    forwarder.reviewRoutes();
    assertThat(serverOf(ask(CORP))).isEqualTo(second.address());
  }

  @Test
  void whatIsKnownOfServersSurvivesAReviewThatChangesNothing() {
    use("corp.example " + word(second));
    ask(CORP);
    forwarder.reviewRoutes();
    assertThat(status("corp.example", 0).roundTripNanos()).isPositive();
  }

  @Test
  void aQuestionOfAnotherSpaceTakesTheRouteOfThatSpace() {
    Routes routes = use("corp.example " + word(second));
    Question target = WWW.inSpace(routes.of(CORP).space());
    assertThat(serverOf(ask(target))).isEqualTo(second.address());
  }

  @Test
  void aServerWhoseRoutesChangeIsKnownAsItWas() {
    use("corp.example " + word(second));
    ask(CORP);
    use("corp.example " + word(second) + " " + word(third), "lan " + word(third));
    ServerStatus status = status("corp.example", 0);
    assertThat(status.roundTripNanos()).isPositive();
    assertThat(status("corp.example", 1).roundTripNanos()).isZero();
    assertThat(forwarder.status()).containsOnlyKeys(".", "corp.example", "lan");
  }

  @Test
  void nxdomainSendsOnWhereTheSettingSaysSo() {
    first.on("www.example.org", "A").nxdomain(SOA);
    forwarder.use(plain(first.address(), second.address()));
    assertThat(ask(WWW).rcode()).isEqualTo(Rcode.NXDOMAIN);
    restart(With.component(settings, "failOver", List.of(FailOver.NXDOMAIN)));
    forwarder.use(plain(first.address(), second.address()));
    assertThat(ask(WWW).rcode()).isZero();
    second.on("www.example.org", "A").rcode(Rcode.FORMERR);
    assertThat(ask(WWW).rcode()).as("the best of what was said").isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void anRcodeThatDoesNotSendOnIsTheAnswer() {
    first.on("www.example.org", "A").rcode(Rcode.REFUSED);
    restart(With.component(settings, "failOver", List.of()));
    forwarder.use(plain(first.address(), second.address()));
    Answer answer = ask(WWW);
    assertThat(answer.rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(second.count()).isZero();
  }

  @Test
  void aRaceAsksTwoAtOnceAndTakesTheFirstGoodAnswer() {
    restart(With.component(settings, "policy", Policy.RACE));
    first.on("www.example.org", "A").silent();
    forwarder.use(plain(first.address(), second.address()));
    assertThat(serverOf(ask(WWW))).isEqualTo(second.address());
    assertThat(ledger.get(Send.FIRST)).isEqualTo(1);
    assertThat(ledger.get(Send.HEDGE)).isEqualTo(1);
    first.on("www.example.org", "A").rcode(Rcode.SERVFAIL);
    assertThat(serverOf(ask(WWW))).isEqualTo(second.address());
  }

  @Test
  void theLoserOfARaceIsMeasuredAllTheSame() {
    restart(With.component(settings, "policy", Policy.RACE));
    forwarder.use(plain(first.address(), second.address()));
    ask(WWW);
    await(() -> status(".", 0).roundTripNanos() > 0 && status(".", 1).roundTripNanos() > 0);
  }

  @Test
  void eachHasItsTurn() {
    restart(With.component(settings, "policy", Policy.ROUND_ROBIN));
    forwarder.use(plain(first.address(), second.address(), third.address()));
    for (int i = 0; i < 9; i++) {
      ask(WWW);
    }
    assertThat(first.count()).isPositive();
    assertThat(second.count()).isPositive();
    assertThat(third.count()).isPositive();
  }

  @Test
  void aDeadServerIsPassedOverAndBackAfterOneProbe() {
    first.on("www.example.org", "A").silent();
    forwarder.use(plain(first.address(), second.address()));
    for (int i = 0; i < 3; i++) {
      assertThat(serverOf(ask(WWW))).isEqualTo(second.address());
    }
    assertThat(status(".", 0).state()).isEqualTo("resting");
    int before = first.count();
    assertThat(serverOf(ask(WWW))).isEqualTo(second.address());
    assertThat(first.count()).isEqualTo(before);

    first.on("www.example.org", "A").answers("www.example.org. 60 IN A 192.0.2.1");
    ahead.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(serverOf(ask(WWW))).as("nobody waits for the probe").isEqualTo(second.address());
    await(() -> status(".", 0).state().equals("good"));
    assertThat(ledger.get(Send.PROBE)).isEqualTo(1);
    assertThat(serverOf(ask(WWW))).isEqualTo(first.address());
  }

  @Test
  void whenAllAreBackItIsNoticedThoughNobodyAsks() {
    forwarder.use(plain(first.address()));
    first.on("www.example.org", "A").silent();
    for (int i = 0; i < 3; i++) {
      assertThat(ask(WWW).failure()).isEqualTo(Answer.Failure.TIMEOUT);
    }
    assertThat(status(".", 0).state()).isEqualTo("resting");
    long heard = forwarder.heardAt(WWW);
    forwarder.probe();
    assertThat(ledger.get(Send.PROBE)).as("not yet").isZero();
    ahead.addAndGet(Duration.ofSeconds(5).toNanos());
    forwarder.probe();
    await(() -> forwarder.heardAt(WWW) > heard);
    assertThat(forwarder.backAt(WWW)).isGreaterThan(heard);
    assertThat(first.count(".", "NS")).isEqualTo(1);
    assertThat(ledger.get(Send.PROBE)).isEqualTo(1);
    forwarder.probe();
    assertThat(status(".", 0).state()).isEqualTo("good");
  }

  @Test
  void whatIsHeardOnOneRouteTellsNothingOfAnother() {
    use("corp.example " + word(second));
    long before = forwarder.heardAt(WWW);
    ahead.addAndGet(Duration.ofSeconds(1).toNanos());
    ask(CORP);
    assertThat(forwarder.heardAt(CORP)).isGreaterThan(before);
    assertThat(forwarder.heardAt(WWW)).isEqualTo(before);
  }

  @Test
  void otherRoutesLeaveAGroupAsItWas() {
    use("corp.example " + word(second));
    long before = forwarder.heardAt(WWW);
    ahead.addAndGet(Duration.ofSeconds(1).toNanos());
    use("corp.example " + word(third));
    assertThat(forwarder.heardAt(WWW)).isEqualTo(before);
    assertThat(forwarder.heardAt(CORP)).as("others may be reached").isGreaterThan(before);
  }

  private Routes use(String... texts) {
    Routes routes = routes(texts);
    forwarder.use(plain(first.address()));
    forwarder.use(routes, address -> false, server -> false);
    return routes;
  }

  private static Routes routes(String... texts) {
    return Routes.NONE.replacedBy(
        Stream.of(texts).map(text -> Route.parse(text, word -> word)).toList());
  }

  private ServerStatus status(String route, int index) {
    Map<String, List<ServerStatus>> all = forwarder.status();
    return Objects.requireNonNull(all.get(route)).get(index);
  }

  private void restart(UpstreamSettings next) {
    settings = next;
    forwarder = forwarder();
  }

  private Forwarder forwarder() {
    return new Forwarder(
        loops,
        Sockets.best(),
        ticker(),
        settings,
        question -> new TtlLimits(0, 86_400, 900),
        Duration.ofMillis(1200),
        Runnable::run,
        ledger);
  }

  private Answer ask(Question question) {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(question, 0), catcher);
    return catcher.answer();
  }

  private static String word(StubNameServer server) {
    return Addresses.format(server.address());
  }

  private static InetSocketAddress serverOf(Answer answer) {
    return Objects.requireNonNull(answer.provenance()).server();
  }

  private static void await(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }
}
