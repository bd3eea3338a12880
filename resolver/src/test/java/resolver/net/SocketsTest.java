package resolver.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sockets of both kinds. */
class SocketsTest {
  private static final int MODEST = 65_536;
  private static final Path LIMIT = Path.of("/proc/sys/net/core/rmem_max");

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void aModestReceiveQueueIsGrantedAsAsked(Sockets sockets) {
    assertThat(granted(sockets, MODEST)).isEqualTo(MODEST);
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void anImmodestReceiveQueueIsGrantedUpToTheLimitAtLeast(Sockets sockets) throws IOException {
    long limit = Long.parseLong(Files.readAllLines(LIMIT).get(0));
    int asked = Math.toIntExact(limit * 2);
    assertThat(granted(sockets, asked)).isIn(limit, (long) asked);
  }

  /** Told from one of their own tasks, which is when Netty forgets its sockets. */
  @ParameterizedTest
  @EnumSource(Sockets.class)
  void loopsThatEndCloseTheirSockets(Sockets sockets) {
    EventLoopGroup group = sockets.newLoops(2, "test");
    List<DatagramChannel> channels = new ArrayList<>();
    for (EventExecutor loop : group) {
      DatagramChannel channel =
          sockets.newDatagramChannel(InetAddress.getLoopbackAddress(), 1500, 4);
      ((EventLoop) loop).register(channel).syncUninterruptibly();
      channels.add(channel);
    }
    group.next().execute(() -> Sockets.end(group, 1000));
    assertThat(group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
    assertThat(channels).noneMatch(DatagramChannel::isOpen);
  }

  private static long granted(Sockets sockets, int asked) {
    EventLoopGroup group = sockets.newLoops(1, "test");
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      DatagramChannel channel = sockets.newDatagramChannel(loopback, 1500, 4);
      group.next().register(channel).syncUninterruptibly();
      long granted = sockets.growReceiveQueue(channel, asked);
      channel.bind(new InetSocketAddress(loopback, 0)).syncUninterruptibly();
      channel.close().syncUninterruptibly();
      return granted;
    } finally {
      Sockets.end(group, 1000).awaitUninterruptibly(2000);
    }
  }
}
