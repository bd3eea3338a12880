package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
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
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.net.Sockets;
import resolver.settings.Addresses;

/** The daemon as a service of type notify; a real socket stands in for systemd. */
class NotifyTest {
  private static final String ALIVE = "WATCHDOG=1";

  @TempDir Path directory;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private EventLoopGroup loops;

  @BeforeEach
  void listen() {
    assumeTrue(Epoll.isAvailable(), "the native transport is missing");
    loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    new Bootstrap()
        .group(loops)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket in) {
                heard.add(in.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(directory.resolve("notify").toFile()))
        .syncUninterruptibly();
  }

  @AfterEach
  void close() {
    if (loops != null) {
      Sockets.end(loops, 1000).awaitUninterruptibly();
    }
  }

  @Test
  void systemdHearsOfEachTurnOfTheDaemonsLifeAndThatItLives() throws Exception {
    try (Serve serve =
        Serve.in(directory)
            .upstream(Addresses.parse("192.0.2.1", 53))
            .environment("NOTIFY_SOCKET", directory.resolve("notify").toString())
            .environment("WATCHDOG_USEC", "200000")
            .start()) {
      assertThat(heard.poll(20, SECONDS)).startsWith("READY=1\nSTATUS=");
      for (int i = 0; i < 3; i++) {
        assertThat(heard.poll(20, SECONDS)).isEqualTo(ALIVE);
      }

      serve.signal("HUP");
      assertThat(nextTurn()).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=.+");
      assertThat(nextTurn()).startsWith("READY=1\nSTATUS=");
      assertThat(heard.poll(20, SECONDS)).isEqualTo(ALIVE);

      serve.signal("TERM");
      assertThat(nextTurn()).startsWith("STOPPING=1\nSTATUS=");
      assertThat(serve.exit()).isZero();
      assertThat(heard).as("after the last word").allMatch(ALIVE::equals);
    }
  }

  /** What comes next beside signs of life. */
  private String nextTurn() throws InterruptedException {
    String next = heard.poll(20, SECONDS);
    while (ALIVE.equals(next)) {
      next = heard.poll(20, SECONDS);
    }
    assertThat(next).as("the next message").isNotNull();
    return String.valueOf(next);
  }
}
