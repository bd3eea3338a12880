package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.clock.FaultLog;
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
import resolver.query.Query;
import resolver.query.QueryObserver;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryTap;
import resolver.query.Question;
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
      QueryTap tap,
      ServerSettings settings) {}

  private static final Answer DEFECT =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.DEFECT,
          new ExtendedError(ExtendedError.OTHER, "internal error"));

  private static final Answer BAD_COOKIE = Answer.local(Rcode.BADCOOKIE, Answer.Failure.NONE);
  private static final Answer NOTHING = Answer.local(Rcode.NOERROR, Answer.Failure.NONE);

  /** No response is as short: what would go into one is left out, and TC set. */
  private static final int NO_ROOM = 0;

  private static final ExtendedError NOT_ALLOWED =
      new ExtendedError(ExtendedError.PROHIBITED, "this client is not allowed");

  private static final Logger LOG = LoggerFactory.getLogger(QueryService.class);

  private final Parts parts;
  private final long deadlineNanos;
  private final QueryView view = new QueryView();
  private final WaitingDatagrams waitingDatagrams = new WaitingDatagrams();
  private final ClientCookie cookie = new ClientCookie(view);
  private final InPacket inPacket = new InPacket(view, cookie);
  private final FastPath fastPath;
  private final FaultLog faults;
  private final Responses responses;
  private final WaitingQuery.Place place;
  private boolean inTurn;
  private long turnNanos;
  private int hitsInTurn;
  private long plainAt;

  QueryService(Parts parts, EventLoop loop) {
    this(parts, loop, new LoopTimers(loop));
  }

  /** A service on an executor with timers of one's own, for tests. */
  QueryService(Parts parts, Executor loop, Timers timers) {
    this.parts = parts;
    ResponseWriter writer = new ResponseWriter(parts.settings.udpSize());
    Edition edition = parts.answerRules.edition();
    if (edition != parts.localRules.edition()) {
      throw new IllegalArgumentException("two policies (expected: both doors of one)");
    }
    this.fastPath = new FastPath(parts.sources.kept(), edition, writer, view, inPacket);
    this.deadlineNanos = parts.settings.clientDeadline().toNanos();
    this.faults = new FaultLog(LOG, parts.ticker);
    this.responses = new Responses(writer, view, inPacket, parts.observer, parts.ticker, faults);
    DeadlineQueue deadlines = new DeadlineQueue(parts.ticker, timers, deadlineNanos);
    this.place = new WaitingQuery.Place(parts, loop, deadlines, waitingDatagrams, responses);
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
    Account account =
        parts.tap.isOn() ? Account.open(parts, transport, client, asked(packet)) : null;
    if (verdict == QueryView.Verdict.NO_QUERY) {
      ignore(Outcome.DROPPED, account, to);
    } else if (!parts.gate.allows(client.getAddress())) {
      responses.reject(packet, Outcome.REFUSED, Rcode.REFUSED, account, to, NOT_ALLOWED);
    } else if (verdict == QueryView.Verdict.WELL_FORMED
        || (verdict == QueryView.Verdict.NO_QUESTION && parts.gate.cookies() != null)) {
      answer(packet, transport, client, account, to, verdict == QueryView.Verdict.NO_QUESTION);
    } else {
      ExtendedError why = new ExtendedError(ExtendedError.OTHER, "the query is " + verdict);
      responses.reject(packet, Outcome.MALFORMED, rcodeOf(verdict), account, to, why);
    }
  }

  private @Nullable Question asked(ByteBuf packet) {
    return view.questionLength() > 0
        ? Question.ofOctets(view.question(packet), view.checkingDisabled())
        : null;
  }

  private void answer(
      ByteBuf packet,
      Transport transport,
      InetSocketAddress client,
      @Nullable Account account,
      Responder to,
      boolean bare) {
    InetAddress address = client.getAddress();
    ClientCookie.Verdict known = cookie.read(packet, address, parts.gate.cookies(), parts.ticker);
    boolean proven = known == ClientCookie.Verdict.VALID;
    if (known == ClientCookie.Verdict.BROKEN) {
      String what = "a COOKIE option of " + view.cookieLength() + " octets";
      ExtendedError why = new ExtendedError(ExtendedError.OTHER, what);
      responses.reject(packet, Outcome.MALFORMED, Rcode.FORMERR, account, to, why);
    } else if (bare) {
      boolean bad = known == ClientCookie.Verdict.INVALID;
      Answer answer = bad ? BAD_COOKIE : NOTHING;
      responses.respondInPacket(packet, limit(transport), Outcome.LOCAL, answer, account, to);
    } else if (!proven && parts.gate.asksForProof(address, transport)) {
      boolean none = known == ClientCookie.Verdict.ABSENT;
      Answer answer = none ? NOTHING : BAD_COOKIE;
      int limit = none ? NO_ROOM : limit(transport);
      responses.respondInPacket(packet, limit, Outcome.UNPROVEN, answer, account, to);
    } else if (isPlain(packet, transport, to)) {
      parts.observer.classified(Outcome.HIT);
      Answer hit = fastPath.found();
      int octets = responses.render(to, fastPath);
      if (account != null) {
        account.answered(hit, view.dnssecOk(), octets);
      }
      timePlain(transport);
    } else {
      Query query = Query.of(view, packet, limit(transport), cookie.option());
      resolve(query, transport, client, proven || transport.isStream(), account, to.lasting());
    }
  }

  /** Something came that is too long to be read. */
  void tooLong(Transport transport, InetSocketAddress client) {
    parts.observer.received(transport);
    Account account = parts.tap.isOn() ? Account.open(parts, transport, client, null) : null;
    dropped(Outcome.DROPPED, account);
  }

  /** Tells of what went wrong on this loop. */
  FaultLog faults() {
    return faults;
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

  private void resolve(
      Query query,
      Transport transport,
      InetSocketAddress client,
      boolean proven,
      @Nullable Account account,
      Responder to) {
    int edition = parts.answerRules.edition().number();
    Answer byRule = parts.localRules.answer(query.question());
    if (byRule != null) {
      parts.observer.classified(Outcome.LOCAL);
      responses.respond(query, byRule, account, to);
      return;
    }
    Datagram datagram = transport.isStream() ? null : Datagram.of(client, query);
    if (datagram != null && waitingDatagrams.contains(datagram)) {
      ignore(Outcome.DUPLICATE, account, to);
      return;
    }
    long now = parts.ticker.nanos();
    RateLimit limit = parts.gate.rateLimit();
    InetAddress address = client.getAddress();
    long payer = limit == null ? RateLimit.EXEMPT : limit.accountOf(address, proven);
    boolean limited = limit != null && query.recursionDesired() && limit.isSpent(payer, now);
    WaitingQuery waiter =
        new WaitingQuery(
            place, query, edition, transport, address, datagram, limited, account, to, now);
    AnswerSource source = limited ? parts.sources.limited() : sourceFor(query, address);
    try {
      Ask ask = Ask.byClient(query.question(), now + deadlineNanos);
      // Whoever has to wait causes a lookup, or shares one.
      if (waiter.await(source.ask(ask, waiter)) && limit != null) {
        limit.charge(payer, now);
      }
    } catch (RuntimeException e) {
      // A source that has found an outcome passes no exception on.
      LOG.error("looking up {} threw", query.question(), e);
      parts.observer.classified(Outcome.DEFECT);
      waiter.receive(DEFECT, Delivery.AT_ONCE);
    }
  }

  private AnswerSource sourceFor(Query query, InetAddress client) {
    if (!query.recursionDesired()) {
      return parts.sources.cacheOnly();
    }
    return parts.waitingClients.isFull(client) ? parts.sources.full() : parts.sources.resolving();
  }

  private void ignore(Outcome outcome, @Nullable Account account, Responder to) {
    dropped(outcome, account);
    to.ignore();
  }

  private void dropped(Outcome outcome, @Nullable Account account) {
    parts.observer.classified(outcome);
    if (account != null) {
      account.ignored();
    }
  }

  private static int rcodeOf(QueryView.Verdict verdict) {
    return switch (verdict) {
      case NOTIMP -> Rcode.NOTIMP;
      case BADVERS -> Rcode.BADVERS;
      default -> Rcode.FORMERR;
    };
  }
}
