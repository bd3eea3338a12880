package resolver.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.collection.CharObjectHashMap;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.net.Sockets;

/**
 * The TCP connection of one event loop to one server: queries go out one behind the other,
 * responses come back in any order (RFC 7766 sections 6.2.1.1 and 7). Opened when it is needed,
 * closed when it was idle for a while.
 *
 * <p>A server may hang up just when a query is under way. Where the connection had been used
 * before, its exchanges are therefore begun once more on a new one before they count as failed.
 *
 * <p>A connection can also die without a word. One from which nothing came while a query waited in
 * vain is therefore used for no further query.
 *
 * <p>Belongs to one event loop.
 */
final class TcpLink {
  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  /** Queries under way on one connection. */
  private static final int MOST_UNDER_WAY = 4096;

  /** Responses that nobody waits for; a server that sends more of them is rid of its connection. */
  private static final int MOST_STRAYS = 100;

  /** A query that was given up sooner tells nothing about its connection. */
  private static final long SILENCE_NANOS = 1_000_000_000L;

  private final InetSocketAddress server;
  private final EventLoop loop;
  private final Sockets sockets;
  private final RandomPool random;
  private final Ticker ticker;
  private final Timers timers;
  private final long idleNanos;
  private Connection current;

  TcpLink(
      InetSocketAddress server,
      EventLoop loop,
      Sockets sockets,
      RandomPool random,
      Ticker ticker,
      Timers timers,
      long idleNanos) {
    this.server = server;
    this.loop = loop;
    this.sockets = sockets;
    this.random = random;
    this.ticker = ticker;
    this.timers = timers;
    this.idleNanos = idleNanos;
    this.current = new Connection();
  }

  /** Begins an exchange. */
  void begin(Exchange exchange) {
    if (current.closed || current.retired) {
      current = new Connection();
    }
    current.begin(exchange);
  }

  /** Closes the connection once its exchanges are over. */
  void retire() {
    current.retired = true;
    current.closeIfIdle();
  }

  /** One connection, from its first query to its end. */
  private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private final CharObjectHashMap<Exchange> open = new CharObjectHashMap<>();
    private final List<ByteBuf> unsent = new ArrayList<>();
    private @Nullable Channel channel;
    private boolean connected;
    private boolean closed;
    private boolean retired;
    private boolean proven;
    private boolean idleTimerRuns;

    /** Counts the exchanges. */
    private int generation;

    /** The last exchange that had begun when something was received. */
    private int heardAt;

    private int strays;

    void begin(Exchange exchange) {
      if (open.size() >= MOST_UNDER_WAY) {
        exchange.fail("too many queries are under way over TCP");
        return;
      }
      char id = random.nextId();
      while (open.containsKey(id)) {
        id = random.nextId();
      }
      open.put(id, exchange);
      int number = ++generation;
      exchange.standIn(over -> end(over, number), id);
      ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(2 + exchange.length());
      frame.writeShort(exchange.length());
      exchange.writeQuery(frame, id);
      if (connected && channel != null) {
        channel.writeAndFlush(frame);
        return;
      }
      unsent.add(frame);
      if (channel == null) {
        connect();
      }
    }

    private void connect() {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loop)
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
                          .addLast(Connection.this);
                    }
                  });
      var connecting = bootstrap.connect(server);
      channel = connecting.channel();
      connecting.addListener(
          done -> {
            if (!done.isSuccess()) {
              finishOnLoop(UdpPort.describe(done.cause()));
            }
          });
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      connected = true;
      unsent.forEach(context::write);
      unsent.clear();
      context.flush();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf reply) {
      proven = true;
      heardAt = generation;
      Exchange exchange =
          reply.readableBytes() < 2 ? null : open.get(reply.getChar(reply.readerIndex()));
      boolean taken = exchange != null && exchange.offer(reply);
      if (!taken && ++strays > MOST_STRAYS) {
        context.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      finish("the server closed the connection");
    }

    private void end(Exchange exchange, int number) {
      open.remove(exchange.id());
      if (heardAt < number && ticker.nanos() - exchange.sentAt() > SILENCE_NANOS) {
        retired = true;
      }
      if (!open.isEmpty() || closed) {
        return;
      }
      if (idleNanos == 0 || retired) {
        closeIfIdle();
      } else if (!idleTimerRuns) {
        awaitIdle();
      }
    }

    private void awaitIdle() {
      idleTimerRuns = true;
      int seen = generation;
      timers.schedule(
          idleNanos,
          () -> {
            idleTimerRuns = false;
            if (generation == seen) {
              closeIfIdle();
            } else if (open.isEmpty() && !closed) {
              awaitIdle();
            }
          });
    }

    private void closeIfIdle() {
      if (open.isEmpty() && !closed) {
        closed = true;
        if (channel != null) {
          channel.close();
        }
      }
    }

    /** A socket that could not even be made says so on a thread of Netty's own. */
    private void finishOnLoop(String why) {
      if (loop.inEventLoop()) {
        finish(why);
      } else {
        loop.execute(() -> finish(why));
      }
    }

    private void finish(String why) {
      closed = true;
      unsent.forEach(ByteBuf::release);
      unsent.clear();
      List<Exchange> left = List.copyOf(open.values());
      open.clear();
      for (Exchange exchange : left) {
        if (proven && exchange.mayMove()) {
          TcpLink.this.begin(exchange);
        } else {
          exchange.fail(why);
        }
      }
    }
  }
}
