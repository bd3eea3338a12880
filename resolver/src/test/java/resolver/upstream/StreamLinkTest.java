package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.net.Sockets;
import resolver.query.Transport;

/** Connections to one server, as they come and go. */
class StreamLinkTest {
  private static final byte[] QUERY =
      new QueryRenderer(1232).render(Answers.question("www.example.org", "A"), true);

  private final ManualClock clock = new ManualClock();
  private final EventLoopGroup group = Sockets.best().newLoops(1, "test");
  private final EventLoop loop = (EventLoop) group.iterator().next();
  private @Nullable RawNameServer server;

  @AfterEach
  void stop() {
    Sockets.end(group, 1000).awaitUninterruptibly(2000);
    if (server != null) {
      server.close();
    }
  }

  /** Such as a timer, which would keep what is dead for as long as it runs. */
  @Test
  void aConnectionThatTheServerClosesLeavesNothing() {
    CountDownLatch hangUp = new CountDownLatch(1);
    StreamLink link =
        link(
            socket -> {
              answer(socket);
              await(hangUp);
            });
    ask(link);
    assertThat(clock.pending()).as("waits until it was idle for long enough").isEqualTo(1);
    hangUp.countDown();
    awaitNoTimer();
  }

  @Test
  void aConnectionThatIsRetiredLeavesNothing() {
    StreamLink link =
        link(
            socket -> {
              answer(socket);
              answer(socket);
            });
    ask(link);
    assertThat(clock.pending()).isEqualTo(1);
    loop.execute(link::retire);
    awaitNoTimer();
  }

  @Test
  void aRoundTripIsOneOnAConnectionThatWasReady() {
    StreamLink link =
        link(
            socket -> {
              answer(socket);
              answer(socket);
              RawNameServer.read(socket);
            });
    assertThat(ask(link).waitedForConnection()).as("the first").isTrue();
    assertThat(ask(link).waitedForConnection()).as("the next").isFalse();
    assertThat(ask(link).waitedForConnection()).as("begun again").isTrue();
  }

  @Test
  void whereTheServerClosesAfterEachReplyTheConnectionIsPartOfWhatAQueryTakes() {
    StreamLink link = link(StreamLinkTest::answer);
    assertThat(ask(link).waitedForConnection()).as("the first").isTrue();
    awaitNoTimer();
    assertThat(ask(link).waitedForConnection()).as("the next").isFalse();
    awaitNoTimer();
    assertThat(ask(link).waitedForConnection()).as("the next but one").isFalse();
  }

  /** As one over HTTP/2 whose server allows no stream. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatTakesNoQueryIsUsedForNoFurtherOne(boolean firstStillWaits)
      throws IOException {
    CountDownLatch ready = new CountDownLatch(1);
    Deque<Carrier> carriers =
        new ArrayDeque<>(List.of(new Full(ready), new FrameCarrier(new RandomPool(), false)));
    StreamLink link = link(StreamLinkTest::answer, carriers::remove);
    Exchange first = exchange(new CompletableFuture<>());
    loop.execute(() -> link.begin(first));
    await(ready);
    inLoop(() -> clock.advance(Duration.ofMillis(1001)));
    if (!firstStillWaits) {
      inLoop(first::cancel);
    }
    ask(link);
    assertThat(Objects.requireNonNull(server).accepted()).isEqualTo(2);
  }

  @Test
  void aQueryThatWaitsForItsTurnIsNoReasonToLeaveAConnectionSoon() throws IOException {
    CountDownLatch ready = new CountDownLatch(1);
    Deque<Carrier> carriers =
        new ArrayDeque<>(List.of(new Full(ready), new FrameCarrier(new RandomPool(), false)));
    StreamLink link = link(StreamLinkTest::answer, carriers::remove);
    clock.advance(Duration.ofSeconds(10));
    loop.execute(() -> link.begin(exchange(new CompletableFuture<>())));
    await(ready);
    inLoop(() -> clock.advance(Duration.ofMillis(999)));
    inLoop(() -> link.begin(exchange(new CompletableFuture<>())));
    assertThat(carriers).as("for a further connection").hasSize(1);
  }

  /** Has no room for a query, ever. */
  private record Full(CountDownLatch ready) implements Carrier {
    @Override
    public void install(Channel channel, String before, Desk desk) {
      ready.countDown();
    }

    @Override
    public int room() {
      return 0;
    }

    @Override
    public int send(Channel channel, Exchange exchange, IntPredicate taken) {
      throw new IllegalStateException("there is no room");
    }

    @Override
    public void forget(int key) {}

    @Override
    public void close() {}
  }

  private void inLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  private StreamLink link(RawNameServer.Talk talk) {
    return link(talk, () -> new FrameCarrier(new RandomPool(), false));
  }

  private StreamLink link(RawNameServer.Talk talk, Supplier<Carrier> carriers) {
    RawNameServer started = new RawNameServer(query -> List.of(), talk);
    server = started;
    return new StreamLink(
        Server.plain(started.address()),
        new StreamLink.Tools(loop, Sockets.best(), clock, clock, new Complaints(clock)),
        Duration.ofMinutes(5).toNanos(),
        null,
        carriers);
  }

  /** Asks, and waits for the response. */
  private Exchange ask(StreamLink link) {
    CompletableFuture<Exchange> end = new CompletableFuture<>();
    Exchange exchange = exchange(end);
    loop.execute(() -> link.begin(exchange));
    return end.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private Exchange exchange(CompletableFuture<Exchange> end) {
    InetSocketAddress address = Objects.requireNonNull(server).address();
    Exchange.Listener listener =
        new Exchange.Listener() {
          @Override
          public void answered(Exchange exchange, ByteBuf reply) {
            end.complete(exchange);
          }

          @Override
          public void failed(Exchange exchange, String why) {
            end.completeExceptionally(new AssertionError(why));
          }
        };
    return new Exchange(Server.plain(address), Transport.TCP, QUERY, true, clock.nanos(), listener);
  }

  private static void answer(Socket socket) throws IOException {
    byte[] reply = RawNameServer.answer(RawNameServer.read(socket));
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeShort(reply.length);
    out.write(reply);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private void awaitNoTimer() {
    long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (clock.pending() > 0) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }
}
