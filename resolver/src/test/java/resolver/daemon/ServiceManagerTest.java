package resolver.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.ManualClock;
import resolver.net.Sockets;

/** A real datagram socket stands in for systemd. */
class ServiceManagerTest {
  private static final long PID = 4711;

  @TempDir Path directory;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private EventLoopGroup loops;
  private Path socket;

  @BeforeEach
  void listen() {
    assumeTrue(Epoll.isAvailable(), "the native transport is missing");
    loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    socket = directory.resolve("notify");
  }

  @AfterEach
  void close() {
    if (loops != null) {
      Sockets.end(loops, 1000).awaitUninterruptibly();
    }
  }

  @Test
  void aLifeIsToldInOrder() throws Exception {
    bind(socket.toString());

    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()))) {
      assertThat(manager.present()).isTrue();
      manager.ready("serving on 2 addresses");
      manager.status("3 queries");
      manager.reloading("re-reading settings");
      manager.ready("serving again");
      manager.stopping("stopping");
    }

    assertThat(next()).isEqualTo("READY=1\nSTATUS=serving on 2 addresses");
    assertThat(next()).isEqualTo("STATUS=3 queries");
    assertThat(next()).isEqualTo("RELOADING=1\nMONOTONIC_USEC=1234567\nSTATUS=re-reading settings");
    assertThat(next()).isEqualTo("READY=1\nSTATUS=serving again");
    assertThat(next()).isEqualTo("STOPPING=1\nSTATUS=stopping");
  }

  @Test
  void anAbstractSocketIsReached() throws Exception {
    String name = "resolver-test-" + ProcessHandle.current().pid() + "-" + directory.getFileName();
    bind('\0' + name);

    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", "@" + name))) {
      manager.ready("serving");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=serving");
    }
  }

  @Test
  void aLineBreakInAStatusIsNoNewAssignment() throws Exception {
    bind(socket.toString());

    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()))) {
      manager.status("line one\nMAINPID=1");
      assertThat(next()).isEqualTo("STATUS=line one MAINPID=1");
    }
  }

  @Test
  void aServiceManagerThatCameBackIsReachedAgain() throws Exception {
    Channel before = bind(socket.toString());
    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()))) {
      manager.status("before");
      assertThat(next()).isEqualTo("STATUS=before");

      before.close().sync();
      Files.deleteIfExists(socket);
      bind(socket.toString());

      manager.status("after");
      assertThat(next()).isEqualTo("STATUS=after");
    }
  }

  @Test
  void aSocketThatNobodyHoldsDoesNoHarm() {
    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()))) {
      manager.ready("serving");
      manager.stopping("stopping");
    }
  }

  @Test
  void withoutASocketNothingIsSentAndNothingIsWatched() {
    try (ServiceManager manager = manager(Map.of("WATCHDOG_USEC", "30000000"))) {
      manager.ready("serving");
      assertThat(manager.present()).isFalse();
      assertThat(manager.keepAliveInterval()).isEmpty();
    }
  }

  @Test
  void aSocketOfAnotherKindIsLeftAlone() {
    assertThat(manager(Map.of("NOTIFY_SOCKET", "vsock:2:1234")).present()).isFalse();
    assertThat(manager(Map.of("NOTIFY_SOCKET", "")).present()).isFalse();
  }

  @Test
  void keepAlivesComeAtHalfTheWatchdogsTimeWhileTheDaemonLives() throws Exception {
    bind(socket.toString());
    ManualClock clock = new ManualClock();
    AtomicBoolean alive = new AtomicBoolean(true);

    try (ServiceManager manager = watched("30000000", Long.toString(PID))) {
      assertThat(manager.keepAliveInterval()).contains(Duration.ofSeconds(15));
      manager.keepAlive(clock, alive::get);

      clock.advance(Duration.ofSeconds(14));
      manager.status("14 s");
      clock.advance(Duration.ofSeconds(1));
      alive.set(false);
      clock.advance(Duration.ofSeconds(15));
      manager.status("30 s");
      alive.set(true);
      clock.advance(Duration.ofSeconds(15));
    }

    assertThat(next()).isEqualTo("STATUS=14 s");
    assertThat(next()).isEqualTo("WATCHDOG=1");
    assertThat(next()).isEqualTo("STATUS=30 s");
    assertThat(next()).isEqualTo("WATCHDOG=1");
  }

  @Test
  void keepAlivesEndWhenItIsClosed() {
    ManualClock clock = new ManualClock();
    ServiceManager manager = watched("30000000", "");
    manager.keepAlive(clock, () -> true);

    manager.close();
    manager.close();
    clock.advance(Duration.ofSeconds(15));

    assertThat(clock.pending()).isZero();
  }

  @Test
  void theWatchdogOfAnotherProcessIsNotOurs() {
    try (ServiceManager manager = watched("30000000", "1")) {
      ManualClock clock = new ManualClock();
      manager.keepAlive(clock, () -> true);
      assertThat(manager.keepAliveInterval()).isEmpty();
      assertThat(clock.pending()).isZero();
    }
  }

  @Test
  void aWatchdogTimeThatIsNoneIsLeftAlone() {
    try (ServiceManager none = watched("0", "");
        ServiceManager odd = watched("soon", "")) {
      assertThat(none.keepAliveInterval()).isEmpty();
      assertThat(odd.keepAliveInterval()).isEmpty();
    }
  }

  private ServiceManager watched(String micros, String pid) {
    return manager(
        Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", micros, "WATCHDOG_PID", pid));
  }

  private static ServiceManager manager(Map<String, String> environment) {
    return new ServiceManager(environment, PID, () -> 1_234_567);
  }

  private Channel bind(String address) throws InterruptedException {
    return new Bootstrap()
        .group(loops)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                heard.add(packet.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(address))
        .sync()
        .channel();
  }

  private String next() throws InterruptedException {
    String message = heard.poll(10, SECONDS);
    assertThat(message).as("a message within 10 s").isNotNull();
    return message;
  }
}
