package resolver.server;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.query.Answer;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Query;
import resolver.query.QueryObserver;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.server.WaitingDatagrams.Datagram;
import resolver.wire.ExtendedError;

/**
 * A client's query that waits for its answer, for as long as it may. Belongs to the event loop that
 * has read it, and is told there.
 */
final class WaitingQuery extends DeadlineQueue.Deadline implements Receiver, Pending {
  /** What the queries of a loop have in common. */
  record Place(
      QueryService.Parts parts,
      Executor loop,
      DeadlineQueue deadlines,
      WaitingDatagrams datagrams,
      Responses responses) {}

  private static final Answer TOO_LATE =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.TIMEOUT,
          new ExtendedError(ExtendedError.NO_REACHABLE_AUTHORITY, "no answer in time"));

  private final Place place;
  private final QueryService.Parts parts;
  private final Query query;
  private final int edition;
  private final Transport transport;
  private final InetAddress client;
  private final @Nullable Datagram datagram;
  private final boolean limited;
  private final @Nullable Account account;
  private final Responder to;
  private final long startedAt;
  private @Nullable Pending pending;
  private boolean answered;

  WaitingQuery(
      Place place,
      Query query,
      int edition,
      Transport transport,
      InetAddress client,
      @Nullable Datagram datagram,
      boolean limited,
      @Nullable Account account,
      Responder to,
      long startedAt) {
    this.place = place;
    this.parts = place.parts;
    this.query = query;
    this.edition = edition;
    this.transport = transport;
    this.client = client;
    this.datagram = datagram;
    this.limited = limited;
    this.account = account;
    this.to = to;
    this.startedAt = startedAt;
  }

  /** Whether there is something to wait for. */
  boolean await(Pending pending) {
    if (answered) {
      return false;
    }
    this.pending = pending;
    place.deadlines.add(this);
    if (account != null) {
      account.noteOutcome();
    }
    parts.waitingClients().enter(client);
    to.awaits(this);
    if (datagram != null) {
      place.datagrams.add(datagram);
    }
    return true;
  }

  @Override
  public Executor executor() {
    return place.loop;
  }

  @Override
  public void receive(Answer answer, Delivery how) {
    if (!answered) {
      answered = true;
      stopWaiting();
      if (limited && answer.failure() == Answer.Failure.LIMIT) {
        parts.gate().refused(client);
      }
      long nanos = parts.ticker().nanos() - startedAt;
      parts.observer().answered(transport, wayOf(answer, how), nanos, 1);
      place.responses.respond(query, judged(answer), account, to);
    }
  }

  /** The answer that goes out, by the second door of the policy. */
  private Answer judged(Answer answer) {
    Answer judged = parts.answerRules().judge(query.question(), answer, edition);
    if (judged != answer) {
      parts.observer().answerRefused();
    }
    return judged;
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
      parts.waitingClients().leave(client);
      if (datagram != null) {
        place.datagrams.remove(datagram);
      }
    }
  }

  @Override
  protected void due() {
    // May end in an answer, where that was on its way already.
    leaveFlight();
    if (!answered) {
      parts.observer().gaveUp(QueryObserver.GivenUp.DEADLINE);
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
      parts.observer().gaveUp(QueryObserver.GivenUp.DISCONNECT);
      if (account != null) {
        account.ignored();
      }
    }
  }

  private void leaveFlight() {
    if (pending != null) {
      pending.leave();
    }
  }
}
