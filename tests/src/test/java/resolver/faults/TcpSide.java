package resolver.faults;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The TCP connections of a proxy. Belongs to one event loop. */
final class TcpSide {
  private static final int BACKLOG = 1000;
  private static final int MOST_CONNECTIONS = 4096;

  private final EventLoop loop;
  private final InetSocketAddress target;
  private final Chance chance;
  private final Tally tally;
  private final Set<TcpPair> pairs = new LinkedHashSet<>();
  private Faults faults = Faults.NONE;

  TcpSide(EventLoop loop, InetSocketAddress target, Chance chance, Tally tally) {
    this.loop = loop;
    this.target = target;
    this.chance = chance;
    this.tally = tally;
  }

  /** Opens the socket, off the event loop. */
  Channel listen(InetSocketAddress address) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accept(channel);
              }
            })
        .bind(address)
        .syncUninterruptibly()
        .channel();
  }

  private void accept(Channel channel) {
    tally.connections.increment();
    TcpPair pair = new TcpPair(channel, target, faults, chance.next(0), tally);
    boolean tooMany = pairs.size() == MOST_CONNECTIONS;
    pairs.add(pair);
    channel.closeFuture().addListener(done -> pairs.remove(pair));
    // Not yet: until it is registered nothing can be closed.
    loop.execute(
        () -> {
          if (tooMany) {
            pair.reset();
          } else {
            pair.set(faults);
          }
        });
  }

  void set(Faults next) {
    faults = next;
    List.copyOf(pairs).forEach(pair -> pair.set(next));
  }

  void resetAll() {
    List.copyOf(pairs).forEach(TcpPair::reset);
  }
}
