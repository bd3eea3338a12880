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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import resolver.net.Sockets;
import resolver.server.LocalAddresses;
import resolver.server.TcpAdmission;
import resolver.server.Wildcards;
import resolver.settings.Addresses;

/**
 * Takes requests over HTTP, for those who watch the daemon.
 *
 * <p>It has an event loop of its own, on which pages are made as well: they cost queries nothing,
 * and are there while another loop hangs. So many connections at once, in all and of one address,
 * so many octets and so many seconds for a request and its response, and no more; one request a
 * connection.
 *
 * <p>A wildcard address is each address of the machine: where the wildcard of IPv6 is bound itself,
 * Java has it take IPv4 as well, and then the one of IPv4 cannot be had. {@link #follow} keeps up
 * with addresses that come and go.
 *
 * <p>One thread at a time may call.
 */
public final class HttpListener implements AutoCloseable {
  static final int MOST_CONNECTIONS = 64;

  /** Connections of one address that is not loopback: some scrapers and a browser. */
  static final int MOST_OF_ONE = 16;

  static final int MOST_SECONDS = 10;

  /** Within so many the head of a request has come: whoever wants a page sends it at once. */
  static final int HEAD_SECONDS = 2;

  private static final int LONGEST_TARGET = 2048;
  private static final int MOST_HEADERS = 8192;
  private static final int CHUNK = 1024;

  private final Sockets sockets;
  private final EventLoopGroup loop;
  private final Reception reception;
  private final TcpAdmission admission = new TcpAdmission(MOST_CONNECTIONS, MOST_OF_ONE);
  private final Map<InetSocketAddress, Channel> open = new LinkedHashMap<>();
  private final Wildcards wildcards = new Wildcards();
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
    wildcards.use(settings.listen());
    for (InetSocketAddress address : List.copyOf(open.keySet())) {
      if (!wanted.contains(address)) {
        close(open.remove(address));
      }
    }
  }

  /**
   * Listens on the addresses of wildcards that the machine has got since, and no more on those that
   * it has lost. One that cannot be had is tried again at the next call, and told once.
   *
   * @return whether anything has changed
   */
  public boolean follow() {
    return follow(LocalAddresses::known);
  }

  /** The same, where the machine tells its addresses so; empty while it does not. */
  boolean follow(Supplier<Optional<List<InetAddress>>> machine) {
    return wildcards.follow(machine, open, this::listen, channel -> close(channel));
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
            .channelFactory(sockets::newListener)
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
    if (admission.admit(channel) == null) {
      channel.close();
      return;
    }
    OneRequest request = new OneRequest(reception);
    ScheduledFuture<?> head =
        channel
            .eventLoop()
            .schedule(() -> closeWithout(request, channel), HEAD_SECONDS, TimeUnit.SECONDS);
    ScheduledFuture<?> end =
        channel.eventLoop().schedule(() -> channel.close(), MOST_SECONDS, TimeUnit.SECONDS);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              head.cancel(false);
              end.cancel(false);
            });
    channel
        .pipeline()
        .addLast(new HttpServerCodec(LONGEST_TARGET, MOST_HEADERS, CHUNK))
        .addLast(request);
  }

  private static void closeWithout(OneRequest request, Channel channel) {
    if (!request.isTaken()) {
      channel.close();
    }
  }
}
