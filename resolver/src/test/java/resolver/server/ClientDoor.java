package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.fixtures.Gates;
import resolver.fixtures.Policies;
import resolver.policy.AnswerRules;
import resolver.policy.LocalRules;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.QueryTap;
import resolver.query.Transport;

/**
 * The client half without sockets, for tests of other packages: octets of a query in, octets of its
 * response out. Belongs to one thread.
 */
public final class ClientDoor {
  private final QueryService service;

  /** A door before the shared half, on the caller's thread. */
  public ClientDoor(
      ServerSettings settings,
      Sources sources,
      Ticker ticker,
      Timers timers,
      QueryObserver observer) {
    this(settings, Policies.byTypeAlone(), Policies.letAllOut(), sources, ticker, timers, observer);
  }

  /** The same, with a policy that is not the simplest. */
  public ClientDoor(
      ServerSettings settings,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      Ticker ticker,
      Timers timers,
      QueryObserver observer) {
    this(settings, localRules, answerRules, sources, ticker, timers, observer, QueryTap.NONE);
  }

  /** The same, with somebody who may be told of single queries. */
  public ClientDoor(
      ServerSettings settings,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      Ticker ticker,
      Timers timers,
      QueryObserver observer,
      QueryTap tap) {
    this(
        Gates.open(settings.allow()),
        settings,
        localRules,
        answerRules,
        sources,
        ticker,
        timers,
        observer,
        tap);
  }

  /** The same, with a gate of one's own, and nobody to be told. */
  public ClientDoor(
      ClientGate gate,
      ServerSettings settings,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      Ticker ticker,
      Timers timers,
      QueryObserver observer) {
    this(gate, settings, localRules, answerRules, sources, ticker, timers, observer, QueryTap.NONE);
  }

  /** The same, with all of these. */
  public ClientDoor(
      ClientGate gate,
      ServerSettings settings,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      Ticker ticker,
      Timers timers,
      QueryObserver observer,
      QueryTap tap) {
    QueryService.Parts parts =
        new QueryService.Parts(
            gate,
            localRules,
            answerRules,
            sources,
            new WaitingClients(settings.waitingPerClient()),
            ticker,
            observer,
            tap,
            settings);
    service = new QueryService(parts, Runnable::run, timers);
  }

  /** What comes back for one query. */
  public static final class Inbox implements Responder {
    private final List<byte[]> responses = new ArrayList<>();
    private Pending waiter = Pending.DONE;
    private boolean ignored;

    private Inbox() {}

    /** The responses so far; there should never be more than one. */
    public List<byte[]> responses() {
      return List.copyOf(responses);
    }

    /** Whether there will never be one. */
    public boolean isIgnored() {
      return ignored;
    }

    /** The client closes its connection. */
    public void hangUp() {
      waiter.leave();
    }

    @Override
    public ByteBuf newBuffer() {
      return Unpooled.buffer();
    }

    @Override
    public void respond(ByteBuf response) {
      responses.add(ByteBufUtil.getBytes(response));
      response.release();
    }

    @Override
    public void awaits(Pending waiter) {
      this.waiter = waiter;
    }

    @Override
    public void ignore() {
      ignored = true;
    }
  }

  /** Takes a client's query. */
  public Inbox take(byte[] query, Transport transport, InetSocketAddress client) {
    Inbox inbox = new Inbox();
    service.handle(Unpooled.wrappedBuffer(query), transport, client, inbox);
    return inbox;
  }
}
