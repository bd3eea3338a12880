package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.fixtures.StubNameServer;
import resolver.net.Sockets;
import resolver.query.Transport;

/** The upstream side of one event loop. */
class UpstreamLoopTest {
  private static final byte[] QUERY =
      new QueryRenderer(1232).render(Answers.question("www.example.org", "A"), true);

  private final List<StubNameServer> servers =
      List.of(StubNameServer.start(), StubNameServer.start(), StubNameServer.start());
  private final List<EventLoopGroup> groups = new ArrayList<>();
  private int turn;

  @AfterEach
  void stop() {
    groups.forEach(group -> Sockets.end(group, 1000).awaitUninterruptibly(2000));
    servers.forEach(StubNameServer::close);
  }

  /** As without a route: the kernel says no while the loop sends what it has written. */
  @ParameterizedTest
  @EnumSource(Sockets.class)
  void whatBeginsBecauseSendingFailedIsSentToo(Sockets sockets) {
    EventLoopGroup group = sockets.newLoops(1, "test");
    groups.add(group);
    EventLoop loop = (EventLoop) group.iterator().next();
    UpstreamLoop upstream =
        new UpstreamLoop(
            loop,
            sockets,
            new SystemTicker(),
            UpstreamSettings.DEFAULTS,
            Duration.ofSeconds(5),
            server -> new CompletableFuture<>(),
            new Complaints(new SystemTicker()));
    servers.forEach(server -> server.otherwise().rcode(Rcode.NXDOMAIN));
    for (int round = 0; round < 2; round++) {
      List<CompletableFuture<String>> ends =
          List.of(new CompletableFuture<>(), new CompletableFuture<>());
      loop.execute(() -> ends.forEach(end -> beginWhatFails(upstream, end)));
      assertThat(ends)
          .allSatisfy(end -> assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo("answered"));
    }
  }

  @Test
  void socketsToAServerThatIsNotListedAreGivenUpAfterAWhile() throws Exception {
    EventLoopGroup group = Sockets.best().newLoops(1, "test");
    groups.add(group);
    EventLoop loop = (EventLoop) group.iterator().next();
    ManualClock clock = new ManualClock();
    UpstreamLoop upstream =
        new UpstreamLoop(
            loop,
            Sockets.best(),
            clock,
            clock,
            UpstreamSettings.DEFAULTS,
            Duration.ofSeconds(5),
            server -> new CompletableFuture<>(),
            new Complaints(clock));
    servers.forEach(server -> server.otherwise().rcode(Rcode.NXDOMAIN));
    loop.submit(() -> upstream.keepOnly(Set.of(Server.plain(servers.get(0).address())))).sync();
    int listed = portOfQuery(upstream, loop, servers.get(0));
    int unlisted = portOfQuery(upstream, loop, servers.get(1));
    loop.submit(() -> clock.advance(Duration.ofNanos(UpstreamLoop.UNLISTED_NANOS - 1))).sync();
    assertThat(isFree(unlisted)).as("too soon").isFalse();
    loop.submit(() -> clock.advance(Duration.ofNanos(1))).sync();
    assertThat(isFree(unlisted)).isTrue();
    assertThat(isFree(listed)).as("that of the other").isFalse();
  }

  private static int portOfQuery(UpstreamLoop upstream, EventLoop loop, StubNameServer server)
      throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    loop.execute(() -> upstream.begin(exchange(server, QUERY, new Ending(end))));
    assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo("answered");
    return server.received().get(0).client().getPort();
  }

  private static boolean isFree(int port) {
    try (DatagramSocket socket = new DatagramSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Larger than any datagram may be; when it has failed, a proper one goes to another server. */
  private void beginWhatFails(UpstreamLoop upstream, CompletableFuture<String> end) {
    byte[] tooLarge = java.util.Arrays.copyOf(QUERY, 70_000);
    int number = turn++ % 2;
    upstream.begin(
        exchange(
            servers.get(number),
            tooLarge,
            new Ending(end) {
              @Override
              public void failed(Exchange exchange, String why) {
                upstream.begin(exchange(servers.get(2 - number), QUERY, new Ending(end)));
              }
            }));
  }

  private static Exchange exchange(
      StubNameServer server, byte[] query, Exchange.Listener listener) {
    return new Exchange(Server.plain(server.address()), Transport.UDP, query, true, 0, listener);
  }

  private static class Ending implements Exchange.Listener {
    private final CompletableFuture<String> end;

    Ending(CompletableFuture<String> end) {
      this.end = end;
    }

    @Override
    public void answered(Exchange exchange, ByteBuf reply) {
      end.complete("answered");
    }

    @Override
    public void failed(Exchange exchange, String why) {
      end.complete(why);
    }
  }
}
