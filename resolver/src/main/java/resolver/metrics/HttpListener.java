package resolver.metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;
import resolver.server.LocalAddresses;
import resolver.settings.Addresses;

/**
 * Takes requests over HTTP, for those who watch the daemon.
 *
 * <p>It has an event loop of its own, on which pages are made as well: they cost queries nothing,
 * and are there while another loop hangs. So many connections at once, so many octets and so many
 * seconds for a request and its response, and no more; one request a connection.
 *
 * <p>One thread at a time may call.
 */
public final class HttpListener implements AutoCloseable {
  static final int MOST_CONNECTIONS = 64;
  static final int MOST_SECONDS = 10;
  private static final int LONGEST_TARGET = 2048;
  private static final int MOST_HEADERS = 8192;
  private static final int CHUNK = 1024;

  private final Sockets sockets;
  private final EventLoopGroup loop;
  private final Reception reception;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<InetSocketAddress, Channel> open = new LinkedHashMap<>();
  private volatile Hosts hosts = new Hosts(List.of());
  private volatile boolean alive = true;
  private volatile boolean stopping;

  /** One that does not listen yet. */
  public HttpListener(Sockets sockets, Subject subject) {
    this.sockets = sockets;
    this.loop = sockets.newLoops(1, "metrics");
    this.reception = new Reception(new Site(subject, () -> alive, () -> !stopping), () -> hosts);
    loop.next()
        .scheduleWithFixedDelay(
            () -> alive = subject.heartbeat().getAsBoolean(), 0, 1, TimeUnit.SECONDS);
  }

  /**
   * Listens there and nowhere else from now on; where one address cannot be had, nothing changes.
   *
   * @throws IOException which names the address and tells why, and the way out
   */
  public void use(MetricsSettings settings) throws IOException {
    List<InetSocketAddress> wanted = LocalAddresses.expand(settings.listen());
    List<InetSocketAddress> fresh = new ArrayList<>();
    try {
      for (InetSocketAddress address : wanted) {
        if (!open.containsKey(address)) {
          open.put(address, listen(address));
          fresh.add(address);
        }
      }
    } catch (IOException e) {
      fresh.forEach(address -> close(open.remove(address)));
      throw e;
    }
    hosts = new Hosts(settings.hosts());
    for (InetSocketAddress address : List.copyOf(open.keySet())) {
      if (!wanted.contains(address)) {
        close(open.remove(address));
      }
    }
  }

  /** Where it listens, with real ports. */
  public List<InetSocketAddress> addresses() {
    return open.values().stream().map(each -> (InetSocketAddress) each.localAddress()).toList();
  }

  /** The daemon is about to stop: it is no longer ready. */
  public void stopping() {
    stopping = true;
  }

  /** Closes everything. */
  @Override
  public void close() {
    Sockets.end(loop, 500).awaitUninterruptibly(1000);
    open.clear();
  }

  private static void close(@Nullable Channel channel) {
    if (channel != null) {
      channel.close().awaitUninterruptibly();
    }
  }

  private Channel listen(InetSocketAddress address) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(sockets.serverChannel())
            .option(ChannelOption.SO_BACKLOG, MOST_CONNECTIONS)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    admit(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "metrics.listen: "
              + Addresses.format(address)
              + " cannot be listened on: "
              + String.valueOf(bound.cause()).replaceFirst("^.*Exception: ", "")
              + "; choose another address or port, or [] for none",
          bound.cause());
    }
    return bound.channel();
  }

  private void admit(Channel channel) {
    if (connections.incrementAndGet() > MOST_CONNECTIONS) {
      connections.decrementAndGet();
      channel.close();
      return;
    }
    ScheduledFuture<?> end =
        channel.eventLoop().schedule(() -> channel.close(), MOST_SECONDS, TimeUnit.SECONDS);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              connections.decrementAndGet();
              end.cancel(false);
            });
    channel
        .pipeline()
        .addLast(new HttpServerCodec(LONGEST_TARGET, MOST_HEADERS, CHUNK))
        .addLast(new OneRequest(reception));
  }
}
