package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.cache.CacheRules;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Transport;
import resolver.server.ClientDoor;
import resolver.upstream.ScriptedUpstream;
import resolver.wire.ExtendedError;

/** Every upstream server is silent for a minute, under 1,000 queries a second for new names. */
class OutageTest {
  private static final int RATE = 1000;
  private static final Duration STEP = Duration.ofSeconds(1).dividedBy(RATE);
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4096);

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final Settings settings = Settings.DEFAULTS;
  private final CacheRules rules = new CacheRules(settings.cache());
  private final ScriptedUpstream upstream =
      new ScriptedUpstream(rules::limits, clock, clock, ledger);
  private final Core core =
      new Core(settings, upstream, upstream::heardAt, clock, clock, Runnable::run, ledger);
  private final ClientDoor door =
      new ClientDoor(settings.server(), core.sources(), clock, clock, ledger);
  private int asked;

  private record Asked(long at, ClientDoor.Inbox inbox) {}

  @Test
  void nobodyWaitsBeyondTheBudgetAndNothingGrows() {
    long budget = settings.server().clientDeadline().toNanos();
    Deque<Asked> waiting = new ArrayDeque<>();
    int most = 0;
    for (int i = 0; i < 60 * RATE; i++) {
      waiting.add(ask());
      clock.advance(STEP);
      // The oldest first: all wait equally long.
      while (!waiting.isEmpty() && !waiting.getFirst().inbox().responses().isEmpty()) {
        assertIsFailure(waiting.removeFirst().inbox());
      }
      long longest = waiting.isEmpty() ? 0 : clock.nanos() - waiting.getFirst().at();
      assertThat(longest).as("the longest wait").isLessThan(budget + STEP.toNanos());
      most = Math.max(most, core.group().flights().inFlight());
    }
    long lasting = settings.lookup().deadline().toSeconds();
    assertThat(most).isLessThanOrEqualTo((int) lasting * RATE);
    assertThat(core.group().flights().weight()).isLessThan(settings.lookup().memory());
    assertThat(ledger.get(Outcome.SPILLED)).as("all had their place").isZero();

    clock.advance(settings.lookup().deadline());
    assertThat(core.group().flights().inFlight()).isZero();
    assertThat(core.group().flights().weight()).isZero();
    assertThat(waiting).allSatisfy(each -> assertIsFailure(each.inbox()));
  }

  @Test
  void whoAsksWhenTheServersAreBackIsAnswered() {
    for (int i = 0; i < 10 * RATE; i++) {
      ask();
      clock.advance(STEP);
    }
    for (int i = 0; i < RATE; i++) {
      Asked one = ask();
      List<ScriptedUpstream.Held> held = upstream.held();
      held.get(held.size() - 1).reply(reply(asked - 1));
      assertThat(DnsClient.parse(one.inbox().responses().get(0)).getRcode()).isZero();
      clock.advance(STEP);
    }
  }

  private Asked ask() {
    Message query = query(asked);
    query.getHeader().setID(asked & 0xffff);
    asked++;
    return new Asked(clock.nanos(), door.take(query.toWire(), Transport.UDP, CLIENT));
  }

  private static Message query(int number) {
    return DnsClient.query("n" + number + ".example.org", "A", 1232, 0);
  }

  private static byte[] reply(int number) {
    Message reply = query(number);
    reply.getHeader().setFlag(Flags.QR);
    Record question = reply.getQuestion();
    try {
      reply.addRecord(
          Record.fromString(
              question.getName(),
              question.getType(),
              question.getDClass(),
              300,
              "192.0.2.1",
              question.getName()),
          Section.ANSWER);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return reply.toWire();
  }

  private static void assertIsFailure(ClientDoor.Inbox inbox) {
    assertThat(inbox.responses()).hasSize(1);
    Message response = DnsClient.parse(inbox.responses().get(0));
    assertThat(response.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(
            Objects.requireNonNull(response.getOPT())
                .getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR))
        .singleElement()
        .isInstanceOfSatisfying(
            ExtendedErrorCodeOption.class,
            error ->
                assertThat(error.getErrorCode())
                    .isIn(ExtendedError.NO_REACHABLE_AUTHORITY, ExtendedError.NETWORK_ERROR));
  }
}
