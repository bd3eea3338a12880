package resolver.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.FaultLog;
import resolver.clock.LogPause;
import resolver.clock.Ticker;
import resolver.net.LastHandler;

/**
 * Takes the connections that come in by a TCP listener, and spreads them over event loops. Where
 * one cannot be taken, as for want of descriptors, it waits a second: what comes meanwhile stays in
 * the listener's queue. Belongs to the event loop of the listener.
 *
 * <p>Netty's own, ServerBootstrap, is left aside for the sake of the start; see {@link
 * LastHandler}.
 */
final class Acceptor extends LastHandler {
  /** How long it takes none after it could not. */
  static final long REST_MILLIS = 1000;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  private final EventLoopGroup group;
  private final FaultLog faults;
  private final LogPause shortages;
  private final Entrance entrance = new Entrance();
  private final Map<ChannelOption<?>, Object> options;
  private final Consumer<Channel> newcomers;

  /**
   * None yet.
   *
   * @param options of every connection
   * @param newcomers is given each connection on its event loop, before anything is read of it
   */
  Acceptor(
      EventLoopGroup group,
      Ticker ticker,
      Map<ChannelOption<?>, Object> options,
      Consumer<Channel> newcomers) {
    this.group = group;
    this.faults = new FaultLog(LOG, ticker);
    this.shortages = new LogPause(ticker, MINUTE_NANOS);
    this.options = Map.copyOf(options);
    this.newcomers = newcomers;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel connection = (Channel) message;
    try {
      connection.config().setOptions(options);
      connection.pipeline().addLast(entrance);
      ChannelFuture registered = group.register(connection);
      if (registered.cause() == null) {
        registered.addListener(
            done -> {
              if (!done.isSuccess()) {
                connection.unsafe().closeForcibly();
              }
            });
      } else {
        // The loops have ended, and no listener would be told.
        connection.unsafe().closeForcibly();
      }
    } catch (RuntimeException e) {
      connection.unsafe().closeForcibly();
      faults.report("taking a TCP connection", e);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Channel listener = context.channel();
    if (!(cause instanceof IOException)) {
      faults.report("taking a TCP connection", cause);
    } else if (shortages.mayWrite()) {
      LOG.warn(
          "TCP connections to {} cannot be taken just now: {}; they are tried again each second",
          listener.localAddress(),
          String.valueOf(cause.getMessage()));
    }
    listener.config().setAutoRead(false);
    context
        .executor()
        .schedule(() -> listener.config().setAutoRead(true), REST_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Makes way for the handlers of a connection when it has come to its event loop. */
  private final class Entrance extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel connection) {
      newcomers.accept(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
      faults.report("letting in a TCP connection", cause);
    }
  }
}
