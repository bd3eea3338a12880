package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resolver.clock.DeadlineQueue;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Transport;

/**
 * One client's TCP connection: queries come one behind the other, responses leave as they are ready
 * (RFC 7766 section 7). Belongs to the event loop of its channel.
 *
 * <ul>
 *   <li>While too many queries wait for their answers, or the client does not take its responses,
 *       no query is taken from the stream, and reading pauses.
 *   <li>A response is rendered when the client can take it, and not before: an answer that waits is
 *       shared, its rendering is not. So a client that never reads costs next to nothing.
 *   <li>The same holds for a client that takes its responses late, while all such clients together
 *       hold too many ({@link TcpBudget}), until it has taken those that it has.
 *   <li>A connection is closed when no whole query came for the idle time and nothing is owed, or
 *       when something is to be written and nothing could be for as long; after ten seconds at most
 *       where that is more than a few octets, whatever the client asks meanwhile.
 *   <li>When it is closed, those who wait for answers to its queries leave their flights at once.
 *   <li>Once the client sends no more, what it asked for is still answered (RFC 7766 section
 *       6.2.4).
 * </ul>
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {
  /**
   * What the connections of an event loop have in common.
   *
   * @param idle deadlines as far ahead as the idle time
   * @param writes deadlines as far ahead as a client must take a response that it is sent
   * @param budget that of all event loops
   * @param pipeline for how many answers the queries of one connection may wait
   */
  record Place(
      QueryService service,
      QueryObserver observer,
      DeadlineQueue idle,
      DeadlineQueue writes,
      TcpBudget budget,
      int pipeline) {
    static Place of(
        ServerSettings settings,
        QueryService service,
        QueryObserver observer,
        Ticker ticker,
        Timers timers,
        TcpBudget budget) {
      long idle = settings.tcpIdle().toNanos();
      return new Place(
          service,
          observer,
          new DeadlineQueue(ticker, timers, idle),
          new DeadlineQueue(ticker, timers, Math.min(idle, LONGEST_WRITE)),
          budget,
          settings.tcpPipeline());
    }
  }

  /** In nanoseconds. Connections may idle for longer, shares of the budget may not. */
  private static final long LONGEST_WRITE = 10_000_000_000L;

  private static final int USUAL_RESPONSE = 512;

  private final QueryService service;
  private final QueryObserver observer;
  private final DeadlineQueue idle;
  private final int pipeline;
  private final InetSocketAddress client;
  private final TcpShare share;
  private final Idle deadline = new Idle();
  private final QueryFrames frames = new QueryFrames(Listeners.MAX_QUERY);

  /** Responses to be rendered once the client takes more. */
  private final Deque<Runnable> held = new ArrayDeque<>();

  /** Those who wait for answers that did not come at once. */
  private final Set<Reply> awaiting = new HashSet<>();

  /** Queries without a response yet, those of {@link #held} among them. */
  private int waiting;

  /** Responses that the kernel has not taken yet. */
  private int unsent;

  private boolean tookSinceDeadline;
  private boolean taking;
  private boolean rendering;
  private boolean peerFinished;
  private @Nullable ChannelHandlerContext context;

  private final class Idle extends DeadlineQueue.Deadline {
    @Override
    protected void due() {
      whenIdle();
    }
  }

  TcpConnection(Place place, InetSocketAddress client) {
    this.service = place.service;
    this.observer = place.observer;
    this.idle = place.idle;
    this.pipeline = place.pipeline;
    this.client = client;
    this.share = new TcpShare(place.budget, place.writes, this::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    idle.add(deadline);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel();
    frames.release();
    held.forEach(response -> observer.responseLost());
    held.clear();
    List.copyOf(awaiting).forEach(Reply::abandon);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    frames.add(context.alloc(), (ByteBuf) message);
    takeQueries(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    goOn(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      peerFinished = true;
      takeQueries(context);
    }
  }

  /** A broken connection, or a defect. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      service.faults().report("a connection", cause);
    }
    context.close();
  }

  /** The client may take more: what is held comes first. Writing may lead here again. */
  private void goOn(ChannelHandlerContext context) {
    if (!rendering) {
      rendering = true;
      try {
        while (!held.isEmpty() && mayRender(context.channel())) {
          held.remove().run();
        }
      } finally {
        rendering = false;
      }
    }
    takeQueries(context);
  }

  /** Works on what the client has sent, as far as it may be; an answer may come within it. */
  private void takeQueries(ChannelHandlerContext context) {
    if (taking) {
      return;
    }
    taking = true;
    try {
      while (mayTake(context.channel()) && (frames.hasNext() || frames.isTooLong())) {
        takeOne(context);
      }
    } finally {
      taking = false;
    }
    frames.tidy();
    if (!peerFinished) {
      // There is nothing to read any more; Netty's epoll even fails where it is told to.
      context.channel().config().setAutoRead(mayTake(context.channel()));
    } else if (waiting == 0 && !frames.hasNext()) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private boolean mayTake(Channel channel) {
    return waiting < pipeline && mayRender(channel);
  }

  private boolean mayRender(Channel channel) {
    return channel.isActive() && channel.isWritable() && share.mayGrow();
  }

  private void takeOne(ChannelHandlerContext context) {
    if (frames.isTooLong()) {
      service.tooLong(Transport.TCP, client);
      context.close();
      return;
    }
    ByteBuf query = frames.next();
    try {
      waiting++;
      restartDeadline();
      service.handle(query, Transport.TCP, client, new Reply(context));
    } finally {
      query.release();
    }
  }

  private void whenIdle() {
    boolean owesNothing = waiting == 0 && unsent == 0;
    boolean stuck = unsent > 0 && !tookSinceDeadline;
    if (owesNothing || stuck) {
      close();
    } else {
      restartDeadline();
    }
  }

  private void restartDeadline() {
    deadline.cancel();
    tookSinceDeadline = false;
    idle.add(deadline);
  }

  private void closeIfOverdrawn() {
    if (share.isOverdrawn()) {
      close();
    }
  }

  private void close() {
    if (context != null) {
      context.close();
    }
  }

  private final class Reply implements Responder {
    private final ChannelHandlerContext context;
    private @Nullable Pending waiter;
    private int capacity;

    Reply(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void awaits(Pending waiter) {
      this.waiter = waiter;
      awaiting.add(this);
    }

    void abandon() {
      awaiting.remove(this);
      if (waiter != null) {
        waiter.leave();
      }
    }

    @Override
    public void whenReady(Runnable render) {
      awaiting.remove(this);
      if (!context.channel().isActive()) {
        observer.responseLost();
      } else if (isReady()) {
        render.run();
      } else {
        held.add(render);
      }
    }

    @Override
    public boolean isReady() {
      return held.isEmpty() && mayRender(context.channel());
    }

    @Override
    public ByteBuf newBuffer() {
      return context.alloc().directBuffer(2 + USUAL_RESPONSE).writeShort(0);
    }

    @Override
    public void respond(ByteBuf response) {
      response.setShort(0, response.readableBytes() - 2);
      unsent++;
      capacity = response.capacity();
      share.add(capacity);
      context.writeAndFlush(response).addListener(this::written);
      if (share.isOverdrawn()) {
        // A flush waits for the end of the turn. What is held after it, the kernel did not take.
        context.executor().execute(TcpConnection.this::closeIfOverdrawn);
      }
      answered();
    }

    @Override
    public void ignore() {
      answered();
    }

    private void written(Future<? super Void> write) {
      unsent--;
      boolean gaveBack = share.remove(capacity);
      if (!write.isSuccess()) {
        observer.responseLost();
        return;
      }
      tookSinceDeadline = true;
      if (gaveBack) {
        goOn(context);
      }
    }

    private void answered() {
      waiting--;
      takeQueries(context);
    }
  }
}
