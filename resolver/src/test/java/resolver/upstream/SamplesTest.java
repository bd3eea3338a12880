package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resolver.fixtures.LogCatcher;
import resolver.query.QueryObserver;
import resolver.query.Transport;
import resolver.selection.ServerState;
import resolver.settings.Addresses;

/** What exchanges tell of servers, and what the log tells of it. */
class SamplesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Server server = Server.plain(Addresses.parse("192.0.2.53", 53));
  private final ServerState state = new ServerState(server.toString());
  private final Samples samples = new Samples(QueryObserver.NONE);
  private long now = 1_000 * SECOND;

  @Test
  void aServerThatComesAndGoesIsToldOfOnceAMinute() {
    try (LogCatcher log = new LogCatcher(Samples.class)) {
      for (int i = 0; i < 20; i++) {
        silence();
        silence();
        silence();
        assertThat(state.isSetAside()).isTrue();
        now += 2 * SECOND;
        response(Transport.UDP);
        assertThat(state.isSetAside()).isFalse();
      }
      assertThat(log.messages()).hasSize(1);
      now += 61 * SECOND;
      silence();
      silence();
      silence();
      assertThat(log.messages())
          .hasSize(2)
          .last()
          .isEqualTo(
              "upstream 192.0.2.53:53 does not respond: no response in time; others are asked, if"
                  + " any");
    }
  }

  @Test
  void aServerThatWasNotAskedForAWhileIsANewOne() {
    try (LogCatcher log = new LogCatcher(Samples.class)) {
      silence();
      silence();
      silence();
      response(Transport.TCP);
      samples.keepOnly(List.of());
      silence();
      silence();
      assertThat(log.messages()).hasSize(1);
      silence();
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  void thatNothingCanBeSentIsToldOfOnceAMinute() {
    try (LogCatcher log = new LogCatcher(Samples.class)) {
      samples.cannotSend(now, "no socket could be opened");
      now += 60 * SECOND;
      samples.cannotSend(now, "no socket could be opened");
      assertThat(log.messages())
          .containsExactly("queries to upstream servers cannot be sent: no socket could be opened");
      now += SECOND;
      samples.cannotSend(now, "no socket could be opened");
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  void aHandshakeIsNotMeasured() {
    response(Transport.TCP);
    assertThat(state.isMeasured()).isFalse();
    response(Transport.UDP);
    assertThat(state.roundTripNanos()).isEqualTo(SECOND);
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "HTTPS"})
  void whoWaitedForItsConnectionIsNotMeasured(Transport transport) {
    Exchange waited = exchange(transport);
    waited.awaitConnection(over -> {}, false);
    samples.response(state, waited, now);
    assertThat(state.isMeasured()).isFalse();
    assertThat(state.heardAt()).isEqualTo(now);
    response(transport);
    assertThat(state.roundTripNanos()).isEqualTo(SECOND);
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "HTTPS"})
  void whereEveryQueryWaitsForItsConnectionThatIsMeasured(Transport transport) {
    Exchange waited = exchange(transport);
    waited.awaitConnection(over -> {}, true);
    samples.response(state, waited, now);
    assertThat(state.roundTripNanos()).isEqualTo(SECOND);
  }

  private void silence() {
    samples.silence(state, now, "no response in time");
  }

  private void response(Transport transport) {
    samples.response(state, exchange(transport), now);
  }

  private Exchange exchange(Transport transport) {
    Exchange.Listener nobody =
        new Exchange.Listener() {
          @Override
          public void answered(Exchange exchange, io.netty.buffer.ByteBuf reply) {}

          @Override
          public void failed(Exchange exchange, String why) {}
        };
    return new Exchange(server, transport, new byte[0], true, now - SECOND, nobody);
  }
}
