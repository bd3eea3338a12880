package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.Upstreams;
import resolver.net.Sockets;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;

/** What becomes of lookups and sockets when the network is another one. */
class NetworkChangeTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";

  private final StubNameServer server = StubNameServer.start();
  private EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private Forwarder forwarder = forwarder(Sockets.best(), 1);

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void aLookupUnderWayAsksOnceMoreAtOnceOverAFreshSocket(Sockets sockets) throws Exception {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    loops = sockets.newLoops(1, "test");
    forwarder = forwarder(sockets, 1);
    server.otherwise().silentFirst(1).answers(ADDRESS);
    Catcher catcher = ask();
    server.awaitQueries(1);
    forwarder.networkChanged();
    assertThat(catcher.answer().rcode()).isEqualTo(Rcode.NOERROR);
    List<StubNameServer.Received> queries = server.received();
    assertThat(queries).hasSize(2);
    assertThat(queries.get(1).client()).isNotEqualTo(queries.get(0).client());
  }

  @Test
  void itDoesSoForTheFirstChangeAlone() throws Exception {
    server.otherwise().silentFirst(2).answers(ADDRESS);
    Catcher catcher = ask();
    server.awaitQueries(1);
    forwarder.networkChanged();
    server.awaitQueries(2);
    forwarder.networkChanged();
    // The loop has done with the second change when it has answered another question.
    server.on("other.example.org", "A").answers("other.example.org. 300 IN A 192.0.2.2");
    ask(Answers.question("other.example.org", "A")).answer();
    assertThat(server.count("www.example.org", "A")).isEqualTo(2);
    assertThat(catcher.answers()).isEmpty();
  }

  @Test
  void aServerThatWasLeftOutIsAskedAgain() throws Exception {
    forwarder = forwarder(Sockets.best(), 5);
    try (StubNameServer silent = StubNameServer.start()) {
      silent.otherwise().silent();
      forwarder.use(Upstreams.plain(server.address(), silent.address()));
      server.otherwise().failingFirst(1, Rcode.SERVFAIL).answers(ADDRESS);
      Catcher catcher = ask();
      silent.awaitQueries(1);
      forwarder.networkChanged();
      assertThat(catcher.answer().rcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void aConnectionIsUsedForNoFurtherQuery() {
    server.otherwise().truncatedOverUdp().answers(ADDRESS);
    ask().answer();
    ask().answer();
    assertThat(server.connections()).isEqualTo(1);
    forwarder.networkChanged();
    ask().answer();
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.count(Transport.TCP)).isEqualTo(3);
  }

  @Test
  void aServerThatFailsAtEverythingIsKnownUntilItAnswers() {
    server.otherwise().rcode(Rcode.SERVFAIL);
    for (int i = 0; i < Failing.MANY; i++) {
      assertThat(forwarder.failing()).isEmpty();
      ask().answer();
    }
    assertThat(forwarder.failing()).containsExactly(Server.plain(server.address()));
    server.otherwise().answers(ADDRESS);
    ask().answer();
    assertThat(forwarder.failing()).isEmpty();
  }

  /** Whoever is asked beside them may be named by anybody, and there is no end of such. */
  @Test
  void failuresAreCountedOfTheServersInUseAlone() {
    server.otherwise().rcode(Rcode.SERVFAIL);
    for (int i = 0; i < Failing.MANY; i++) {
      Catcher catcher = new Catcher(loops.next());
      forwarder.ask(Upstreams.plain(server.address()), Ask.byClient(WWW, 0), catcher);
      assertThat(catcher.answer().rcode()).isEqualTo(Rcode.SERVFAIL);
    }
    assertThat(forwarder.failing()).isEmpty();
  }

  @Test
  void aProbeGoesToOneServerAloneAndTellsThatItAnswers() throws Exception {
    try (StubNameServer other = StubNameServer.start()) {
      other.otherwise().rcode(Rcode.REFUSED);
      java.util.concurrent.CountDownLatch answered = new java.util.concurrent.CountDownLatch(1);
      forwarder.probe(Server.plain(other.address()), WWW, answered::countDown);
      assertThat(answered.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(other.count()).isEqualTo(1);
      assertThat(server.count()).isZero();
    }
  }

  private Catcher ask() {
    return ask(WWW);
  }

  private Catcher ask(Question question) {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(question, 0), catcher);
    return catcher;
  }

  private Forwarder forwarder(Sockets sockets, int tries) {
    Forwarder made =
        new Forwarder(
            loops,
            sockets,
            new SystemTicker(),
            new UpstreamSettings(
                Servers.AUTO, Duration.ofSeconds(10), tries, 1232, Duration.ofSeconds(30)),
            question -> new TtlLimits(0, 86_400, 900),
            Duration.ofSeconds(9),
            Runnable::run,
            QueryObserver.NONE);
    made.use(Upstreams.plain(server.address()));
    return made;
  }
}
