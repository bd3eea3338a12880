package resolver.upstream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;

/** A name server that speaks DNS over TLS on a port of 127.0.0.1, as a test wants it. */
final class TlsNameServer implements AutoCloseable {
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Set<Long> sessions = ConcurrentHashMap.newKeySet();
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private final List<Boolean> resumed = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final EventLoopGroup loops = Sockets.NIO.newLoops(1, "tls-name-server");
  private final Channel listener;
  private volatile @Nullable Channel lastChannel;
  private volatile BiConsumer<Channel, byte[]> script =
      (channel, query) -> reply(channel, RawNameServer.answer(query));

  private TlsNameServer(SslContext tls) {
    listener =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(Sockets.NIO::newListener)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.incrementAndGet();
                    channels.add(channel);
                    SslHandler handler = tls.newHandler(channel.alloc());
                    handler.handshakeFuture().addListener(done -> resumed.add(isResumed(handler)));
                    channel
                        .pipeline()
                        .addLast(handler)
                        .addLast(new LengthFieldPrepender(2))
                        .addLast(new LengthFieldBasedFrameDecoder(65_537, 0, 2, 0, 2))
                        .addLast(new Reader());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  static TlsNameServer start(X509Bundle certificate, String... protocols) {
    try {
      return new TlsNameServer(
          SslContextBuilder.forServer(
                  certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
              .sslProvider(SslProvider.JDK)
              .protocols(protocols.length == 0 ? new String[] {"TLSv1.3"} : protocols)
              .build());
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      byte[] query = ByteBufUtil.getBytes(message);
      received.add(query);
      lastChannel = context.channel();
      script.accept(context.channel(), query);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** What is done with each query from now on. */
  void on(BiConsumer<Channel, byte[]> next) {
    script = next;
  }

  static void reply(Channel channel, byte[] message) {
    channel.writeAndFlush(Unpooled.wrappedBuffer(message));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  int connections() {
    return connections.get();
  }

  /** Of each handshake that has ended, whether it resumed a session of a connection before. */
  List<Boolean> resumed() {
    return resumed;
  }

  /** A session that is resumed is as old as the one before. */
  private boolean isResumed(SslHandler handler) {
    return !sessions.add(handler.engine().getSession().getCreationTime());
  }

  /** That of the last query. */
  @Nullable Channel lastChannel() {
    return lastChannel;
  }

  List<byte[]> received() {
    return received;
  }

  void hangUp() {
    channels.close().awaitUninterruptibly();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly(2000);
    hangUp();
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
  }
}
