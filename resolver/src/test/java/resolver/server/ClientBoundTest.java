package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.cache.LastWord;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.flight.FlightSettings;
import resolver.flight.LookupGroup;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.settings.Addresses;
import resolver.settings.Network;

/** T-15: who waits for too many answers is told so, and adds no query upstream. */
class ClientBoundTest {
  private static final int BOUND = 2;
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final InetSocketAddress GREEDY = Addresses.parse("192.0.2.7", 40_000);
  private static final InetSocketAddress OTHER = Addresses.parse("192.0.2.8", 40_000);

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final ScriptedSource upstream = new ScriptedSource();
  private final LookupGroup group =
      new LookupGroup(FlightSettings.DEFAULTS, clock, clock, observer);
  private final QueryService service =
      new QueryService(
          new QueryService.Parts(
              Gates.open(List.of(Network.parse("192.0.2.0/24"))),
              Policies.byTypeAlone(),
              Policies.letAllOut(),
              new Sources(
                  group.before(upstream),
                  LastWord.notCached(observer),
                  LastWord.tooManyWaiting(observer)),
              new WaitingClients(BOUND),
              clock,
              observer,
              QueryTap.NONE,
              ServerSettings.DEFAULTS),
          Runnable::run,
          clock);

  /** Keeps what it gets. */
  private static final class Client implements Responder {
    private final List<Message> answers = new ArrayList<>();

    @Override
    public ByteBuf newBuffer() {
      return PooledByteBufAllocator.DEFAULT.directBuffer(512);
    }

    @Override
    public void respond(ByteBuf response) {
      byte[] octets = new byte[response.readableBytes()];
      response.readBytes(octets);
      response.release();
      answers.add(DnsClient.parse(octets));
    }

    @Override
    public void ignore() {
      throw new AssertionError("nobody is dropped in silence");
    }
  }

  @Test
  void beyondItsBoundAClientGetsServfailOverBothTransportsAndOthersAreServed() {
    Client first = asked(GREEDY, Transport.UDP);
    Client second = asked(GREEDY, Transport.TCP);
    for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
      Message refused = asked(GREEDY, each).answers.get(0);
      assertThat(refused.getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(refused.getOPT().toString()).contains("too many queries of this client");
    }
    Client other = asked(OTHER, Transport.UDP);
    assertThat(observer.count("classified(SPILLED)")).isEqualTo(2);
    assertThat(upstream.asked()).isEqualTo(1);

    upstream.answer(
        0, Answers.answer(WWW, 300, clock.nanos(), "www.example.org. 300 IN A 192.0.2.1"));
    for (Client each : List.of(first, second, other)) {
      assertThat(each.answers).singleElement().satisfies(a -> assertThat(a.getRcode()).isZero());
    }
    assertThat(asked(GREEDY, Transport.UDP).answers).as("it may wait again").isEmpty();
    assertThat(upstream.asked()).isEqualTo(2);
  }

  private Client asked(InetSocketAddress from, Transport transport) {
    Client client = new Client();
    byte[] query = DnsClient.query("www.example.org", "A", 1232, 0).toWire();
    service.handle(Unpooled.wrappedBuffer(query), transport, from, client);
    return client;
  }
}
