package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Receiver;

/** T-26: a million flights through all stages later, nothing holds a client or its channel. */
class FlightRetentionTest {
  private static final int FLIGHTS = 1_000_000;
  private static final int UNDER_WAY = 100;
  private static final int NAMES = 1000;

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final Deque<Receiver> asked = new ArrayDeque<>();
  private final AnswerSource upstream =
      (ask, to) -> {
        asked.add(to);
        return Pending.DONE;
      };
  private final Core core =
      new Core(
          Settings.DEFAULTS,
          upstream,
          question -> Long.MIN_VALUE,
          clock,
          clock,
          Runnable::run,
          ledger);
  private final List<WeakReference<Object>> watched = new ArrayList<>();

  /** A client with its channel. */
  private record Client(EmbeddedChannel channel) implements Receiver {
    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public void receive(Answer answer, Delivery how) {}
  }

  @Test
  void noFlightNoWaiterAndNoChannelIsRetained() {
    runThemAll();
    assertThat(ledger.get(Outcome.LEADER)).isEqualTo(FLIGHTS);
    assertThat(core.group().flights().inFlight()).isZero();
    assertThat(core.group().flights().weight()).isZero();
    assertThat(core.group().flights().snapshot()).isEmpty();
    assertThat(clock.pending()).as("timers, with one for the watchdog").isLessThanOrEqualTo(1);
    assertThat(watched).hasSizeGreaterThan(2_000);
    assertThat(collected()).isTrue();
  }

  private void runThemAll() {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      questions.add(Answers.question("n" + i + ".example.org", "A"));
    }
    Answer unkept =
        Answers.answer(questions.get(0), 0, clock.nanos(), "n0.example.org. 0 IN A 192.0.2.1");
    EmbeddedChannel channel = new EmbeddedChannel();
    for (int i = 0; i < FLIGHTS; i++) {
      if (i % 1_000 == 0) {
        channel = new EmbeddedChannel();
        watched.add(new WeakReference<>(channel));
      }
      Client client = new Client(channel);
      Pending pending =
          core.sources().resolving().ask(Ask.byClient(questions.get(i % NAMES), 0), client);
      if (i % 1_000 == 0) {
        watched.add(new WeakReference<>(client));
        watched.add(new WeakReference<>(pending));
      }
      if (i % 5 == 0) {
        pending.leave();
      }
      if (asked.size() > UNDER_WAY) {
        asked.remove().receive(unkept, Delivery.AT_ONCE);
      }
    }
    while (!asked.isEmpty()) {
      asked.remove().receive(unkept, Delivery.AT_ONCE);
    }
  }

  private boolean collected() {
    for (int i = 0; i < 50; i++) {
      System.gc();
      if (watched.stream().allMatch(each -> each.get() == null)) {
        return true;
      }
    }
    return false;
  }
}
