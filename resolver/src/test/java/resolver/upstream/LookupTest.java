package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver.Send;
import resolver.query.Question;
import resolver.query.TtlLimits;

/** One lookup on its loop, and what happens to it meanwhile. */
class LookupTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";

  private final StubNameServer first = StubNameServer.start();
  private final StubNameServer second = StubNameServer.start();
  private final Ledger ledger = new Ledger();
  private final SystemTicker ticker = new SystemTicker();
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
  private final Lookup.Tools tools =
      new Lookup.Tools(
          new QueryRenderer(1232),
          new ReplyReader(question -> new TtlLimits(0, 86_400, 900), ticker),
          ticker,
          Runnable::run,
          ledger,
          new Heard(),
          new Failing(),
          10);

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
    Lookup lookup = new Lookup(tools, upstream, servers(first), Ask.byClient(WWW, 0), catcher);
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
    assertThat(ledger.get(Send.RETRY)).isEqualTo(5);
  }

  private Catcher start(Question question, StubNameServer... servers) {
    Catcher catcher = new Catcher(loop);
    Lookup lookup =
        new Lookup(tools, upstream, servers(servers), Ask.byClient(question, 0), catcher);
    inLoop(lookup::start);
    return catcher;
  }

  private static List<Server> servers(StubNameServer... servers) {
    List<Server> all = new ArrayList<>();
    for (StubNameServer server : servers) {
      all.add(Server.plain(server.address()));
    }
    return all;
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
