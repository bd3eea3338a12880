package resolver.faults;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import resolver.settings.Addresses;

/** A listener for TLS on a free port of 127.0.0.1, on one event loop. */
final class TlsEndpoint implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("tls-server", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Identity identity;
  private final Channel listener;

  /**
   * Starts one.
   *
   * @param above adds to the pipeline what is above TLS
   */
  TlsEndpoint(TlsFault fault, Identity identity, SslContext context, Consumer<Channel> above) {
    this.identity = identity;
    this.listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted.incrementAndGet();
                    connections.add(channel);
                    if (fault == TlsFault.HANGS_UP) {
                      channel.eventLoop().execute(channel::close);
                    } else if (fault != TlsFault.SILENT) {
                      channel.pipeline().addLast(context.newHandler(channel.alloc()));
                      above.accept(channel);
                    }
                  }
                })
            .bind(Addresses.parse("127.0.0.1", 0))
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  Path caFile() {
    return identity.caFile();
  }

  String pin() {
    return identity.pin();
  }

  int accepted() {
    return accepted.get();
  }

  /** Closes every connection, as a server does with idle ones. */
  void hangUp() {
    connections.close().syncUninterruptibly();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    hangUp();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    identity.forget();
  }
}
