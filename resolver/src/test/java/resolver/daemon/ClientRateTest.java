package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.ScriptedSource;
import resolver.fixtures.With;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Transport;
import resolver.server.ClientDoor;
import resolver.server.ClientGate;
import resolver.server.ClientSettings;
import resolver.settings.Addresses;
import resolver.settings.Network;
import resolver.wire.ExtendedError;

/** Lookups are limited for each network of clients; what the cache has is not. */
class ClientRateTest {
  private static final InetSocketAddress GREEDY = Addresses.parse("192.0.2.7", 40_000);
  private static final InetSocketAddress OTHER = Addresses.parse("192.0.2.8", 40_000);
  private static final InetSocketAddress SELF = Addresses.parse("127.0.0.1", 40_000);
  private static final int BURST = 3;
  private static final ClientSettings LIMITS =
      With.component(With.component(ClientSettings.DEFAULTS, "rate", 1), "rateBurst", BURST);

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final ScriptedSource upstream = new ScriptedSource();
  private final ClientGate gate =
      new ClientGate(List.of(Network.parse("0.0.0.0/0")), LIMITS, clock);
  private final ClientDoor door =
      new ClientDoor(
          gate,
          Settings.DEFAULTS.server(),
          Policies.byTypeAlone(),
          Policies.letAllOut(),
          new Core(
                  Settings.DEFAULTS,
                  upstream,
                  question -> Long.MIN_VALUE,
                  clock,
                  clock,
                  Runnable::run,
                  ledger)
              .sources(),
          clock,
          clock,
          ledger);
  private final LogCatcher log = new LogCatcher("resolver.server.Refusals");
  private int id;

  @AfterEach
  void everyQueryHasOneOutcome() {
    log.close();
    long outcomes = 0;
    for (Outcome each : Outcome.values()) {
      outcomes += ledger.get(each);
    }
    assertThat(outcomes).isEqualTo(ledger.received());
  }

  @ParameterizedTest
  @EnumSource
  void beyondTheRateLookupsAreRefusedWithTheSettingsName(Transport transport) {
    for (int i = 0; i < BURST; i++) {
      assertThat(ask("n" + i, transport, GREEDY).responses()).isEmpty();
    }
    Message refused = only(ask("one-more", transport, GREEDY));
    assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(refused.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR))
        .singleElement()
        .isEqualTo(
            new ExtendedErrorCodeOption(
                ExtendedError.PROHIBITED, "more lookups of this network than clients.rate allows"));
    assertThat(upstream.asked()).isEqualTo(BURST);
    assertThat(ledger.get(Outcome.LIMITED)).isEqualTo(1);
    assertThat(ask("by-another", transport, OTHER).responses()).isEmpty();

    clock.advance(Duration.ofSeconds(1));
    assertThat(ask("later", transport, GREEDY).responses()).isEmpty();
    assertThat(only(ask("too-soon", transport, GREEDY)).getRcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void hitsCostNothingAndAreNeverRefused() {
    ask("kept", Transport.UDP, GREEDY);
    upstream.held(0).answer(answer("kept"));
    for (int i = 0; i < 50; i++) {
      assertThat(only(ask("kept", Transport.UDP, GREEDY)).getRcode()).isZero();
    }
    assertThat(ask("n1", Transport.UDP, GREEDY).responses()).isEmpty();
    assertThat(ask("n2", Transport.UDP, GREEDY).responses()).isEmpty();
    assertThat(only(ask("n3", Transport.UDP, GREEDY)).getRcode()).isEqualTo(Rcode.REFUSED);
    for (int i = 0; i < 50; i++) {
      assertThat(only(ask("kept", Transport.UDP, GREEDY)).getRcode()).isZero();
    }
    assertThat(ledger.get(Outcome.HIT)).isEqualTo(100);
  }

  @Test
  void whatIsPastItsTtlIsGivenInPlaceOfARefusal() {
    ask("old", Transport.UDP, GREEDY);
    upstream.held(0).answer(answer("old"));
    clock.advance(Duration.ofMinutes(6));
    for (int i = 0; i < BURST; i++) {
      ask("n" + i, Transport.UDP, GREEDY);
    }
    Message stale = only(ask("old", Transport.UDP, GREEDY));
    assertThat(stale.getRcode()).isZero();
    assertThat(stale.getSection(Section.ANSWER)).hasSize(1);
    assertThat(log.messages()).as("nothing was refused").isEmpty();
  }

  @Test
  void loopbackIsNeverLimited() {
    for (int i = 0; i < 50; i++) {
      assertThat(ask("n" + i, Transport.UDP, SELF).responses()).isEmpty();
    }
  }

  @Test
  void theLogTellsItOnceAMinuteWithTheSum() {
    for (int i = 0; i < BURST + 10; i++) {
      ask("n" + i, Transport.TCP, GREEDY);
    }
    clock.advance(Duration.ofSeconds(61));
    for (int i = 0; i < BURST + 10; i++) {
      ask("m" + i, Transport.TCP, GREEDY);
    }
    assertThat(log.messages())
        .containsExactly(
            "clients.rate: refused 1 lookups since this was told last, the latest of 192.0.2.7/32:"
                + " more than 1 a second",
            "clients.rate: refused 10 lookups since this was told last, the latest of 192.0.2.7/32:"
                + " more than 1 a second");
  }

  @Test
  void anotherLimitHoldsAtOnceAndTheSameForgetsNothing() {
    for (int i = 0; i < BURST; i++) {
      ask("n" + i, Transport.UDP, GREEDY);
    }
    gate.limit(With.component(LIMITS, "rate", 1));
    assertThat(only(ask("m", Transport.UDP, GREEDY)).getRcode()).isEqualTo(Rcode.REFUSED);
    gate.limit(With.component(LIMITS, "rate", 0));
    for (int i = 0; i < 50; i++) {
      assertThat(ask("o" + i, Transport.UDP, GREEDY).responses()).isEmpty();
    }
  }

  private ClientDoor.Inbox ask(String label, Transport transport, InetSocketAddress client) {
    Message query = DnsClient.query(label + ".example.org", "A", 1232, 0);
    query.getHeader().setID(id++);
    return door.take(query.toWire(), transport, client);
  }

  private resolver.query.Answer answer(String label) {
    String name = label + ".example.org";
    return Answers.answer(
        Answers.question(name, "A"), 300, clock.nanos(), name + ". 300 IN A 192.0.2.1");
  }

  private static Message only(ClientDoor.Inbox inbox) {
    assertThat(inbox.responses()).hasSize(1);
    return DnsClient.parse(inbox.responses().get(0));
  }
}
