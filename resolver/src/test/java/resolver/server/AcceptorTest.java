package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.net.Sockets;

/** What a TCP listener does where a connection cannot be taken. The usual case is of others. */
class AcceptorTest {
  private final EventLoopGroup group = Sockets.best().newLoops(1, "test");
  private final ManualClock clock = new ManualClock();
  private final List<Channel> newcomers = new ArrayList<>();
  private final EmbeddedChannel listener =
      new EmbeddedChannel(
          new Acceptor(group, clock, Map.of(ChannelOption.SO_SNDBUF, 1 << 16), this::admit));

  private void admit(Channel connection) {
    newcomers.add(connection);
    throw new IllegalStateException("a defect");
  }

  @AfterEach
  void stop() {
    listener.finishAndReleaseAll();
    Sockets.end(group, 1000).awaitUninterruptibly(2000);
  }

  @Test
  void aListenerThatCannotTakeAConnectionRestsForASecond() {
    listener.freezeTime();
    try (LogCatcher log = new LogCatcher(Acceptor.class)) {
      listener.pipeline().fireExceptionCaught(full());
      assertThat(log.messages()).hasSize(1);
    }
    assertThat(listener.config().isAutoRead()).isFalse();
    listener.advanceTimeBy(Acceptor.REST_MILLIS - 1, TimeUnit.MILLISECONDS);
    listener.runScheduledPendingTasks();
    assertThat(listener.config().isAutoRead()).isFalse();
    listener.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    listener.runScheduledPendingTasks();
    assertThat(listener.config().isAutoRead()).isTrue();
  }

  @Test
  void aTimeWithoutDescriptorsIsToldOnceAMinute() {
    try (LogCatcher log = new LogCatcher(Acceptor.class)) {
      for (int seconds = 0; seconds <= 60; seconds++) {
        listener.pipeline().fireExceptionCaught(full());
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(log.messages())
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains("Too many open files", "each second"));
    }
  }

  @Test
  void aDefectIsToldAsOneAndTheListenerRests() {
    try (LogCatcher log = new LogCatcher(Acceptor.class)) {
      listener.pipeline().fireExceptionCaught(new IllegalStateException("a defect"));
      assertThat(log.messages()).containsExactly("taking a TCP connection threw");
    }
    assertThat(listener.config().isAutoRead()).isFalse();
  }

  @Test
  void aConnectionThatCannotBeSetUpIsClosedAndTheNextOneTaken() {
    EmbeddedChannel connection =
        new EmbeddedChannel() {
          @Override
          public DefaultChannelConfig config() {
            return new DefaultChannelConfig(this) {
              @Override
              public boolean setOptions(Map<ChannelOption<?>, ?> options) {
                throw new ChannelException("Operation not permitted");
              }
            };
          }
        };
    try (LogCatcher log = new LogCatcher(Acceptor.class)) {
      listener.pipeline().fireChannelRead(connection);
      assertThat(log.messages()).hasSize(1);
    }
    assertThat(connection.isOpen()).isFalse();
    assertThat(newcomers).isEmpty();
    assertThat(listener.config().isAutoRead()).isTrue();
  }

  @Test
  void aConnectionIsClosedWhereLettingItInThrows() {
    EmbeddedChannel connection = new EmbeddedChannel();
    try (LogCatcher log = new LogCatcher(Acceptor.class)) {
      listener.pipeline().fireChannelRead(connection);
      assertThat(log.messages()).containsExactly("letting in a TCP connection threw");
    }
    assertThat(newcomers).containsExactly(connection);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void aConnectionThatNoEventLoopTakesIsClosed() {
    Sockets.end(group, 1000).awaitUninterruptibly();
    Channel connection = new NioSocketChannel();
    listener.pipeline().fireChannelRead(connection);
    assertThat(connection.isOpen()).isFalse();
    assertThat(newcomers).isEmpty();
  }

  private static IOException full() {
    return new IOException("accept(..) failed: Too many open files");
  }
}
