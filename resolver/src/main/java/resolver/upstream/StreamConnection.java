package resolver.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.clock.Timers;

/**
 * One connection of a {@link StreamLink}, from its first query to its end. Belongs to its event
 * loop.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter implements Carrier.Desk {
  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  /** Queries that are under way, or wait for their turn. */
  static final int MOST_UNDER_WAY = 4096;

  /** A query that was given up sooner tells nothing about its connection. */
  private static final long SILENCE_NANOS = 1_000_000_000L;

  /** Whatever a server says, no unused connection is kept for longer: 5 minutes. */
  private static final long LONGEST_IDLE_NANOS = 300_000_000_000L;

  private static final String NAME = "connection";

  private final Server server;
  private final StreamLink.Tools tools;
  private final @Nullable Shield shield;
  private final Carrier carrier;
  private final Consumer<Exchange> elsewhere;
  private final boolean afterOne;
  private final IntObjectHashMap<Exchange> open = new IntObjectHashMap<>();
  private final Set<Exchange> waiting = new LinkedHashSet<>();
  private @Nullable Channel channel;
  private boolean begun;
  private boolean ready;
  private boolean closed;
  private boolean retired;
  private boolean proven;
  private boolean flushIsDue;
  private long idle;

  /** Null while none runs. */
  private Timers.@Nullable Timeout idleTimer;

  /** Counts the exchanges. */
  private int generation;

  /** Counts the responses. */
  private int served;

  /** The last exchange that had begun when something was received. */
  private int heardAt;

  /** Since when there are exchanges, under way or in line, and nothing was received. */
  private long silentSince;

  /**
   * A connection that is opened for its first exchange.
   *
   * @param idleNanos for how long it is kept unused where the server says nothing
   * @param shield null for plain text
   * @param elsewhere begins an exchange anew on another connection
   * @param afterOne whether the connection before was over after a single exchange: then a query
   *     takes as long as its connection does, too
   */
  StreamConnection(
      Server server,
      StreamLink.Tools tools,
      long idleNanos,
      @Nullable Shield shield,
      Carrier carrier,
      Consumer<Exchange> elsewhere,
      boolean afterOne) {
    this.server = server;
    this.tools = tools;
    this.idle = idleNanos;
    this.shield = shield;
    this.carrier = carrier;
    this.elsewhere = elsewhere;
    this.afterOne = afterOne;
  }

  /** Whether no further exchange may begin here. */
  boolean isSpent() {
    return closed || retired || isSilent();
  }

  /** Whether a single response has come, of however many queries. */
  boolean hasServedOne() {
    return served == 1;
  }

  /** Begins an exchange. It may fail before this returns. */
  void begin(Exchange exchange) {
    if (open.size() + waiting.size() >= MOST_UNDER_WAY) {
      exchange.failHere("too many queries are under way over " + exchange.transport());
    } else if (ready && open.size() < carrier.room()) {
      send(exchange);
    } else {
      if (isIdle()) {
        silentSince = tools.ticker().nanos();
      }
      waiting.add(exchange);
      exchange.awaitConnection(this::endUnsent, afterOne);
      if (!begun) {
        begun = true;
        prepare();
      }
    }
  }

  private void send(Exchange exchange) {
    Channel to = channel;
    if (to == null) {
      throw new IllegalStateException("no connection (expected: one that is ready)");
    }
    if (open.isEmpty()) {
      silentSince = tools.ticker().nanos();
    }
    int key = carrier.send(to, exchange, open::containsKey);
    int number = ++generation;
    open.put(key, exchange);
    exchange.standIn(over -> end(key, over, number), (char) key);
    if (!flushIsDue) {
      flushIsDue = true;
      tools.loop().execute(this::flush);
    }
  }

  private void flush() {
    flushIsDue = false;
    if (channel != null) {
      channel.flush();
    }
  }

  private void sendWaiting() {
    while (!waiting.isEmpty() && ready && !closed && open.size() < carrier.room()) {
      Exchange next = waiting.iterator().next();
      waiting.remove(next);
      send(next);
    }
  }

  private void prepare() {
    if (shield == null) {
      connect(pipeline -> {});
      return;
    }
    var prepared = shield.prepare(server);
    if (prepared.isDone() && !prepared.isCompletedExceptionally()) {
      connect(prepared.join());
      return;
    }
    prepared.whenComplete(
        (handlers, thrown) ->
            onLoop(
                () -> {
                  if (thrown != null) {
                    finish(failureOf(thrown));
                  } else if (!closed) {
                    connect(handlers);
                  }
                }));
  }

  private void connect(Consumer<ChannelPipeline> handlers) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(tools.loop())
            .channel(tools.sockets().streamChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    handlers.accept(made.pipeline());
                    made.pipeline().addLast(NAME, StreamConnection.this);
                  }
                });
    var connecting = bootstrap.connect(server.address());
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            // A socket that could not even be made says so on a thread of Netty's own.
            onLoop(() -> finishUnconnected(done.cause()));
          }
        });
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (shield == null) {
      becomeReady();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == Shield.READY) {
      becomeReady();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  private void becomeReady() {
    if (channel != null && !closed) {
      carrier.install(channel, NAME, this);
      ready = true;
      silentSince = tools.ticker().nanos();
      tools.complaints().reached(server);
      sendWaiting();
      ended();
    }
  }

  @Override
  public boolean received(int key, ByteBuf message) {
    proven = true;
    heardAt = generation;
    silentSince = tools.ticker().nanos();
    Exchange exchange = open.get(key);
    boolean taken = exchange != null && exchange.offer(message);
    if (taken) {
      served++;
    }
    return taken;
  }

  @Override
  public void failed(int key, String why, boolean unseen) {
    Exchange exchange = open.get(key);
    if (exchange == null) {
      return;
    }
    silentSince = tools.ticker().nanos();
    if (unseen && exchange.mayMove()) {
      open.remove(key);
      elsewhere.accept(exchange);
      ended();
    } else {
      exchange.fail(why);
    }
  }

  @Override
  public void retire() {
    retired = true;
    closeIfIdle();
  }

  @Override
  public void keepIdle(long nanos) {
    idle = Math.min(nanos, LONGEST_IDLE_NANOS);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof StreamFailure failure) {
      finish(failure);
    }
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish(new StreamFailure("the server closed the connection", Complaints.PORTAL));
  }

  /**
   * Whether it looks dead: what waits has waited for long, and nothing came. So does one that is
   * ready, and takes no query.
   */
  private boolean isSilent() {
    return (!open.isEmpty() || isStuck()) && tools.ticker().nanos() - silentSince > SILENCE_NANOS;
  }

  private boolean isStuck() {
    return ready && open.isEmpty() && !waiting.isEmpty();
  }

  private void end(int key, Exchange exchange, int number) {
    open.remove(key);
    carrier.forget(key);
    if (heardAt < number && tools.ticker().nanos() - exchange.sentAt() > SILENCE_NANOS) {
      retired = true;
    }
    sendWaiting();
    ended();
  }

  private void endUnsent(Exchange exchange) {
    retired |= isStuck() && isSilent();
    waiting.remove(exchange);
    // A handshake goes on, for the next query; whoever is silent ends it by its time-out.
    if (ready) {
      ended();
    }
  }

  private void ended() {
    if (!isIdle() || closed) {
      return;
    }
    if (idle == 0 || retired) {
      closeIfIdle();
    } else if (idleTimer == null) {
      awaitIdle();
    }
  }

  private boolean isIdle() {
    return open.isEmpty() && waiting.isEmpty();
  }

  private void awaitIdle() {
    int seen = generation;
    idleTimer =
        tools
            .timers()
            .schedule(
                idle,
                () -> {
                  idleTimer = null;
                  if (generation == seen) {
                    closeIfIdle();
                  } else if (isIdle() && !closed) {
                    awaitIdle();
                  }
                });
  }

  private void closeIfIdle() {
    if (isIdle() && !closed) {
      letGo();
      if (channel != null) {
        channel.close();
      }
    }
  }

  /** A timer left behind would keep all of this for as long as it runs. */
  private void letGo() {
    closed = true;
    carrier.close();
    Timers.Timeout running = idleTimer;
    if (running != null) {
      running.cancel();
      idleTimer = null;
    }
  }

  private void onLoop(Runnable task) {
    if (tools.loop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      tools.loop().execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and with it all who wait.
    }
  }

  private void finishUnconnected(Throwable cause) {
    if (cause instanceof ChannelException) {
      // There is no socket to connect: this process is short of something.
      endAll(exchange -> exchange.failHere(UdpPool.noSocket(cause)));
    } else {
      finish(unreachable(cause));
    }
  }

  private void finish(StreamFailure failure) {
    if (!ready && !closed) {
      tools.complaints().failed(server, failure);
    }
    endAll(exchange -> exchange.fail(failure.why()));
  }

  private void endAll(Consumer<Exchange> failing) {
    letGo();
    List<Exchange> left = new ArrayList<>(open.values());
    left.addAll(waiting);
    open.clear();
    waiting.clear();
    for (Exchange exchange : left) {
      if (proven && exchange.mayMove()) {
        elsewhere.accept(exchange);
      } else {
        failing.accept(exchange);
      }
    }
  }

  private static StreamFailure unreachable(Throwable cause) {
    return new StreamFailure(UdpPort.describe(cause), Complaints.PORTAL);
  }

  private static StreamFailure failureOf(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof StreamFailure failure ? failure : unreachable(cause);
  }
}
