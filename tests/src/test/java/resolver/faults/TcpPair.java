package resolver.faults;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's TCP connection and ours to the server for it. Each side is read only while little of
 * it is still to be written to the other. A delay varies from connection to connection, not within
 * one. Belongs to one event loop.
 */
final class TcpPair {
  private static final int MOST_HELD = 256 << 10;

  private final Channel client;
  private final InetSocketAddress target;
  private final Tally tally;
  private final Chance.Fate fate;
  private final Messages messages = new Messages();
  private final Flow toServer = new Flow(true);
  private final Flow toClient = new Flow(false);
  private Faults faults;
  private @Nullable Channel server;
  private boolean connecting;
  private boolean over;

  TcpPair(Channel client, InetSocketAddress target, Faults faults, Chance.Fate fate, Tally tally) {
    this.client = client;
    this.target = target;
    this.faults = faults;
    this.fate = fate;
    this.tally = tally;
    client.pipeline().addLast(toServer);
  }

  /** Lets these faults hold from now on; the first time, begins. */
  void set(Faults next) {
    faults = next;
    if (faults.reach() == Faults.Reach.CLOSED || (resets() && faults.after() == 0)) {
      reset();
    } else if (faults.reach() == Faults.Reach.OPEN && !over) {
      if (server == null && !connecting) {
        connect();
      }
      toServer.readOn();
      toClient.readOn();
    }
  }

  private boolean resets() {
    return faults.stream() == Faults.Stream.RESET;
  }

  private void connect() {
    connecting = true;
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(toClient)
        .connect(target)
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (!done.isSuccess() || over) {
                    done.channel().close();
                    reset();
                    return;
                  }
                  server = done.channel();
                  toServer.readOn();
                  toClient.readOn();
                });
  }

  /** Resets the client's connection, and ends ours. */
  void reset() {
    if (!over) {
      tally.resets.increment();
      client.config().setOption(ChannelOption.SO_LINGER, 0);
      end();
    }
  }

  private void end() {
    over = true;
    toServer.drop();
    toClient.drop();
    client.close();
    if (server != null) {
      server.close();
    }
  }

  /** One direction. It is the handler of the side that it comes from. */
  private final class Flow extends ChannelInboundHandlerAdapter {
    private final boolean fromClient;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private int held;
    private long passed;
    private long lastDue;
    private boolean reading;
    private boolean silent;

    Flow(boolean fromClient) {
      this.fromClient = fromClient;
    }

    private @Nullable Channel from() {
      return fromClient ? client : server;
    }

    private @Nullable Channel to() {
      return fromClient ? server : client;
    }

    void readOn() {
      while (faults.reach() == Faults.Reach.OPEN && !waiting.isEmpty()) {
        take(waiting.remove());
      }
      Channel source = from();
      if (!reading
          && source != null
          && to() != null
          && held < MOST_HELD
          && faults.reach() == Faults.Reach.OPEN) {
        reading = true;
        source.read();
      }
    }

    /** What was asked for before the faults changed may come after. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (over) {
        ((ByteBuf) message).release();
      } else if (faults.reach() == Faults.Reach.DEAD) {
        waiting.add((ByteBuf) message);
      } else {
        take((ByteBuf) message);
      }
    }

    private void take(ByteBuf octets) {
      int all = octets.readableBytes();
      int some = (int) Math.min(all, fromClient ? mayPass(octets) : room());
      passed += some;
      if (some == 0) {
        octets.release();
      } else {
        pass(octets.writerIndex(octets.readerIndex() + some));
      }
      if (!fromClient && some < all) {
        later(TcpPair.this::reset);
      }
    }

    /** Of a message that is cut off the rest cannot follow later: a connection stays silent. */
    private int mayPass(ByteBuf octets) {
      boolean limited = faults.stream() == Faults.Stream.SILENT;
      long before = messages.begun();
      int some = messages.read(octets, limited ? faults.after() : Long.MAX_VALUE);
      tally.messages.add(messages.begun() - before);
      int passing = silent ? 0 : some;
      silent |= some < octets.readableBytes();
      return passing;
    }

    private long room() {
      return resets() ? Math.max(0, faults.after() - passed) : Long.MAX_VALUE;
    }

    private void pass(ByteBuf octets) {
      int length = octets.readableBytes();
      held += length;
      later(
          () -> {
            Channel sink = to();
            if (over || sink == null) {
              octets.release();
              return;
            }
            sink.writeAndFlush(octets)
                .addListener(
                    done -> {
                      held -= length;
                      readOn();
                    });
          });
    }

    /** Does it when its time has come: at once, or delayed and behind what came before. */
    private void later(Runnable what) {
      long nanos = fromClient ? 0 : Delays.nanos(faults, fate.draw(Chance.Of.JITTER));
      long now = System.nanoTime();
      long due = passed > 0 && lastDue - now > nanos ? lastDue : now + nanos;
      lastDue = due;
      if (due - now <= 0) {
        what.run();
      } else {
        client.eventLoop().schedule(what, due - now, TimeUnit.NANOSECONDS);
      }
    }

    void drop() {
      waiting.forEach(ByteBuf::release);
      waiting.clear();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      reading = false;
      readOn();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (fromClient) {
        end();
      } else {
        later(() -> client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end()));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A connection that the other side has reset; it is closed next.
      context.close();
    }
  }
}
