package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.wire.ExtendedError;

/**
 * One question on its way through the upstream servers.
 *
 * <ul>
 *   <li>The servers are tried in their order, over UDP, and again from the first while tries are
 *       left. When a try has had no response for its time, the next one begins; the response to an
 *       earlier one still counts.
 *   <li>A truncated response is asked for again over TCP, with the same server.
 *   <li>So is one that may be forged. The server that wants another cookie is asked again with
 *       that, and over TCP if it is still not content (RFC 7873 section 5.3).
 *   <li>A server that answers with FORMERR or NOTIMP is asked once more without EDNS (RFC 6891
 *       section 6.2.2); one that fails for good, or cannot be reached, is left out from then on.
 *   <li>The first answer ends all. When nobody is left to try or to wait for, or the time is over,
 *       the outcome is a failure: a server's own if one gave it, else that nobody could be reached.
 * </ul>
 *
 * <p>Lives on one event loop. {@link #leave} alone may be called from anywhere.
 */
final class Lookup extends DeadlineQueue.Deadline implements Pending, Exchange.Listener {
  /** What all lookups of a forwarder share. */
  record Tools(
      QueryRenderer renderer,
      ReplyReader reader,
      Ticker ticker,
      Executor offLoop,
      QueryObserver observer,
      Heard heard,
      Failing failing,
      int tries) {
    /** The same for another observer. */
    Tools with(QueryObserver other) {
      return new Tools(renderer, reader, ticker, offLoop, other, heard, failing, tries);
    }
  }

  /** No server gets one question more often than this (RFC 9520 section 3.1: two retries). */
  private static final int MOST_TRIES_A_SERVER = 3;

  /** What has more labels is no answer that anybody can use: 4,000 records of 16 each are fewer. */
  private static final int TOO_LONG = 65_536;

  private static final int TC = 0x02;

  private static final Answer TOO_BUSY =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.LIMIT,
          new ExtendedError(ExtendedError.OTHER, "too many large responses at a time"));

  private final Tools tools;
  private final UpstreamLoop loop;
  private final List<Server> servers;
  private final Question question;
  private final @Nullable FlightView flight;
  private final Receiver to;

  private final int[] triesOf;
  private final boolean[] leftOut;
  private final List<Exchange> underWay = new ArrayList<>(2);
  private final TryDeadline tryDeadline = new TryDeadline();
  private int next;
  private int sends;
  private int parsing;
  private boolean over;
  private boolean hadBadCookie;
  private boolean startedAnew;
  private @Nullable Exchange latest;
  private @Nullable Answer serversFailure;
  private @Nullable String lastTrouble;

  private final class TryDeadline extends DeadlineQueue.Deadline {
    @Override
    protected void due() {
      tryNext();
    }
  }

  Lookup(Tools tools, UpstreamLoop loop, List<Server> servers, Ask ask, Receiver to) {
    this.tools = tools;
    this.loop = loop;
    this.servers = servers;
    this.question = ask.question();
    this.flight = ask.flight();
    this.to = to;
    this.triesOf = new int[servers.size()];
    this.leftOut = new boolean[servers.size()];
  }

  void start() {
    if (over || servers.isEmpty()) {
      tools.observer().failedBeforeSend();
      finish(failure(Answer.Failure.NETWORK, "no upstream server is known"));
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
    underWay.forEach(exchange -> tools.failing().failed(exchange.server()));
    finish(failureOf(Answer.Failure.TIMEOUT));
  }

  private void tryNext() {
    tryDeadline.cancel();
    int server = over || sends >= mostSends() ? -1 : nextServer();
    if (server >= 0) {
      int before = triesOf[server]++;
      next = server + 1;
      Transport transport = servers.get(server).protocol().transport();
      (transport.isStream() ? loop.longestTryDeadlines() : loop.tryDeadlines(before))
          .add(tryDeadline);
      QueryObserver.Send why = sends == 0 ? QueryObserver.Send.FIRST : QueryObserver.Send.RETRY;
      begin(servers.get(server), transport, true, why);
    } else if (!over && underWay.isEmpty() && parsing == 0) {
      finish(failureOf(Answer.Failure.NETWORK));
    }
  }

  private int mostSends() {
    return tools.tries() + (startedAnew ? 1 : 0);
  }

  private int nextServer() {
    for (int i = 0; i < servers.size(); i++) {
      int candidate = (next + i) % servers.size();
      if (!leftOut[candidate] && triesOf[candidate] < MOST_TRIES_A_SERVER) {
        return candidate;
      }
    }
    return -1;
  }

  private void begin(Server server, Transport transport, boolean edns, QueryObserver.Send why) {
    byte[] query = tools.renderer().render(question, edns);
    Exchange exchange = new Exchange(server, transport, query, edns, tools.ticker().nanos(), this);
    sends++;
    underWay.add(exchange);
    latest = exchange;
    tools.observer().sent(why);
    loop.begin(exchange);
  }

  @Override
  public void failed(Exchange exchange, String why) {
    underWay.remove(exchange);
    String how = exchange.server().isEncrypted() ? "" : " over " + exchange.transport();
    lastTrouble = exchange.server() + how + ": " + why;
    giveUp(exchange);
  }

  @Override
  public void doubted(Exchange exchange) {
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
  private void againWithCookie(Exchange exchange) {
    if (hadBadCookie) {
      overTcp(exchange);
    } else {
      hadBadCookie = true;
      begin(exchange.server(), Transport.UDP, true, QueryObserver.Send.RETRY);
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
    underWay.forEach(Exchange::cancel);
    underWay.clear();
    Arrays.fill(leftOut, false);
    Arrays.fill(triesOf, 0);
    next = 0;
    tryNext();
  }

  @Override
  public void answered(Exchange exchange, ByteBuf reply) {
    underWay.remove(exchange);
    tools.heard().now(tools.ticker().nanos());
    int flags = reply.getUnsignedByte(reply.readerIndex() + 2);
    int rcode = reply.getUnsignedByte(reply.readerIndex() + 3) & 15;
    if (exchange.hasBadCookie()) {
      againWithCookie(exchange);
    } else if ((flags & TC) != 0) {
      overStream(exchange, "the response is truncated, even over TCP");
    } else if ((rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP) && exchange.edns()) {
      begin(exchange.server(), exchange.transport(), false, QueryObserver.Send.RETRY);
    } else {
      parse(exchange, ByteBufUtil.getBytes(reply));
    }
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
    tryDeadline.cancel();
    loop.longestTryDeadlines().add(tryDeadline);
    begin(exchange.server(), Transport.TCP, exchange.edns(), QueryObserver.Send.TCP);
  }

  private void parse(Exchange exchange, byte[] reply) {
    int tries = sends;
    Answer plain = tools.reader().readPlain(question, reply, exchange, tries, waiters());
    if (plain != null) {
      parsed(exchange, plain);
      return;
    }
    if (ReplyCost.isSmall(reply)) {
      parsed(exchange, read(exchange, reply, tries));
      return;
    }
    parsing++;
    try {
      tools
          .offLoop()
          .execute(
              () -> {
                boolean tooLong = ReplyCost.labels(reply, TOO_LONG) > TOO_LONG;
                Answer answer = tooLong ? null : read(exchange, reply, tries);
                try {
                  loop.loop()
                      .execute(
                          () -> {
                            parsing--;
                            parsed(exchange, answer);
                          });
                } catch (RejectedExecutionException e) {
                  // The loop has ended, and with it all who wait.
                }
              });
    } catch (RejectedExecutionException e) {
      parsing--;
      finish(TOO_BUSY);
    }
  }

  private int waiters() {
    return flight == null ? 1 : flight.waiters();
  }

  private @Nullable Answer read(Exchange exchange, byte[] reply, int tries) {
    try {
      return tools.reader().read(question, reply, exchange, tries, waiters());
    } catch (ReplyReader.Unreadable e) {
      return null;
    }
  }

  private void parsed(Exchange exchange, @Nullable Answer answer) {
    if (over) {
      return;
    }
    if (answer == null) {
      overStream(exchange, "the response cannot be understood");
    } else if (isFailure(answer.rcode())) {
      serversFailure = answer;
      giveUp(exchange);
    } else {
      tools.failing().answered(exchange.server());
      finish(answer);
    }
  }

  /** What one server says for want of ability, another may answer. */
  private static boolean isFailure(int rcode) {
    return rcode == Rcode.SERVFAIL || rcode == Rcode.REFUSED;
  }

  private void giveUp(Exchange exchange) {
    tools.failing().failed(exchange.server());
    leftOut[servers.indexOf(exchange.server())] = true;
    if (exchange.transport() == Transport.UDP) {
      // It has said what it has to say: an earlier try is not waited for.
      cancelTries(exchange.server());
    }
    // The failure of an earlier try is no reason to hurry while a later one is under way.
    if (underWay.isEmpty() || exchange.equals(latest)) {
      tryNext();
    }
  }

  private void cancelTries(Server server) {
    for (Exchange each : List.copyOf(underWay)) {
      if (each.server().equals(server) && each.transport() == Transport.UDP) {
        underWay.remove(each);
        each.cancel();
      }
    }
  }

  private Answer failureOf(Answer.Failure kind) {
    if (serversFailure != null) {
      return serversFailure;
    }
    if (lastTrouble != null) {
      return failure(Answer.Failure.NETWORK, lastTrouble);
    }
    return failure(kind, "no response from " + servers.get(0) + others());
  }

  private String others() {
    return servers.size() == 1 ? "" : " and " + (servers.size() - 1) + " more";
  }

  private static Answer failure(Answer.Failure kind, String text) {
    int code =
        kind == Answer.Failure.TIMEOUT
            ? ExtendedError.NO_REACHABLE_AUTHORITY
            : ExtendedError.NETWORK_ERROR;
    return Answer.local(Rcode.SERVFAIL, kind, new ExtendedError(code, text));
  }

  private void finish(Answer answer) {
    if (over) {
      return;
    }
    stop();
    if (to.executor().equals(loop.loop())) {
      to.receive(answer, Delivery.AT_ONCE);
    } else {
      to.executor().execute(() -> to.receive(answer, Delivery.AT_ONCE));
    }
  }

  private void stop() {
    over = true;
    cancel();
    tryDeadline.cancel();
    underWay.forEach(Exchange::cancel);
    underWay.clear();
  }
}
