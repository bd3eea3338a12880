package resolver.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.flight.FlightSnapshot;
import resolver.observe.Ledger;
import resolver.observe.QueryTaps;
import resolver.observe.QueryWatch;
import resolver.observe.Settled;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.selection.ServerStatus;

/** {@code tail} and {@code top}, each a reply to one reader. */
class LiveViewsTest {
  private final Ledger ledger = new Ledger();
  private final QueryTaps taps = new QueryTaps(ledger);
  private final ManualClock clock = new ManualClock();
  private final List<JsonObject> told = new ArrayList<>();

  /** Does something each time an object was told. */
  private Runnable whenTold = () -> {};

  private BooleanSupplier open = () -> true;

  private ControlReply reply() {
    StringWriter out =
        new StringWriter() {
          @Override
          public void write(int c) {
            if (c == '\n') {
              told.add(JsonParser.parseString(toString()).getAsJsonObject());
              getBuffer().setLength(0);
              whenTold.run();
            } else {
              super.write(c);
            }
          }
        };
    return new ControlReply(out, () -> open.getAsBoolean());
  }

  @Test
  void tailTellsWhatPassesUntilThereWereAsManyAsWanted() throws IOException, InterruptedException {
    whenTold =
        () -> {
          if (told.size() == 1) {
            assertThat(taps.isOn()).isTrue();
            taps.settled(Settled.hit("www.example.com"));
            taps.settled(Settled.hit("one.example.org"));
            taps.settled(Settled.hit("two.example.org"));
            taps.settled(Settled.hit("three.example.org"));
          }
        };
    new TailCommand(taps, clock).run(List.of("--name", "example.org", "--count", "2"), reply());
    assertThat(taps.isOn()).isFalse();
    assertThat(told).hasSize(3);
    assertThat(told.get(0).get("watching").getAsBoolean()).isTrue();
    assertThat(told.get(1).get("name").getAsString()).isEqualTo("one.example.org.");
    assertThat(told.get(1).get("client").getAsString()).isEqualTo("10.0.0.7");
    assertThat(told.get(2).get("name").getAsString()).isEqualTo("two.example.org.");
  }

  @Test
  void aSlowReaderIsToldWhatItHasLost() throws IOException, InterruptedException {
    whenTold =
        () -> {
          if (told.size() == 1) {
            for (int i = 0; i < 8192 + 7; i++) {
              taps.settled(Settled.hit("www.example.org"));
            }
          }
        };
    new TailCommand(taps, clock).run(List.of("--count", "8192"), reply());
    assertThat(told).hasSize(8192 + 2);
    assertThat(told.stream().filter(each -> each.has("lost")))
        .singleElement()
        .asString()
        .isEqualTo("{\"lost\":7}");
  }

  @Test
  void whoLeavesIsWatchedForNoMore() throws IOException, InterruptedException {
    open = () -> false;
    new TailCommand(taps, clock).run(List.of(), reply());
    assertThat(taps.isOn()).isFalse();
    new TopCommand(taps, sights(), clock).run(List.of(), reply());
    assertThat(taps.isOn()).isFalse();
  }

  @Test
  void thereIsAnEndToHowManyMayWatch() {
    List<QueryWatch> others = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      others.add(taps.watch());
    }
    assertThatThrownBy(() -> new TailCommand(taps, clock).run(List.of(), reply()))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.exitCode()).isEqualTo(ControlServer.BUSY))
        .hasMessageContaining("watched by 8 others");
    others.forEach(QueryWatch::close);
  }

  @Test
  void topTellsSumsAtOnceAndAgain() throws IOException, InterruptedException {
    ledger.received(Transport.UDP);
    ledger.classified(Outcome.HIT);
    open = () -> told.size() < 2;
    whenTold = () -> taps.settled(Settled.hit("www.example.org"));
    new TopCommand(taps, sights(), new SystemTicker()).run(List.of("--interval", "100ms"), reply());
    assertThat(told).hasSize(2);
    JsonObject second = told.get(1);
    assertThat(second.get("received").getAsLong()).isOne();
    assertThat(second.getAsJsonObject("outcomes").get("hit").getAsLong()).isOne();
    assertThat(second.get("shares").toString()).isEqualTo("{\"hits\":1,\"misses\":0,\"merged\":0}");
    assertThat(second.get("cached").getAsLong()).isEqualTo(42);
    assertThat(second.getAsJsonObject("flights").get("waiters").getAsLong()).isEqualTo(7);
    assertThat(second.getAsJsonObject("flights").getAsJsonArray("most").get(0).toString())
        .isEqualTo(
            "{\"name\":\"slow.example.org.\",\"type\":\"A\",\"milliseconds\":1200.000,"
                + "\"waiters\":5}");
    assertThat(second.getAsJsonArray("upstreams").get(0).toString())
        .isEqualTo(
            "{\"route\":\".\",\"server\":\"192.0.2.53:53\",\"state\":\"good\",\"roundTrip\":12.000,"
                + "\"late\":40.000,\"failures\":0,\"why\":\"\"}");
    assertThat(second.getAsJsonArray("names").get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("www.example.org.");
    assertThat(told.get(0).getAsJsonArray("names")).isEmpty();
  }

  @Test
  void whatASuspendLeftOutIsNotMadeUpFor() throws IOException, InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    open = () -> looks.incrementAndGet() <= 10;
    whenTold =
        () -> {
          if (told.size() == 1) {
            clock.advance(Duration.ofHours(8));
          }
        };
    new TopCommand(taps, sights(), clock).run(List.of(), reply());
    assertThat(told).as("one at the start, one that is due").hasSize(2);
  }

  @Test
  void aSuspendFadesWhatWasBeforeOnce() throws IOException, InterruptedException {
    open = () -> told.size() < 8;
    whenTold =
        () -> {
          if (told.size() == 1) {
            for (int i = 0; i < 64; i++) {
              taps.settled(Settled.hit("www.example.org"));
            }
          }
          clock.advance(told.size() == 1 ? Duration.ofHours(8) : Duration.ofSeconds(1));
        };
    new TopCommand(taps, sights(), clock).run(List.of(), reply());
    assertThat(told.get(7).getAsJsonObject("clients").get("count").getAsLong()).isEqualTo(32);
  }

  @Test
  void anIntervalThatIsNoneIsAMistake() {
    for (String wrong : List.of("99ms", "2m", "soon")) {
      assertThatThrownBy(
              () ->
                  new TopCommand(taps, sights(), clock).run(List.of("--interval", wrong), reply()))
          .isInstanceOf(ControlException.class)
          .hasMessage(
              "--interval " + wrong + " (expected: --interval and a duration, 100ms to 1m)");
    }
  }

  private TopCommand.Sights sights() {
    return new TopCommand.Sights(
        ledger,
        () -> List.of(flight(1, "www.example.org", 2), flight(2, "slow.example.org", 5)),
        () ->
            Map.of(
                ".",
                List.of(
                    new ServerStatus(
                        "192.0.2.53:53", "good", 12_000_000, 40_000_000, 0, 0, 0, ""))),
        () -> 42);
  }

  private static FlightSnapshot<Question> flight(long id, String name, int waiters) {
    Question question = Question.of(Answers.name(name).toWire(), 1, 1, false);
    return new FlightSnapshot<>(id, question, 1_200_000_000L, waiters, false, List.of());
  }
}
