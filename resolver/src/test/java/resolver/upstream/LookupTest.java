package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.FixedFlight;
import resolver.fixtures.StubNameServer;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.FlightView;
import resolver.query.QueryObserver.Send;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.selection.FailOver;
import resolver.selection.Policy;
import resolver.selection.ServerState;
import resolver.selection.TryTimes;
import resolver.settings.Addresses;

/** One lookup on its loop, and what happens to it meanwhile. */
class LookupTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";

  private final StubNameServer first = StubNameServer.start();
  private final StubNameServer second = StubNameServer.start();
  private final Ledger ledger = new Ledger();
  private final SystemTicker ticker = new SystemTicker();
  private final Failing failing = new Failing();
  private final EventLoopGroup group = Sockets.best().newLoops(1, "test");
  private final EventLoop loop = (EventLoop) group.iterator().next();
  private final UpstreamLoop upstream =
      new UpstreamLoop(
          loop,
          Sockets.best(),
          ticker,
          new UpstreamSettings(
              Servers.AUTO, Duration.ofMillis(100), 10, 1232, Duration.ofSeconds(5)),
          Duration.ofSeconds(5),
          server -> new CompletableFuture<>(),
          new Complaints(ticker));
  private final LookupTools tools =
      new LookupTools(
          new QueryRenderer(1232),
          new ReplyReader(question -> new TtlLimits(0, 86_400, 900), ticker),
          ticker,
          Runnable::run,
          ledger,
          new Samples(ledger),
          failing,
          10,
          new TryTimes(100_000_000, 100_000_000),
          FailOver.bits(UpstreamSettings.DEFAULTS.failOver()));

  @AfterEach
  void stop() {
    Sockets.end(group, 1000).awaitUninterruptibly(2000);
    first.close();
    second.close();
  }

  @Test
  void aLookupUnderWayIsAnsweredByAServerThatIsNoLongerListed() {
    CountDownLatch gate = new CountDownLatch(1);
    first.on("www.example.org", "A").gatedBy(gate).answers(ADDRESS);
    Catcher catcher = start(WWW, first, second);
    inLoop(() -> upstream.keepOnly(Set.of()));
    gate.countDown();
    assertThat(catcher.answer().rcode()).isZero();
  }

  @Test
  void aLookupUnderWayTriesTheOthersThoughTheyAreNoLongerListed() {
    first.on("www.example.org", "A").silent();
    second.on("www.example.org", "A").truncatedOverUdp().answers(ADDRESS);
    Catcher catcher = start(WWW, first, second);
    inLoop(() -> upstream.keepOnly(Set.of()));
    Answer answer = catcher.answer();
    assertThat(answer.rcode()).isZero();
    assertThat(Objects.requireNonNull(answer.provenance()).server()).isEqualTo(second.address());
  }

  @Test
  void socketsOfServersThatAreNoLongerListedAreClosedWhenTheyAreDone() {
    first.otherwise().rcode(Rcode.NXDOMAIN);
    for (int i = 0; i < 64; i++) {
      start(Answers.question("n" + i + ".example.org", "A"), first).answer();
    }
    Set<Integer> ports = new HashSet<>();
    first.received().forEach(query -> ports.add(query.client().getPort()));
    assertThat(ports).hasSizeGreaterThan(1);
    inLoop(() -> upstream.keepOnly(Set.of()));
    for (int port : ports) {
      assertThat(isFree(port)).as("port %d", port).isTrue();
    }
  }

  @Test
  void aLookupThatIsLeftBeforeItStartsIsCountedAsFailedBeforeSend() {
    Catcher catcher = new Catcher(loop);
    Lookup lookup = new Lookup(tools, upstream, group(first), Ask.byClient(WWW, 0), catcher);
    inLoop(
        () -> {
          lookup.leave();
          lookup.start();
        });
    assertThat(catcher.answers()).isEmpty();
    assertThat(ledger.get(Send.FIRST)).isZero();
    assertThat(ledger.get(Count.FAILED_BEFORE_SEND)).isEqualTo(1);
  }

  @Test
  void aServerThatFailsOverTcpIsFollowedByTheNext() {
    first.on("www.example.org", "A").truncatedOverUdp().hangingUpOverTcp().answers(ADDRESS);
    second.on("www.example.org", "A").answers(ADDRESS);
    Answer answer = start(WWW, first, second).answer();
    assertThat(Objects.requireNonNull(answer.provenance()).server()).isEqualTo(second.address());
  }

  @Test
  void rfc9520Section31aServerIsTriedThreeTimesAtMost() {
    first.on("www.example.org", "A").silent();
    second.on("www.example.org", "A").silent();
    assertThat(start(WWW, first, second).answer().failure()).isEqualTo(Answer.Failure.TIMEOUT);
    assertThat(first.count()).isEqualTo(3);
    assertThat(second.count()).isEqualTo(3);
    assertThat(ledger.get(Send.FIRST)).isEqualTo(1);
    assertThat(ledger.get(Send.RETRY)).isEqualTo(3);
    assertThat(ledger.get(Send.TCP)).as("lost twice over UDP").isEqualTo(2);
  }

  @Test
  void aLateServerGetsCompanyFromASecondOne() {
    CountDownLatch gate = new CountDownLatch(1);
    first.on("www.example.org", "A").gatedBy(gate).answers(ADDRESS);
    second.on("www.example.org", "A").answers(ADDRESS);
    saveForHedges();
    Answer answer = startMeasured(WWW, null).answer();
    gate.countDown();
    assertThat(Objects.requireNonNull(answer.provenance()).server()).isEqualTo(second.address());
    assertThat(ledger.get(Send.HEDGE)).isEqualTo(1);
  }

  @Test
  void nobodyIsHedgedWithoutABudget() {
    first.on("www.example.org", "A").silent();
    second.on("www.example.org", "A").answers(ADDRESS);
    assertThat(startMeasured(WWW, null).answer().rcode()).isZero();
    assertThat(ledger.get(Send.HEDGE)).isZero();
    assertThat(ledger.get(Send.RETRY)).isPositive();
  }

  @Test
  void whatNobodyWaitsForIsNotHedged() {
    first.on("www.example.org", "A").silent();
    second.on("www.example.org", "A").answers(ADDRESS);
    saveForHedges();
    FlightView nobody = new FixedFlight(0, true, Long.MAX_VALUE);
    assertThat(startMeasured(WWW, nobody).answer().rcode()).isZero();
    assertThat(ledger.get(Send.HEDGE)).isZero();
  }

  @Test
  void oneLookupTellsAgainstAServerOnce() {
    first.on("www.example.org", "A").silent();
    Group group = group(first);
    start(WWW, group, null).answer();
    assertThat(first.count()).isEqualTo(3);
    assertThat(group.choice().server(0).status().failures()).isEqualTo(1);
  }

  @Test
  void anExchangeThatFailsIsCountedOnce() {
    first.on("www.example.org", "A").truncatedOverUdp().hangingUpOverTcp().answers(ADDRESS);
    second.on("www.example.org", "A").answers(ADDRESS);
    for (int i = 0; i < Failing.MANY; i++) {
      assertThat(failing.many()).as("after %d", i).isEmpty();
      start(WWW, first, second).answer();
    }
    assertThat(failing.many()).containsExactly(Server.plain(first.address()));
  }

  @Test
  void aQueryThatCannotBeSentFromHereTellsAgainstNoServer() {
    Server crowded = ServerWords.parse("tls://192.0.2.1#dns.example");
    inLoop(() -> CrowdedConnection.fill(upstream, crowded, ticker.nanos()));
    Group alone = group(List.of(crowded));
    for (int i = 0; i < Failing.MANY; i++) {
      Answer answer = start(WWW, alone, null).answer();
      assertThat(answer.failure()).isEqualTo(Answer.Failure.LIMIT);
      assertThat(answer.errors().get(0).text()).contains("too many queries are under way");
    }
    assertThat(alone.choice().server(0).status().state()).isEqualTo("good");
    assertThat(failing.many()).isEmpty();
  }

  @Test
  void whereAQueryCannotBeSentAnotherServerIsAsked() {
    Server crowded = ServerWords.parse("tls://192.0.2.1#dns.example");
    inLoop(() -> CrowdedConnection.fill(upstream, crowded, ticker.nanos()));
    Group both = group(List.of(crowded, Server.plain(first.address())));
    first.on("www.example.org", "A").answers(ADDRESS);
    assertThat(start(WWW, both, null).answer().failure()).isEqualTo(Answer.Failure.NONE);
    first.on("www.example.org", "A").rcode(Rcode.REFUSED);
    Answer refused = start(WWW, both, null).answer();
    assertThat(refused.failure()).as("it has spoken").isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    Group neither = group(List.of(crowded, Server.plain(Addresses.parse("127.0.0.1", 1))));
    Answer failure = start(WWW, neither, null).answer();
    assertThat(failure.failure()).as("one was not asked").isEqualTo(Answer.Failure.LIMIT);
  }

  private void saveForHedges() {
    inLoop(
        () -> {
          for (int i = 0; i < 20; i++) {
            upstream.hedges().earn();
          }
        });
  }

  /** With the first server known to respond within 200 ms, so that a try takes 800 ms. */
  private Catcher startMeasured(Question question, @Nullable FlightView flight) {
    // Whatever has to be loaded first would take longer than a server.
    start(Answers.question("warm.example.org", "A"), second).answer();
    Group group = group(first, second);
    for (int i = 0; i < 400; i++) {
      group.choice().server(0).responded(200_000_000, ticker.nanos());
    }
    return start(question, group, flight);
  }

  private Catcher start(Question question, StubNameServer... servers) {
    return start(question, group(servers), null);
  }

  private Catcher start(Question question, Group group, @Nullable FlightView flight) {
    Catcher catcher = new Catcher(loop);
    Ask ask = Ask.byClient(question, 0);
    Lookup lookup =
        new Lookup(tools, upstream, group, flight == null ? ask : ask.inFlight(flight), catcher);
    inLoop(lookup::start);
    return catcher;
  }

  private Group group(StubNameServer... servers) {
    return group(Stream.of(servers).map(StubNameServer::address).map(Server::plain).toList());
  }

  private Group group(List<Server> servers) {
    return Group.of(
        ".",
        servers,
        Policy.SEQUENTIAL,
        server -> new ServerState(String.valueOf(server)),
        ticker.nanos());
  }

  private void inLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  private static boolean isFree(int port) {
    try (java.net.DatagramSocket socket = new java.net.DatagramSocket(port)) {
      return socket.isBound();
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
