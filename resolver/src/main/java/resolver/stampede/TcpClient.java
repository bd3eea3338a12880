package resolver.stampede;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;
import resolver.query.Transport;

/**
 * A client with a TCP connection of its own, kept from round to round. Where the server hangs up on
 * a query, it connects and asks again, a few times.
 */
final class TcpClient extends Client {
  private static final int CONNECT_TIMEOUT_MILLIS = 5000;
  private static final int MOST_CONNECTIONS = 3;

  private final Sockets sockets;
  private final InetSocketAddress server;
  private @Nullable Channel channel;
  private int connectionsLeft;

  TcpClient(Desk desk, Sockets sockets, InetSocketAddress server, long number, int turns) {
    super(desk, Transport.TCP, number, turns);
    this.sockets = sockets;
    this.server = server;
  }

  @Override
  void prepare() {
    connectionsLeft = MOST_CONNECTIONS;
    if (channel != null && channel.isActive()) {
      arrive();
    } else {
      connect().addListener(connected -> arrive());
    }
  }

  private ChannelFuture connect() {
    connectionsLeft--;
    ChannelFuture connecting =
        new Bootstrap()
            .group(desk.loop())
            .channel(sockets.streamChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline()
                        .addLast(
                            new LengthFieldBasedFrameDecoder(Sockets.MAX_MESSAGE + 2, 0, 2, 0, 2))
                        .addLast(new Reader());
                  }
                })
            .connect(server);
    channel = connecting.channel();
    return connecting;
  }

  @Override
  char chooseId(long bitsOfRound, long bits) {
    return (char) (bits >>> 48);
  }

  @Override
  void ended(char id) {}

  @Override
  void send() {
    leaves(desk.rounds().now());
    if (channel != null && channel.isActive()) {
      channel.writeAndFlush(query(channel, 2), channel.voidPromise());
    }
  }

  @Override
  boolean isLossy() {
    return false;
  }

  @Override
  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  private void hungUp(Channel lost) {
    if (lost != channel || !isAsking() || connectionsLeft == 0) {
      return;
    }
    noteResend();
    connect().addListener(connected -> send());
  }

  /** Reads one connection; the client outlives it. */
  private final class Reader extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf octets = (ByteBuf) message;
      try {
        received(octets);
      } finally {
        octets.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      hungUp(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
