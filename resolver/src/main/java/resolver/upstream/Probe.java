package resolver.upstream;

import io.netty.buffer.ByteBuf;
import org.xbill.DNS.Rcode;
import resolver.clock.DeadlineQueue;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.selection.ServerState;

/**
 * A query of which nobody awaits the answer: it tells whether a server is back, or how fast it is.
 * Any response will do. Belongs to one event loop.
 *
 * <p>One over a stream mostly finds no connection, for nobody else asks a server that is set aside:
 * it has as long as making one may take.
 */
final class Probe extends DeadlineQueue.Deadline implements Exchange.Listener {
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  /** As long as a connection is given: 2 s for TCP and 3 s for TLS. */
  private static final long STREAM_PATIENCE_NANOS = 5_000_000_000L;

  private final LookupTools tools;
  private final ServerState state;
  private final Exchange exchange;

  private Probe(LookupTools tools, Server server, ServerState state, Question question) {
    this.tools = tools;
    this.state = state;
    byte[] query = tools.renderer().render(question, true);
    Transport transport = server.protocol().transport();
    this.exchange = new Exchange(server, transport, query, true, tools.ticker().nanos(), this);
  }

  /** Puts a question to a server. */
  static void send(
      LookupTools tools, UpstreamLoop loop, Server server, ServerState state, Question question) {
    Probe probe = new Probe(tools, server, state, question);
    tools.observer().sent(QueryObserver.Send.PROBE);
    state.asked(probe.exchange.sentAt());
    boolean overStream = probe.exchange.transport().isStream();
    loop.deadlines(overStream ? STREAM_PATIENCE_NANOS : PATIENCE_NANOS).add(probe);
    loop.begin(probe.exchange);
  }

  @Override
  public void answered(Exchange answered, ByteBuf reply) {
    cancel();
    tools.samples().response(state, exchange, tools.ticker().nanos());
    int rcode = reply.getUnsignedByte(reply.readerIndex() + 3) & 15;
    if (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) {
      tools.failing().answered(exchange.server());
    }
  }

  /** Forged or not, somebody is there: whoever forges a response is on the way or guesses well. */
  @Override
  public void doubted(Exchange doubted) {
    cancel();
    exchange.cancel();
    tools.samples().response(state, exchange, tools.ticker().nanos());
  }

  @Override
  public void failed(Exchange failed, String why) {
    cancel();
    countFailure(why);
  }

  /** It tells nothing of the server, which is probed again once this one is held to be lost. */
  @Override
  public void failedHere(Exchange failed, String why) {
    cancel();
    tools.samples().cannotSend(tools.ticker().nanos(), why);
  }

  @Override
  protected void due() {
    exchange.cancel();
    countFailure("no response to a probe");
  }

  private void countFailure(String why) {
    tools.failing().failed(exchange.server());
    tools.samples().silence(state, tools.ticker().nanos(), why);
  }
}
