package resolver.daemon;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.KernelClock;
import resolver.clock.Timers;
import resolver.net.Sockets;

/**
 * Tells systemd how the daemon fares, by the protocol of sd_notify(3): datagrams of {@code
 * KEY=value} lines to the socket that {@code NOTIFY_SOCKET} names. Says nothing to nobody where
 * that variable or the native transport is missing.
 *
 * <p>Any thread may call, and none ever waits or sees an error: a message is handed to a thread of
 * this object's own, in order, which connects when it must. A fault is logged once and the message
 * tried once more on a new connection. Only {@link #close} waits.
 */
public final class ServiceManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

  /** May be used again for the next connection, as a plain handler may not. */
  private static final class NoHandlers extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {}
  }

  private final @Nullable EventLoop loop;
  private final Bootstrap bootstrap = new Bootstrap();
  private final Optional<Duration> keepAliveInterval;
  private final LongSupplier monotonicMicros;

  // Both belong to the loop.
  private @Nullable ChannelFuture connection;
  private boolean faultLogged;

  /** The service manager that started this process, if one did. */
  public static ServiceManager of(Map<String, String> environment) {
    return new ServiceManager(
        environment, ProcessHandle.current().pid(), KernelClock::monotonicMicros);
  }

  /**
   * @param environment where the variables of sd_notify(3) and sd_watchdog_enabled(3) are looked up
   * @param pid this process, compared with {@code WATCHDOG_PID}
   * @param monotonicMicros CLOCK_MONOTONIC in microseconds
   */
  ServiceManager(Map<String, String> environment, long pid, LongSupplier monotonicMicros) {
    this.monotonicMicros = monotonicMicros;
    Optional<DomainSocketAddress> address = address(environment.get("NOTIFY_SOCKET"));
    if (address.isEmpty()) {
      loop = null;
      keepAliveInterval = Optional.empty();
      return;
    }
    loop =
        new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("service-manager", true), EpollIoHandler.newFactory())
            .next();
    bootstrap
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(new NoHandlers())
        .remoteAddress(address.get());
    keepAliveInterval = keepAliveInterval(environment, pid);
  }

  /** Whether anybody listens. */
  public boolean present() {
    return loop != null;
  }

  /** The daemon serves, for the first time or again after a reload. */
  public void ready(String status) {
    send("READY=1\n" + line(status));
  }

  /** The daemon re-reads its settings; {@link #ready} must follow. */
  public void reloading(String status) {
    send("RELOADING=1\nMONOTONIC_USEC=" + monotonicMicros.getAsLong() + "\n" + line(status));
  }

  /** The daemon has begun to stop. */
  public void stopping(String status) {
    send("STOPPING=1\n" + line(status));
  }

  /** One line for {@code systemctl status}. */
  public void status(String status) {
    send(line(status));
  }

  /**
   * How often systemd wants to hear that the daemon lives: half of the time after which it would be
   * restarted. Empty when nobody watches.
   */
  public Optional<Duration> keepAliveInterval() {
    return keepAliveInterval;
  }

  /**
   * Sends a keep-alive at every interval at which the daemon is found alive, until closed.
   *
   * @param timers whose tasks run even when no event loop does
   * @param alive asked before each keep-alive; must not block
   */
  public void keepAlive(Timers timers, BooleanSupplier alive) {
    keepAliveInterval.ifPresent(
        interval ->
            timers.schedule(
                interval.toNanos(),
                () -> {
                  if (closed()) {
                    return;
                  }
                  if (alive.getAsBoolean()) {
                    send("WATCHDOG=1");
                  } else {
                    LOG.warn("an event loop does not answer; systemd is not told that we live");
                  }
                  keepAlive(timers, alive);
                }));
  }

  /** Sends what is waiting, then falls silent. Waits a second at most. Does no harm twice. */
  @Override
  public void close() {
    if (loop == null) {
      return;
    }
    long millis = CLOSE_WITHIN.toMillis();
    if (!loop.isShuttingDown()) {
      flushed(loop).awaitUninterruptibly(millis);
    }
    Sockets.end(loop.parent(), millis).awaitUninterruptibly(millis);
  }

  /** Shutting a loop down closes its channels first, whatever waits to be sent. */
  private Future<?> flushed(EventLoop loop) {
    Promise<Void> flushed = loop.newPromise();
    loop.execute(
        () -> {
          if (connection == null) {
            flushed.setSuccess(null);
          } else {
            connection.addListener(connected -> flushed.setSuccess(null));
          }
        });
    return flushed;
  }

  private boolean closed() {
    return loop == null || loop.isShuttingDown();
  }

  private void send(String message) {
    if (loop != null && !loop.isShuttingDown()) {
      loop.execute(() -> transmit(message, true));
    }
  }

  private void transmit(String message, boolean again) {
    ChannelFuture current = connection;
    if (current == null) {
      current = bootstrap.connect();
      connection = current;
    }
    ChannelFuture used = current;
    used.addListener(
        connected -> {
          if (!connected.isSuccess()) {
            failed(used, connected.cause(), message, again);
            return;
          }
          Channel channel = used.channel();
          channel
              .writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), message))
              .addListener(
                  written -> {
                    if (!written.isSuccess()) {
                      failed(used, written.cause(), message, again);
                    }
                  });
        });
  }

  private void failed(ChannelFuture used, Throwable cause, String message, boolean again) {
    var unused = used.channel().close();
    if (connection == used) {
      connection = null;
    }
    if (again) {
      transmit(message, false);
    } else if (!faultLogged) {
      faultLogged = true;
      LOG.warn(
          "NOTIFY_SOCKET: cannot send to {}: {}",
          bootstrap.config().remoteAddress(),
          cause.toString());
    }
  }

  /** A line break would begin the next assignment. */
  private static String line(String status) {
    return "STATUS=" + status.replace('\n', ' ');
  }

  private static Optional<DomainSocketAddress> address(@Nullable String socket) {
    if (socket == null || socket.isEmpty()) {
      return Optional.empty();
    }
    if (socket.charAt(0) != '/' && socket.charAt(0) != '@') {
      LOG.warn("NOTIFY_SOCKET: {} (expected: an absolute path, or @ and a name)", socket);
      return Optional.empty();
    }
    if (!Epoll.isAvailable()) {
      LOG.warn("systemd is not told anything: the native transport is missing");
      return Optional.empty();
    }
    // An abstract name begins with a NUL octet, unix(7).
    return Optional.of(
        new DomainSocketAddress(socket.charAt(0) == '@' ? '\0' + socket.substring(1) : socket));
  }

  private static Optional<Duration> keepAliveInterval(Map<String, String> environment, long pid) {
    String micros = environment.get("WATCHDOG_USEC");
    String watched = environment.getOrDefault("WATCHDOG_PID", "");
    if (micros == null || !(watched.isEmpty() || watched.equals(Long.toString(pid)))) {
      return Optional.empty();
    }
    try {
      long whole = Long.parseLong(micros);
      if (whole > 0) {
        return Optional.of(Duration.of(whole, ChronoUnit.MICROS).dividedBy(2));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    LOG.warn("WATCHDOG_USEC: {} (expected: microseconds, more than 0)", micros);
    return Optional.empty();
  }
}
