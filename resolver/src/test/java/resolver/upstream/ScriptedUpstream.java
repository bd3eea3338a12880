package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.xbill.DNS.Rcode;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.query.TtlLimits;
import resolver.selection.ServerState;
import resolver.settings.Addresses;
import resolver.wire.ExtendedError;

/**
 * An upstream server that holds every query until the test replies with a whole message, which is
 * then matched, read and cleaned as that of a real server. No sockets and no further tries: a reply
 * is the last word of its lookup. Belongs to one thread.
 */
public final class ScriptedUpstream implements AnswerSource {
  /** How long before the flight's end a lookup gives up, as a daemon's forwarder does. */
  private static final long BEFORE_WATCHDOG = 250_000_000L;

  private static final Server FAR = Server.plain(Addresses.parse("192.0.2.53", 53));
  private static final Server NEAR = Server.plain(Addresses.parse("127.0.0.1", 53));

  private final QueryRenderer renderer = new QueryRenderer(1232);
  private final ReplyReader reader;
  private final ServerState heard = new ServerState("scripted");
  private final Ticker ticker;
  private final Timers timers;
  private final QueryObserver observer;
  private final List<Held> held = new ArrayList<>();
  private Server server = FAR;

  /**
   * A server that was not asked yet.
   *
   * @param limits between which bounds the TTLs of answers to a question are moved
   */
  public ScriptedUpstream(
      Function<Question, TtlLimits> limits, Ticker ticker, Timers timers, QueryObserver observer) {
    this.reader = new ReplyReader(limits, ticker);
    this.ticker = ticker;
    this.timers = timers;
    this.observer = observer;
  }

  /** One query at the server. */
  public final class Held implements Pending, Exchange.Listener {
    private final Ask ask;
    private final Receiver to;
    private final Exchange exchange;
    private boolean open = true;

    private Held(Ask ask, Receiver to) {
      this.ask = ask;
      this.to = to;
      byte[] query = renderer.render(ask.question(), true);
      this.exchange = new Exchange(server, Transport.UDP, query, true, ticker.nanos(), this);
    }

    /** What was asked. */
    public Question question() {
      return ask.question();
    }

    /** Whether the asker waits yet. */
    public boolean isOpen() {
      return open;
    }

    /** The server replies; only a message that repeats the question is one. */
    public void reply(byte[] message) {
      if (!exchange.offer(Unpooled.wrappedBuffer(message))) {
        throw new AssertionError("the reply does not belong to " + question());
      }
    }

    /** The network says that there is no way to the server. */
    public void unreachable() {
      exchange.fail("unreachable");
    }

    @Override
    public void answered(Exchange exchange, ByteBuf reply) {
      heard.heard(ticker.nanos());
      try {
        byte[] octets = ByteBufUtil.getBytes(reply);
        finish(reader.read(question(), octets, exchange, 1, 1));
      } catch (ReplyReader.Unreadable e) {
        throw new AssertionError("the reply cannot be read", e);
      }
    }

    @Override
    public void failed(Exchange exchange, String why) {
      finish(failure(Answer.Failure.NETWORK, ExtendedError.NETWORK_ERROR, why));
    }

    private void silent() {
      exchange.cancel();
      finish(failure(Answer.Failure.TIMEOUT, ExtendedError.NO_REACHABLE_AUTHORITY, "no response"));
    }

    private void finish(Answer answer) {
      if (open) {
        open = false;
        to.executor().execute(() -> to.receive(answer, Delivery.AT_ONCE));
      }
    }

    @Override
    public void leave() {
      open = false;
      exchange.cancel();
    }
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Held next = new Held(ask, to);
    held.add(next);
    observer.sent(QueryObserver.Send.FIRST);
    timers.schedule(ask.deadline() - BEFORE_WATCHDOG - ticker.nanos(), next::silent);
    return next;
  }

  /** All queries so far, the first one first. */
  public List<Held> held() {
    return List.copyOf(held);
  }

  /** The queries since the last call; it no longer knows them. */
  public List<Held> take() {
    List<Held> taken = List.copyOf(held);
    held.clear();
    return taken;
  }

  /** It listens on loopback from now on, whence a path that is trusted leads. */
  public void moveToLoopback() {
    server = NEAR;
  }

  /** Something was heard from the server, about whatever. */
  public void speak() {
    heard.heard(ticker.nanos());
  }

  /** When the server was heard last, as {@link Forwarder#heardAt} tells it. */
  public long heardAt(Question question) {
    return heard.heardAt();
  }

  private static Answer failure(Answer.Failure kind, int code, String text) {
    return Answer.local(Rcode.SERVFAIL, kind, new ExtendedError(code, text));
  }
}
