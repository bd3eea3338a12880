package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.selection.FailOver;
import resolver.selection.Hedging;
import resolver.selection.ServerGroup;
import resolver.selection.ServerState;
import resolver.selection.Tries;
import resolver.wire.ExtendedError;

/**
 * One question on its way through the upstream servers.
 *
 * <ul>
 *   <li>The servers of its group are tried in the order of their policy, over UDP, and again from
 *       the first while tries are left; the third time over TCP. When a try has had no response for
 *       its time, the next one begins; the response to an earlier one still counts.
 *   <li>A second server is asked early where that is due ({@link Hedging}) or the policy wants it.
 *   <li>A server that was set aside gets the same question as a {@link Probe} when it is time.
 *   <li>A truncated response is asked for again over TCP, with the same server.
 *   <li>So is one that may be forged. The server that wants another cookie is asked again with
 *       that, and over TCP if it is still not content (RFC 7873 section 5.3).
 *   <li>A server that answers with FORMERR or NOTIMP is asked once more without EDNS (RFC 6891
 *       section 6.2.2). One that says SERVFAIL is asked once more when nobody else is left, unless
 *       it tells a reason that stays ({@link ExtendedError#mayPass}); one that fails for good, or
 *       cannot be reached, is left out from then on.
 *   <li>The first answer ends all. When nobody is left to try or to wait for, or the time is over,
 *       the outcome is a failure: a server's own if one gave it, else that this process could not
 *       ask one, else that nobody could be reached.
 *   <li>Exchanges that are still under way then go on for a while, for what they tell of their
 *       servers.
 * </ul>
 *
 * <p>Lives on one event loop. {@link #leave} alone may be called from anywhere.
 */
final class Lookup extends DeadlineQueue.Deadline
    implements Pending, Exchange.Listener, TryTimer.Listener {
  private static final int NOBODY = ServerGroup.NOBODY;

  private static final int TC = 0x02;

  /** So many tries before make the time of a try the longest there is. */
  private static final int PATIENCE = 6;

  private final LookupTools tools;
  private final UpstreamLoop loop;
  private final Group group;
  private Tries tries;
  private final Question question;
  private final @Nullable FlightView flight;
  private final Receiver to;

  private final List<Exchange> underWay = new ArrayList<>(2);
  private final TryTimer timer;
  private int sends;
  private int mostSends;
  private int parsing;
  private boolean over;
  private int withoutEdns;
  private boolean hadBadCookie;
  private boolean startedAnew;
  private @Nullable Exchange latest;
  private @Nullable Answer serversFailure;
  private @Nullable String lastTrouble;
  private @Nullable String shortage;

  Lookup(LookupTools tools, UpstreamLoop loop, Group group, Ask ask, Receiver to) {
    this.tools = tools;
    this.mostSends = tools.tries();
    this.loop = loop;
    this.group = group;
    this.tries = new Tries(group.choice(), loop.nextTurn());
    this.question = ask.question();
    this.flight = ask.flight();
    this.to = to;
    this.timer = new TryTimer(loop, tools.ticker(), tools.tryTimes(), this);
  }

  void start() {
    if (over || group.servers().isEmpty()) {
      tools.observer().failedBeforeSend();
      finish(LookupFailures.nobody(group));
      return;
    }
    loop.lookupDeadlines().add(this);
    tryNext();
  }

  @Override
  public void leave() {
    if (loop.loop().inEventLoop()) {
      stop();
    } else {
      loop.loop().execute(this::stop);
    }
  }

  /** The lookup's whole time is over. */
  @Override
  protected void due() {
    underWay.forEach(this::countFailure);
    finish(failureOf(Answer.Failure.TIMEOUT));
  }

  private void tryNext() {
    timer.cancel();
    int server = over || sends >= mostSends ? NOBODY : tries.next();
    if (server == NOBODY) {
      if (!over && parsing == 0 && underWay.stream().allMatch(this::hasHadItsSay)) {
        finish(failureOf(Answer.Failure.NETWORK));
      }
    } else {
      tryNow(server, tools.ticker().nanos());
    }
  }

  /** A server that failed, and got its time to do better, is not waited for beyond that. */
  private boolean hasHadItsSay(Exchange exchange) {
    return tries.cameBack(group.indexOf(exchange.server()));
  }

  private void tryNow(int server, long now) {
    Transport transport = transportOf(server);
    if (sends == 0) {
      beginFirst(server, transport, now);
      begin(server, transport, QueryObserver.Send.FIRST, now);
      accompany(server, now);
    } else if (!transport.isStream() && tries.isForStream(server)) {
      beginTry(server, true, now);
      begin(server, Transport.TCP, QueryObserver.Send.TCP, now);
    } else {
      beginTry(server, transport.isStream(), now);
      begin(server, transport, QueryObserver.Send.RETRY, now);
    }
  }

  private Transport transportOf(int server) {
    return group.servers().get(server).protocol().transport();
  }

  /** What is sent beside the first try: to a rival in a race, and to a server to be probed. */
  private void accompany(int server, long now) {
    loop.hedges().earn();
    if (!over && group.choice().width() > 1) {
      askAnother(now);
    }
    int probed = group.choice().claimProbe(server, now);
    if (probed != NOBODY) {
      Probe.send(tools, loop, group.servers().get(probed), stateOf(probed), question);
    }
  }

  private boolean askAnother(long now) {
    int other = tries.another();
    if (other == NOBODY) {
      return false;
    }
    Transport transport = transportOf(other);
    beginTry(other, transport.isStream(), now);
    begin(other, transport, QueryObserver.Send.HEDGE, now);
    return true;
  }

  private void beginFirst(int server, Transport transport, long now) {
    if (group.choice().width() == 1 && group.servers().size() > 1) {
      timer.beginLookingOut(stateOf(server), transport.isStream(), now);
    } else {
      beginTry(server, transport.isStream(), now);
    }
  }

  /** Who failed is given time: it is to find out what it could not a moment ago. */
  private void beginTry(int server, boolean overStream, long now) {
    int before = tries.cameBack(server) ? PATIENCE : tries.count(server) - 1;
    timer.begin(stateOf(server), before, overStream, now);
  }

  @Override
  public void tryIsOver(long now) {
    if (over) {
      List<Exchange> silent = List.copyOf(underWay);
      underWay.clear();
      for (Exchange each : silent) {
        each.cancel();
        blame(each, now, "no response in time");
      }
    } else {
      blameTheSilent(now);
      tryNext();
    }
  }

  @Override
  public void mayBeLate(long now) {
    Exchange first = latest;
    if (first == null) {
      return;
    }
    ServerState state = stateOf(group.indexOf(first.server()));
    long waited = now - first.sentAt();
    boolean due =
        parsing == 0
            && Hedging.isDue(state, waited, waiters())
            && tries.hasAnother()
            && loop.hedges().take();
    if (!due || !askAnother(now)) {
      timer.lookAgain(state, waited, now);
    }
  }

  private void blameTheSilent(long now) {
    for (Exchange each : underWay) {
      ServerState state = stateOf(group.indexOf(each.server()));
      if (now - each.sentAt() >= state.tryNanos(tools.tryTimes(), 0)) {
        blame(each, now, "no response in time");
      }
    }
  }

  /** One lookup tells against a server once, however often it asks it. */
  private void blame(Exchange exchange, long now, String why) {
    int server = group.indexOf(exchange.server());
    if (tries.blame(server)) {
      countFailure(exchange);
      tools.samples().silence(stateOf(server), now, why);
    }
  }

  /** An exchange fails once, though it was found silent before it ended. */
  private void countFailure(Exchange exchange) {
    if (exchange.failsFirst()) {
      tools.failing().failed(exchange.server());
    }
  }

  private ServerState stateOf(int server) {
    return group.choice().server(server);
  }

  private void begin(int server, Transport transport, QueryObserver.Send why, long now) {
    boolean edns = (withoutEdns & (1 << server)) == 0;
    byte[] query = tools.renderer().render(question, edns);
    Exchange exchange =
        new Exchange(group.servers().get(server), transport, query, edns, now, this);
    sends++;
    underWay.add(exchange);
    latest = exchange;
    stateOf(server).asked(now);
    tools.observer().sent(why);
    loop.begin(exchange);
  }

  @Override
  public void failed(Exchange exchange, String why) {
    underWay.remove(exchange);
    blame(exchange, tools.ticker().nanos(), why);
    if (isOnlyMeasuring()) {
      return;
    }
    forgetDoubted(exchange);
    boolean lastResort =
        exchange.transport() == Transport.TCP
            && tries.isForStream(group.indexOf(exchange.server()));
    if (!lastResort) {
      // That it has no TCP either is not why it could not be reached.
      String how = exchange.server().isEncrypted() ? "" : " over " + exchange.transport();
      lastTrouble = exchange.server() + how + ": " + why;
    }
    tries.leaveOut(group.indexOf(exchange.server()));
    goOnWithout(exchange, false);
  }

  /** Nobody is blamed, and whoever was asked before is still waited for. */
  @Override
  public void failedHere(Exchange exchange, String why) {
    underWay.remove(exchange);
    tools.samples().cannotSend(tools.ticker().nanos(), why);
    if (isOnlyMeasuring()) {
      return;
    }
    forgetDoubted(exchange);
    shortage = why;
    tries.leaveOut(group.indexOf(exchange.server()));
    tryNextAfter(exchange);
  }

  /** What over UDP may be forged is not waited for where TCP cannot tell. */
  private void forgetDoubted(Exchange over) {
    if (over.transport() == Transport.TCP) {
      cancelOthers(each -> each.isDoubted() && each.server().equals(over.server()));
    }
  }

  @Override
  public void doubted(Exchange exchange) {
    // It has responded, so its silence counts no more.
    tries.blame(group.indexOf(exchange.server()));
    if (over) {
      return;
    }
    boolean asked =
        underWay.stream()
            .anyMatch(
                each ->
                    each.transport() == Transport.TCP && each.server().equals(exchange.server()));
    if (!asked) {
      overTcp(exchange);
    }
  }

  /** With the server's cookie, which has come with its refusal. */
  private void againWithCookie(Exchange exchange, long now) {
    if (hadBadCookie) {
      overTcp(exchange);
    } else {
      hadBadCookie = true;
      int server = group.indexOf(exchange.server());
      begin(server, Transport.UDP, QueryObserver.Send.RETRY, now);
    }
  }

  /**
   * The network is another one, and what is under way is lost: it is begun once more, in any case.
   */
  void startAnew() {
    if (over || startedAnew || underWay.isEmpty()) {
      return;
    }
    startedAnew = true;
    mostSends = Math.max(mostSends, sends + 1);
    underWay.forEach(Exchange::cancel);
    underWay.clear();
    tries = new Tries(group.choice(), loop.nextTurn());
    tryNext();
  }

  @Override
  public void answered(Exchange exchange, ByteBuf reply) {
    underWay.remove(exchange);
    long now = tools.ticker().nanos();
    tools.samples().response(stateOf(group.indexOf(exchange.server())), exchange, now);
    if (isOnlyMeasuring()) {
      return;
    }
    int flags = reply.getUnsignedByte(reply.readerIndex() + 2);
    int rcode = reply.getUnsignedByte(reply.readerIndex() + 3) & 15;
    if (exchange.hasBadCookie()) {
      againWithCookie(exchange, now);
    } else if ((flags & TC) != 0) {
      overStream(exchange, "the response is truncated, even over TCP");
    } else if ((rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP) && exchange.edns()) {
      // For this question alone: one response teaches nothing of the server.
      int server = group.indexOf(exchange.server());
      withoutEdns |= 1 << server;
      begin(server, exchange.transport(), QueryObserver.Send.RETRY, now);
    } else {
      parse(exchange, rcode, ByteBufUtil.getBytes(reply));
    }
  }

  /** Whether the outcome is there, and what still comes is of no other use. */
  private boolean isOnlyMeasuring() {
    if (over && underWay.isEmpty()) {
      timer.cancel();
    }
    return over;
  }

  /**
   * A datagram may be cut, by the server or on the way; a stream never is.
   *
   * @param trouble what is wrong with the server where its response came over a stream
   */
  private void overStream(Exchange exchange, String trouble) {
    if (exchange.transport() == Transport.UDP) {
      overTcp(exchange);
    } else {
      lastTrouble = exchange.server() + ": " + trouble;
      giveUp(exchange);
    }
  }

  /** Asks the same server over TCP, which takes its time: a handshake, and perhaps much data. */
  private void overTcp(Exchange exchange) {
    int server = group.indexOf(exchange.server());
    long now = tools.ticker().nanos();
    beginTry(server, true, now);
    begin(server, Transport.TCP, QueryObserver.Send.TCP, now);
  }

  private void parse(Exchange exchange, int rcode, byte[] reply) {
    int sent = sends;
    Answer plain = tools.reader().readPlain(question, reply, exchange, sent, waiters());
    if (plain != null) {
      parsed(exchange, rcode, plain);
      return;
    }
    if (ReplyCost.isSmall(reply)) {
      parsed(exchange, rcode, tools.read(question, reply, exchange, sent, waiters()));
      return;
    }
    parsing++;
    int waiters = waiters();
    try {
      tools.readOffLoop(
          loop.loop(),
          () -> tools.readLarge(question, reply, exchange, sent, waiters),
          answer -> {
            parsing--;
            parsed(exchange, rcode, answer);
          });
    } catch (RejectedExecutionException e) {
      parsing--;
      finish(LookupFailures.TOO_BUSY);
    }
  }

  private int waiters() {
    return flight == null ? 1 : flight.waiters();
  }

  private void parsed(Exchange exchange, int rcode, @Nullable Answer answer) {
    if (over) {
      return;
    }
    if (answer == null) {
      overStream(exchange, "the response cannot be understood");
    } else if (sendsOn(rcode, answer)) {
      noteFailure(answer);
      if (mayPass(rcode, answer)) {
        giveUpForNow(exchange);
      } else {
        giveUp(exchange);
      }
    } else {
      tools.failing().answered(exchange.server());
      finish(answer);
    }
  }

  /** The last one counts, unless an earlier one was an answer after all. */
  private void noteFailure(Answer answer) {
    Answer before = serversFailure;
    if (before == null
        || before.failure() != Answer.Failure.NONE
        || answer.failure() == Answer.Failure.NONE) {
      serversFailure = answer;
    }
  }

  /** What one server says for want of ability, another may answer. */
  private boolean sendsOn(int rcode, Answer answer) {
    return FailOver.isOptional(rcode)
        ? (tools.failOver() & (1 << rcode)) != 0
        : answer.failure() != Answer.Failure.NONE;
  }

  /** A server that could not resolve the name just now may a moment later. */
  private static boolean mayPass(int rcode, Answer answer) {
    return rcode == Rcode.SERVFAIL && answer.errors().stream().allMatch(ExtendedError::mayPass);
  }

  /** It has said what it has to say. */
  private void giveUp(Exchange exchange) {
    tries.leaveOut(group.indexOf(exchange.server()));
    goOnWithout(exchange, true);
  }

  /** Asks it once more where nobody else knows better (RFC 9520 section 3.1 allows two retries). */
  private void giveUpForNow(Exchange exchange) {
    tries.setBack(group.indexOf(exchange.server()));
    goOnWithout(exchange, true);
  }

  private void goOnWithout(Exchange exchange, boolean hasSpoken) {
    if (!hasHadItsSay(exchange)) {
      countFailure(exchange);
    }
    // An earlier try is not waited for. Over TCP it speaks for UDP, too; that it has no TCP says
    // nothing.
    boolean overTcp = exchange.transport() == Transport.TCP;
    cancelOthers(
        each ->
            each.server().equals(exchange.server())
                && (overTcp ? hasSpoken : each.transport() == exchange.transport()));
    tryNextAfter(exchange);
  }

  /** The failure of an earlier try is no reason to hurry while a later one is under way. */
  private void tryNextAfter(Exchange exchange) {
    if (underWay.isEmpty() || exchange.equals(latest)) {
      tryNext();
    }
  }

  private void cancelOthers(Predicate<Exchange> matches) {
    for (Exchange each : List.copyOf(underWay)) {
      if (matches.test(each)) {
        underWay.remove(each);
        each.cancel();
      }
    }
  }

  private Answer failureOf(Answer.Failure kind) {
    if (serversFailure != null) {
      return serversFailure;
    }
    if (shortage != null) {
      return LookupFailures.shortage(shortage);
    }
    if (lastTrouble != null) {
      return LookupFailures.of(Answer.Failure.NETWORK, lastTrouble);
    }
    return LookupFailures.silence(group, kind);
  }

  private void finish(Answer answer) {
    if (over) {
      return;
    }
    over = true;
    cancel();
    timer.cancel();
    goOnMeasuring();
    if (to.executor().equals(loop.loop())) {
      to.receive(answer, Delivery.AT_ONCE);
    } else {
      try {
        to.executor().execute(() -> to.receive(answer, Delivery.AT_ONCE));
      } catch (RejectedExecutionException e) {
        // Who asked has ended, as this process is about to.
      }
    }
  }

  /** Where there is a choice of servers, it shall not depend on who has won so far. */
  private void goOnMeasuring() {
    for (int i = underWay.size() - 1; i >= 0; i--) {
      Exchange each = underWay.get(i);
      if (each.transport() == Transport.TCP || group.servers().size() == 1) {
        underWay.remove(i);
        each.cancel();
      }
    }
    if (!underWay.isEmpty()) {
      timer.beginLast(tools.ticker().nanos());
    }
  }

  private void stop() {
    over = true;
    cancel();
    timer.cancel();
    underWay.forEach(Exchange::cancel);
    underWay.clear();
  }
}
