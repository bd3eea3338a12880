package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resolver.query.Transport;

class ScorecardTest {
  private static final RoundName NAME = RoundName.of(1, 7);

  @Test
  void aRoundIsMeasuredFromItsFirstQuery() {
    Round round = new Round(NAME, 4);
    play(round, 0, Transport.UDP, 1030, Verdict.RIGHT, 1100);
    play(round, 1, Transport.TCP, 1000, Verdict.RIGHT, 1070);
    play(round, 2, Transport.UDP, 1010, Verdict.RIGHT, 1060);
    play(round, 3, Transport.UDP, 1020, Verdict.RIGHT, 1500);

    RoundResult result = round.result(new NameCount());

    assertThat(result.first()).isEqualTo(60);
    assertThat(result.median()).isEqualTo(70);
    assertThat(result.last()).isEqualTo(500);
    assertThat(result.leader()).as("place 1").isEqualTo(70);
    assertThat(result.followers()).as("of 50, 70 and 480").isEqualTo(70);
    assertThat(result.skew()).isEqualTo(30);
    assertThat(result.tcp()).isEqualTo(1);
    assertThat(result.good()).isEqualTo(4);
  }

  @Test
  void whoGotNoAnswerIsNotMeasured() {
    Round round = new Round(NAME, 3);
    play(round, 0, Transport.UDP, 1000, Verdict.MISSING, 6000);
    play(round, 1, Transport.UDP, 1001, Verdict.RIGHT, 1051);
    play(round, 2, Transport.UDP, 1002, Verdict.MISSING, 6002);
    RoundResult result = round.result(new NameCount());
    assertThat(result.leader()).isEqualTo(-1);
    assertThat(result.last()).isEqualTo(51);
    assertThat(result.followers()).isEqualTo(50);
    assertThat(result.count(Verdict.MISSING)).isEqualTo(2);

    Round silent = new Round(NAME, 1);
    play(silent, 0, Transport.UDP, 1000, Verdict.MISSING, 6000);
    RoundResult nothing = silent.result(new NameCount());
    assertThat(List.of(nothing.first(), nothing.median(), nothing.last(), nothing.followers()))
        .containsOnly(-1L);
  }

  @Test
  void servfailIsGoodWhereTheUpstreamSaidSo() {
    Round round = new Round(NAME, 1);
    play(round, 0, Transport.UDP, 1, Verdict.FAILED, 2);
    NameCount innocent = new NameCount();
    innocent.fault(Fault.DROP);
    assertThat(round.result(innocent).good()).isZero();
    NameCount guilty = new NameCount();
    guilty.fault(Fault.SERVFAIL);
    assertThat(round.result(guilty).good()).isEqualTo(1);
    assertThat(round.result(guilty).count(Verdict.PASSED_ON)).isEqualTo(1);
  }

  @Test
  void whoAskedAgainWasNotServedAtFirst() {
    Round round = new Round(NAME, 2);
    play(round, 0, Transport.UDP, 1, Verdict.RIGHT, 2);
    play(round, 1, Transport.UDP, 1, Verdict.RIGHT, 2);
    round.resent(1);
    round.resent(1);
    round.stray();
    RoundResult result = round.result(new NameCount());
    assertThat(result.atFirst()).isEqualTo(1);
    assertThat(result.resends()).isEqualTo(2);
    assertThat(result.strays()).isEqualTo(1);
  }

  @Test
  void theCardSumsUpItsRounds() {
    NameCount once = new NameCount();
    once.query(1000, 1);
    NameCount thrice = new NameCount();
    thrice.query(1000, 1);
    thrice.fault(Fault.DROP);
    thrice.query(1001, 1);
    thrice.query(1001, 2);
    Scorecard card =
        Scorecard.of(
            settings(5),
            List.of(
                result(10, Map.of(Verdict.RIGHT, 3)),
                result(30, Map.of(Verdict.RIGHT, 2, Verdict.MISSING, 1)),
                result(20, Map.of(Verdict.RIGHT, 1, Verdict.OTHER_ADDRESS, 2))),
            List.of(once, thrice, once));

    assertThat(card.rounds()).isEqualTo(3);
    assertThat(card.roundsWanted()).isEqualTo(5);
    assertThat(card.questions()).isEqualTo(9);
    assertThat(card.answers()).isEqualTo(8);
    assertThat(card.right()).isEqualTo(6);
    assertThat(card.wrong()).isEqualTo(2);
    assertThat(card.missing()).isEqualTo(1);
    assertThat(card.verdicts()).containsOnlyKeys(Verdict.values());
    assertThat(card.times().last()).as("the median").isEqualTo(20);
    assertThat(card.times().worst()).isEqualTo(30);
    assertThat(card.upstream())
        .isEqualTo(new Scorecard.Upstream(5, 1, 1, 3, 1, 3, Map.of(Fault.DROP, 1L)));
    assertThat(card.queriesAllowed()).as("a round, and a fault").isEqualTo(4);
    assertThat(card.complaints())
        .containsExactly(
            "1 of 9 questions went unanswered",
            "2 of 9 questions were answered wrongly",
            "5 upstream queries, where 4 would do");
  }

  @Test
  void aFaultInOneRoundExcusesNoQueryInAnother() {
    NameCount faulted = new NameCount();
    faulted.query(1000, 1);
    faulted.fault(Fault.SLOW);
    NameCount twice = new NameCount();
    twice.query(1000, 1);
    twice.query(1001, 1);
    Scorecard card =
        Scorecard.of(
            settings(2),
            List.of(result(10, Map.of(Verdict.RIGHT, 3)), result(10, Map.of(Verdict.RIGHT, 3))),
            List.of(faulted, twice));
    assertThat(card.queriesAllowed()).isEqualTo(3);
    assertThat(card.upstream().queries()).isEqualTo(3);
    assertThat(card.complaints()).containsExactly("3 upstream queries, where 2 would do");
  }

  @Test
  void aCardWithoutRoundsIsEmpty() {
    Scorecard card = Scorecard.none(settings(5));
    assertThat(card.questions()).isZero();
    assertThat(card.complaints()).isEmpty();
    assertThat(card.times().worst()).isEqualTo(-1);
    assertThat(card.upstream().most()).isZero();
  }

  private static void play(
      Round round, int place, Transport transport, long sent, Verdict verdict, long ended) {
    round.sent(place, transport, sent);
    round.ended(place, verdict, ended);
  }

  private static RoundResult result(long last, Map<Verdict, Integer> verdicts) {
    return new RoundResult(NAME, 3, 1, verdicts, 3, 1, 0, 0, 1, 1, last, 1, 1, 1);
  }

  private static StampedeSettings settings(int rounds) {
    return new StampedeSettings(
        Molecule.WATER, 1, rounds, 0, 1, true, Duration.ofSeconds(5), 1, true, true);
  }
}
