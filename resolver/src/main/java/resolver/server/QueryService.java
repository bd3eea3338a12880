package resolver.server;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.clock.LoopTimers;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.LocalRules;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Query;
import resolver.query.QueryObserver;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.server.WaitingDatagrams.Datagram;
import resolver.wire.ExtendedError;
import resolver.wire.QueryView;

/**
 * Takes the octets of a query and gives those of its response, whatever the transport: gate,
 * decode, local rules, the shared half, rules for answers, rendering.
 *
 * <p>There is one for each event loop, and it belongs to that loop: it is called there, and answers
 * there. No client waits longer than its deadline, which starts when its query arrives.
 */
final class QueryService {
  /** What the services of all loops share. */
  record Parts(
      ClientGate gate,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      WaitingClients waitingClients,
      Ticker ticker,
      QueryObserver observer,
      ServerSettings settings) {}

  private static final Answer TOO_LATE =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.TIMEOUT,
          new ExtendedError(ExtendedError.NO_REACHABLE_AUTHORITY, "no answer in time"));
  private static final Answer DEFECT =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.DEFECT,
          new ExtendedError(ExtendedError.OTHER, "internal error"));

  private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(QueryService.class);

  private final Parts parts;
  private final Executor loop;
  private final ResponseWriter writer;
  private final DeadlineQueue deadlines;
  private final long deadlineNanos;
  private final QueryView view = new QueryView();
  private final WaitingDatagrams waitingDatagrams = new WaitingDatagrams();
  private final FastPath fastPath;
  private boolean inTurn;
  private long turnNanos;
  private int hitsInTurn;
  private long plainAt;

  QueryService(Parts parts, io.netty.channel.EventLoop loop) {
    this(parts, loop, new LoopTimers(loop));
  }

  /** A service on an executor with timers of one's own, for tests. */
  QueryService(Parts parts, Executor loop, Timers timers) {
    this.parts = parts;
    this.loop = loop;
    this.writer = new ResponseWriter(parts.settings.udpSize());
    Edition edition = parts.answerRules.edition();
    if (edition != parts.localRules.edition()) {
      throw new IllegalArgumentException("two policies (expected: both doors of one)");
    }
    this.fastPath = new FastPath(parts.sources.kept(), edition, writer, view);
    this.deadlineNanos = parts.settings.clientDeadline().toNanos();
    this.deadlines = new DeadlineQueue(parts.ticker, timers, deadlineNanos);
  }

  /** Many queries follow at once: one look at the clock will do for those that need no more. */
  void startTurn() {
    turnNanos = parts.ticker.nanos();
    inTurn = true;
  }

  /** Those that followed are done. */
  void endTurn() {
    inTurn = false;
    if (hitsInTurn > 0) {
      // Their responses leave together: one more look at the clock tells of them all.
      long nanos = parts.ticker.nanos() - turnNanos;
      parts.observer.answered(Transport.UDP, QueryObserver.Way.AT_ONCE, nanos, hitsInTurn);
      hitsInTurn = 0;
    }
  }

  /**
   * Handles one message of a client.
   *
   * @param packet the whole message; is read before this returns, and not released
   * @param client who sent it
   * @param to the way back; {@link Responder#lasting} is taken where the answer does not come at
   *     once
   */
  void handle(ByteBuf packet, Transport transport, InetSocketAddress client, Responder to) {
    QueryObserver observer = parts.observer;
    observer.received(transport);
    QueryView.Verdict verdict = view.read(packet);
    if (verdict == QueryView.Verdict.NO_QUERY) {
      observer.classified(QueryObserver.Outcome.DROPPED);
      to.ignore();
    } else if (!parts.gate.allows(client.getAddress())) {
      observer.classified(QueryObserver.Outcome.REFUSED);
      reject(packet, Rcode.REFUSED, to, ExtendedError.PROHIBITED, "this client is not allowed");
    } else if (verdict != QueryView.Verdict.WELL_FORMED) {
      observer.classified(QueryObserver.Outcome.MALFORMED);
      reject(packet, rcodeOf(verdict), to, ExtendedError.OTHER, "the query is " + verdict);
    } else if (isPlain(packet, transport, to)) {
      observer.classified(QueryObserver.Outcome.HIT);
      render(to, fastPath);
      timePlain(transport);
    } else {
      resolve(Query.of(view, packet, limit(transport)), transport, client, to.lasting());
    }
  }

  private boolean isPlain(ByteBuf packet, Transport transport, Responder to) {
    // Who does not desire recursion makes no answer popular.
    return view.recursionDesired()
        && (transport.isStream() || !waitingDatagrams.mayContain(view.id()))
        && to.isReady()
        && fastPath.finds(packet, limit(transport), plainNow());
  }

  private long plainNow() {
    plainAt = inTurn ? turnNanos : parts.ticker.nanos();
    return plainAt;
  }

  private void timePlain(Transport transport) {
    if (inTurn && transport == Transport.UDP) {
      hitsInTurn++;
    } else {
      long nanos = parts.ticker.nanos() - plainAt;
      parts.observer.answered(transport, QueryObserver.Way.AT_ONCE, nanos, 1);
    }
  }

  private int limit(Transport transport) {
    return transport.isStream() ? 65_535 : Math.min(view.udpSize(), parts.settings.udpSize());
  }

  private void resolve(Query query, Transport transport, InetSocketAddress client, Responder to) {
    int edition = parts.answerRules.edition().number();
    Answer byRule = parts.localRules.answer(query.question());
    if (byRule != null) {
      parts.observer.classified(QueryObserver.Outcome.LOCAL);
      respond(query, byRule, to);
      return;
    }
    Datagram datagram = transport.isStream() ? null : Datagram.of(client, query);
    if (datagram != null && waitingDatagrams.contains(datagram)) {
      parts.observer.classified(QueryObserver.Outcome.DUPLICATE);
      to.ignore();
      return;
    }
    long now = parts.ticker.nanos();
    Waiter waiter = new Waiter(query, edition, transport, client.getAddress(), datagram, to, now);
    AnswerSource source = sourceFor(query, client.getAddress());
    long deadline = now + deadlineNanos;
    try {
      waiter.await(source.ask(Ask.byClient(query.question(), deadline), waiter));
    } catch (RuntimeException e) {
      // A source that has found an outcome passes no exception on.
      LOG.error("looking up {} threw", query.question(), e);
      parts.observer.classified(QueryObserver.Outcome.DEFECT);
      waiter.receive(DEFECT, Delivery.AT_ONCE);
    }
  }

  private AnswerSource sourceFor(Query query, InetAddress client) {
    if (!query.recursionDesired()) {
      return parts.sources.cacheOnly();
    }
    return parts.waitingClients.isFull(client) ? parts.sources.full() : parts.sources.resolving();
  }

  private void reject(ByteBuf packet, int rcode, Responder to, int code, String why) {
    ExtendedError error = new ExtendedError(code, why);
    render(to, out -> writer.writeRejection(out, view, packet, rcode, error));
  }

  /** The answer that goes out, by the second door of the policy. */
  private Answer judged(Query query, int edition, Answer answer) {
    Answer judged = parts.answerRules.judge(query.question(), answer, edition);
    if (judged != answer) {
      parts.observer.answerRefused();
    }
    return judged;
  }

  private void respond(Query query, Answer answer, Responder to) {
    to.whenReady(() -> render(to, out -> writer.write(out, query, answer, parts.ticker.nanos())));
  }

  /** A rendering that throws must neither leak its buffer nor leave the client's place taken. */
  private static void render(Responder to, Consumer<ByteBuf> rendering) {
    ByteBuf out = to.newBuffer();
    try {
      rendering.accept(out);
    } catch (RuntimeException e) {
      out.release();
      LOG.error("rendering a response threw", e);
      to.ignore();
      return;
    }
    to.respond(out);
  }

  private static int rcodeOf(QueryView.Verdict verdict) {
    return switch (verdict) {
      case NOTIMP -> Rcode.NOTIMP;
      case BADVERS -> Rcode.BADVERS;
      default -> Rcode.FORMERR;
    };
  }

  /** A client's query that waits for its answer, for as long as it may. */
  private final class Waiter extends DeadlineQueue.Deadline implements Receiver, Pending {
    private final Query query;
    private final int edition;
    private final Transport transport;
    private final InetAddress client;
    private final @Nullable Datagram datagram;
    private final Responder to;
    private final long startedAt;
    private @Nullable Pending pending;
    private boolean answered;

    Waiter(
        Query query,
        int edition,
        Transport transport,
        InetAddress client,
        @Nullable Datagram datagram,
        Responder to,
        long startedAt) {
      this.query = query;
      this.edition = edition;
      this.transport = transport;
      this.client = client;
      this.datagram = datagram;
      this.to = to;
      this.startedAt = startedAt;
    }

    void await(Pending pending) {
      if (!answered) {
        this.pending = pending;
        deadlines.add(this);
        parts.waitingClients.enter(client);
        to.awaits(this);
        if (datagram != null) {
          waitingDatagrams.add(datagram);
        }
      }
    }

    @Override
    public Executor executor() {
      return loop;
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      if (!answered) {
        answered = true;
        stopWaiting();
        long nanos = parts.ticker.nanos() - startedAt;
        parts.observer.answered(transport, wayOf(answer, how), nanos, 1);
        respond(query, judged(query, edition, answer), to);
      }
    }

    private QueryObserver.Way wayOf(Answer answer, Delivery how) {
      if (answer == TOO_LATE) {
        return QueryObserver.Way.TIMEOUT;
      }
      if (how.waited()) {
        return how.leader() ? QueryObserver.Way.LEADER : QueryObserver.Way.FOLLOWER;
      }
      return pending == null ? QueryObserver.Way.AT_ONCE : QueryObserver.Way.STALE;
    }

    private void stopWaiting() {
      if (pending != null) {
        cancel();
        parts.waitingClients.leave(client);
        if (datagram != null) {
          waitingDatagrams.remove(datagram);
        }
      }
    }

    @Override
    protected void due() {
      // May end in an answer, where that was on its way already.
      leaveFlight();
      if (!answered) {
        parts.observer.gaveUp(QueryObserver.GivenUp.DEADLINE);
        receive(TOO_LATE, Delivery.AT_ONCE);
      }
    }

    /** The client is gone. */
    @Override
    public void leave() {
      if (!answered) {
        answered = true;
        stopWaiting();
        leaveFlight();
        parts.observer.gaveUp(QueryObserver.GivenUp.DISCONNECT);
      }
    }

    private void leaveFlight() {
      if (pending != null) {
        pending.leave();
      }
    }
  }
}
