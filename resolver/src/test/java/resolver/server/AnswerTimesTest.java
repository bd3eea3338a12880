package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.observe.Histogram;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver.Way;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.settings.Addresses;
import resolver.settings.Network;

/** What is told of how long clients waited. */
class AnswerTimesTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final InetSocketAddress CLIENT = Addresses.parse("127.0.0.1", 40_000);

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final Answer answer =
      Answers.answer(WWW, 300, clock.nanos(), "www.example.org. 300 IN A 192.0.2.1");
  private Receiver waiting = new Nobody();

  private final QueryService kept = service(true);
  private final QueryService asking = service(false);

  /** Whose responses take a while to render. */
  private final Responder client =
      new Responder() {
        @Override
        public ByteBuf newBuffer() {
          clock.advance(Duration.ofNanos(40_000));
          return Unpooled.buffer();
        }

        @Override
        public void respond(ByteBuf response) {
          response.release();
        }
      };

  @Test
  void datagramsOfABatchLastAsLongAsTheBatch() {
    kept.startTurn();
    handle(kept, Transport.UDP);
    handle(kept, Transport.UDP);
    handle(kept, Transport.UDP);
    kept.endTurn();
    assertThat(micros(Transport.UDP, Way.AT_ONCE).count()).isEqualTo(3);
    assertThat(micros(Transport.UDP, Way.AT_ONCE).sum()).isEqualTo(3 * 120);

    kept.startTurn();
    kept.endTurn();
    assertThat(micros(Transport.UDP, Way.AT_ONCE).count()).isEqualTo(3);
  }

  @Test
  void aHitOverTcpIsTimedForItself() {
    handle(kept, Transport.TCP);
    assertThat(micros(Transport.TCP, Way.AT_ONCE).count()).isEqualTo(1);
    assertThat(micros(Transport.TCP, Way.AT_ONCE).sum()).isEqualTo(40);
  }

  @Test
  void whoWaitsIsTimedByTheWayOfItsAnswer() {
    answeredAfter(Duration.ofMillis(3), Delivery.fromFlight(true, true));
    assertThat(micros(Transport.UDP, Way.LEADER).sum()).isEqualTo(3000);
    answeredAfter(Duration.ofMillis(5), Delivery.fromFlight(false, true));
    assertThat(micros(Transport.UDP, Way.FOLLOWER).sum()).isEqualTo(5000);
    answeredAfter(Duration.ofMillis(1800), Delivery.AT_ONCE);
    assertThat(micros(Transport.UDP, Way.STALE).sum()).isEqualTo(1_800_000);
    handle(asking, Transport.UDP);
    clock.advance(ServerSettings.DEFAULTS.clientDeadline());
    assertThat(micros(Transport.UDP, Way.TIMEOUT).sum()).isEqualTo(4_500_000);
    assertThat(micros(Transport.UDP, Way.AT_ONCE).count()).isZero();
  }

  private void answeredAfter(Duration time, Delivery how) {
    handle(asking, Transport.UDP);
    clock.advance(time);
    waiting.receive(answer, how);
  }

  private Histogram micros(Transport transport, Way way) {
    return ledger.clients().micros(transport, way);
  }

  private void handle(QueryService service, Transport transport) {
    byte[] query = DnsClient.query("www.example.org", "A").toWire();
    service.handle(Unpooled.wrappedBuffer(query), transport, CLIENT, client);
  }

  private QueryService service(boolean hit) {
    answer.clear(Policies.EDITION.number(), 1);
    AnswerSource source =
        (ask, to) -> {
          waiting = to;
          return Pending.DONE;
        };
    QueryService.Parts parts =
        new QueryService.Parts(
            Gates.open(List.of(Network.parse("127.0.0.0/8"))),
            Policies.byTypeAlone(),
            Policies.letAllOut(),
            new Sources(source, source, source, source, (probe, now) -> hit ? answer : null),
            new WaitingClients(10),
            clock,
            ledger,
            QueryTap.NONE,
            ServerSettings.DEFAULTS);
    return new QueryService(parts, Runnable::run, clock);
  }

  private record Nobody() implements Receiver {
    @Override
    public java.util.concurrent.Executor executor() {
      return Runnable::run;
    }

    @Override
    public void receive(Answer answer, Delivery how) {}
  }
}
