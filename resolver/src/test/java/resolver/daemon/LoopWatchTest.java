package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.fixtures.Answers;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.policy.Edition;
import resolver.policy.LocalRules;
import resolver.policy.LocalSettings;
import resolver.policy.LoopProbes;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.settings.Addresses;
import resolver.upstream.Server;

class LoopWatchTest {
  private static final Server FIRST = Server.plain(Addresses.parse("192.0.2.1", 53));
  private static final Server SECOND = Server.plain(Addresses.parse("192.0.2.2", 53));
  private static final List<Server> BOTH = List.of(FIRST, SECOND);

  private final ManualClock clock = new ManualClock();
  private final LoopProbes probes = new LoopProbes();
  private final LocalRules door =
      new LocalRules(
          LocalSettings.DEFAULTS,
          List.of(),
          Path.of("/nonexistent"),
          () -> false,
          new Edition(),
          probes);
  private final List<Sent> sent = new ArrayList<>();
  private final LoopWatch watch =
      new LoopWatch(
          probes, (server, probe, answered) -> sent.add(new Sent(server, probe, answered)), clock);

  private record Sent(Server server, Question probe, Runnable answered) {}

  @Test
  void eachNewServerIsProbedOnceWithANameOfItsOwn() {
    watch.look(BOTH);
    sent.forEach(probe -> probe.answered().run());
    looks(20);
    assertThat(sent).extracting(Sent::server).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(sent.get(0).probe()).isNotEqualTo(sent.get(1).probe());
    assertThat(sent.get(0).probe().toString()).contains(".loop-probe.example. IN A");
    assertThat(leadingBack()).isEmpty();
  }

  @Test
  void whoseProbeComesBackLeadsToUs() {
    watch.look(BOTH);
    try (LogCatcher log = new LogCatcher(LoopWatch.class)) {
      Answer answer = comesBack(sentTo(SECOND));
      assertThat(Objects.requireNonNull(answer).rcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(watch.look(BOTH)).isTrue();
      assertThat(watch.look(BOTH)).isFalse();
      assertThat(leadingBack()).containsExactly(SECOND);
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains("192.0.2.2:53 leads back", "upstream.servers");
    }
  }

  @Test
  void theReturnCountsEvenWhereTheAnswerIsThereAlready() {
    watch.look(BOTH);
    comesBack(sentTo(FIRST));
    sentTo(FIRST).answered().run();
    watch.look(BOTH);
    assertThat(leadingBack()).containsExactly(FIRST);
  }

  @Test
  void theReturnIsToldAtOnceAndOnce() {
    List<String> told = new ArrayList<>();
    probes.onReturn(() -> told.add("back"));
    watch.look(BOTH);
    comesBack(sentTo(FIRST));
    comesBack(sentTo(FIRST));
    assertThat(told).hasSize(1);
  }

  @Test
  void aLoopIsLookedAtAgainEachMinuteAndEndsWithAnAnswer() {
    watch.look(BOTH);
    comesBack(sentTo(FIRST));
    watch.look(BOTH);
    sent.clear();
    looks(29);
    assertThat(sent).isEmpty();
    looks(1);
    assertThat(sent).hasSize(1);
    looks(10);
    assertThat(leadingBack()).as("silence tells nothing").containsExactly(FIRST);
    looks(22);
    assertThat(sent).hasSize(2);
    sent.get(1).answered().run();
    watch.look(BOTH);
    assertThat(leadingBack()).isEmpty();
  }

  @Test
  void inAnotherNetworkAllAreProbedAgain() {
    watch.look(BOTH);
    sent.forEach(probe -> probe.answered().run());
    watch.look(BOTH);
    watch.startAnew();
    watch.look(BOTH);
    assertThat(sent).hasSize(4);
  }

  @Test
  void aDoubtfulOneIsProbedOnceAMinuteAtMost() {
    watch.look(BOTH);
    sent.forEach(probe -> probe.answered().run());
    watch.doubt(FIRST);
    looks(1);
    assertThat(sent).hasSize(2);
    looks(30);
    watch.doubt(FIRST);
    looks(1);
    assertThat(sent).hasSize(3);
  }

  @Test
  void aNameThatWasNotDrawnGoesOnItsWay() {
    watch.look(BOTH);
    assertThat(door.answer(Answers.question("x.loop-probe.example", "A"))).isNull();
    assertThat(door.answer(Answers.question("loop-probe.example", "A"))).isNull();
  }

  @Test
  void whatCameLateOrOfAServerThatIsGoneIsAQuestionLikeAnyOther() {
    watch.look(BOTH);
    looks(6);
    assertThat(comesBack(sentTo(FIRST))).as("after ten seconds").isNull();
    watch.startAnew();
    watch.look(BOTH);
    Sent last = sent.get(3);
    watch.look(List.of());
    assertThat(comesBack(last)).isNull();
    assertThat(leadingBack()).isEmpty();
  }

  @Test
  void anotherTypeAndSpellingIsTheSameProbe() {
    watch.look(BOTH);
    byte[] name = sentTo(FIRST).probe().name();
    name[1] = (byte) (name[1] & ~0x20);
    assertThat(door.answer(Question.of(name, 28, 1, true))).isNotNull();
    watch.look(BOTH);
    assertThat(leadingBack()).containsExactly(FIRST);
  }

  private List<Server> leadingBack() {
    return BOTH.stream().filter(watch::leadsBack).toList();
  }

  private @Nullable Answer comesBack(Sent probe) {
    return door.answer(probe.probe());
  }

  private Sent sentTo(Server server) {
    return sent.stream().filter(each -> each.server().equals(server)).findFirst().orElseThrow();
  }

  private void looks(int times) {
    for (int i = 0; i < times; i++) {
      clock.advance(Duration.ofSeconds(2));
      watch.look(BOTH);
    }
  }
}
