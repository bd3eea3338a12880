package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.net.Sockets;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.selection.Policy;
import resolver.selection.ServerGroup;
import resolver.selection.ServerState;
import resolver.selection.TryTimes;
import resolver.settings.Addresses;

/** Queries that find out whether a server is back, and how long they may take. */
class ProbeTest {
  private static final Question WWW = Answers.question("www.example.org", "A");

  private final ManualClock clock = new ManualClock();
  private final EventLoopGroup group = Sockets.best().newLoops(1, "test");
  private final EventLoop loop = (EventLoop) group.iterator().next();
  private final CompletableFuture<Consumer<ChannelPipeline>> prepared = new CompletableFuture<>();
  private final UpstreamLoop upstream =
      new UpstreamLoop(
          loop,
          Sockets.best(),
          clock,
          clock,
          UpstreamSettings.DEFAULTS,
          Duration.ofSeconds(5),
          server -> prepared,
          new Complaints(clock));
  private final Failing failing = new Failing();
  private final LookupTools tools =
      new LookupTools(
          new QueryRenderer(1232),
          new ReplyReader(question -> new TtlLimits(0, 86_400, 900), clock),
          clock,
          Runnable::run,
          QueryObserver.NONE,
          new Samples(QueryObserver.NONE),
          failing,
          5,
          new TryTimes(100_000_000, 100_000_000),
          0);
  private final ServerState state = new ServerState("probed");
  private final ServerGroup servers =
      new ServerGroup(List.of(state, new ServerState("sound")), Policy.SEQUENTIAL, clock.nanos());

  @AfterEach
  void stop() {
    Sockets.end(group, 1000).awaitUninterruptibly(2000);
  }

  /** Far away, TCP, TLS and the query take three round trips. */
  @Test
  void aServerIsWaitedForAsLongAsItsConnectionMayTake() {
    try (RawNameServer server =
        new RawNameServer(
            query -> List.of(),
            socket -> {
              byte[] query = RawNameServer.read(socket);
              socket.getOutputStream().write(DnsClient.frame(RawNameServer.answer(query)));
            })) {
      probe(overTls(server.address()));
      advance(Duration.ofMillis(4900));
      assertThat(claim()).as("one is under way").isEqualTo(ServerGroup.NOBODY);
      assertThat(state.status().state()).isEqualTo("probed");
      prepared.complete(ProbeTest::proven);
      await(() -> !state.isSetAside());
    }
  }

  @Test
  void aServerThatIsNotConnectedInTimeRestsOn() {
    probe(overTls(Addresses.parse("192.0.2.53", 853)));
    advance(Duration.ofMillis(5900));
    assertThat(state.status().state()).isEqualTo("resting");
    assertThat(state.status().why()).isEqualTo("no response to a probe");
  }

  @Test
  void aDatagramIsWaitedForForASecond() {
    try (RawNameServer server = new RawNameServer(query -> List.of(), Socket::close)) {
      probe(Server.plain(server.address()));
      advance(Duration.ofMillis(900));
      assertThat(state.status().state()).isEqualTo("probed");
      advance(Duration.ofMillis(300));
      assertThat(state.status().state()).isEqualTo("resting");
    }
  }

  /** Whoever is set aside is asked nothing else. */
  @Test
  void probesInVainCountAsFailuresUntilOneIsAnswered() {
    AtomicBoolean silent = new AtomicBoolean(true);
    try (RawNameServer raw =
        new RawNameServer(
            query -> silent.get() ? List.of() : List.of(RawNameServer.answer(query)),
            Socket::close)) {
      Server server = Server.plain(raw.address());
      for (int i = 0; i < Failing.MANY; i++) {
        assertThat(failing.many()).as("after %d", i).isEmpty();
        send(server);
        advance(Duration.ofMillis(1200));
      }
      assertThat(failing.many()).containsExactly(server);
      silent.set(false);
      send(server);
      await(() -> failing.many().isEmpty());
    }
  }

  @Test
  void aProbeThatCannotBeSentFromHereTellsNothing() {
    Server server = overTls(Addresses.parse("192.0.2.53", 853));
    inLoop(() -> CrowdedConnection.fill(upstream, server, clock.nanos()));
    probe(server);
    assertThat(state.status().state()).as("nobody has heard of it").isEqualTo("probed");
    advance(Duration.ofSeconds(6));
    assertThat(claim()).as("without a longer rest").isZero();
  }

  /** Puts a question to the server that was set aside, at the time for it. */
  private void probe(Server server) {
    for (int i = 0; i < 3; i++) {
      state.failed(clock.nanos(), "no response in time");
    }
    advance(Duration.ofSeconds(5));
    assertThat(claim()).isZero();
    send(server);
  }

  private int claim() {
    return servers.claimProbe(1, clock.nanos());
  }

  private void send(Server server) {
    inLoop(() -> Probe.send(tools, upstream, server, state, WWW));
  }

  private void advance(Duration time) {
    inLoop(() -> clock.advance(time));
  }

  private void inLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  private static Server overTls(InetSocketAddress address) {
    return new Server(Server.Protocol.TLS, address, "dns.example", List.of(), "", null);
  }

  /** In place of TLS: the server has proven who it is as soon as there is a connection. */
  private static void proven(ChannelPipeline pipeline) {
    pipeline.addLast(
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelActive(ChannelHandlerContext context) {
            context.fireUserEventTriggered(Shield.READY);
          }
        });
  }

  private static void await(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }
}
