package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.ManualClock;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.wire.ResponseImage;

/** What is forgotten at the very moment at which a chain teaches what is at its end. */
class AliasAsidesTest {
  private static final Question WWW = Answers.question("www.example.org", "A");

  private final ManualClock clock = new ManualClock();
  private final List<Answer> kept = new ArrayList<>();
  private Runnable meanwhile = () -> {};
  private int forgettings;
  private boolean mayKeep = true;

  @Test
  void whatAChainTeachesIsKept() {
    lookUp();
    assertThat(kept).extracting(Answer::rcode).containsExactly(3);
  }

  @Test
  void itIsTakenBackWhereAFlushComesWhileItIsKept() {
    meanwhile = () -> forgettings++;
    lookUp();
    assertThat(kept).isEmpty();
  }

  @Test
  void itIsTakenBackWhereItsFlightIsForgottenWhileItIsKept() {
    meanwhile = () -> mayKeep = false;
    lookUp();
    assertThat(kept).isEmpty();
  }

  private void lookUp() {
    String soa = "example.net. 60 IN SOA ns.example.net. root.example.net. 1 2 3 4 60";
    ResponseImage image =
        Answers.chain(WWW, 60, "www.example.org. 300 IN CNAME host.example.net.", soa);
    Answer chain = Answers.of(3, image, image, 60, clock.nanos());
    AnswerSource servers =
        (ask, to) -> {
          to.receive(chain, Delivery.AT_ONCE);
          return Pending.DONE;
        };
    Catcher catcher = new Catcher();
    new AliasChaser(
            servers,
            new Kept(),
            (target, asked) -> 0,
            Duration.ZERO,
            executor -> clock,
            clock,
            Runnable::run,
            servers)
        .ask(Ask.byClient(WWW, 0).inFlight(new Flight()), catcher);
    assertThat(catcher.answers()).containsExactly(chain);
  }

  private final class Kept implements AliasChaser.Asides {
    @Override
    public int spaceOf(Question target, Question asked) {
      return 0;
    }

    @Override
    public int forgettings() {
      return forgettings;
    }

    @Override
    public void keep(Question target, Answer answer) {
      kept.add(answer);
      meanwhile.run();
    }

    @Override
    public void takeBack(Question target, Answer answer) {
      kept.remove(answer);
    }
  }

  private final class Flight implements FlightView {
    @Override
    public int waiters() {
      return 1;
    }

    @Override
    public boolean mayKeep() {
      return mayKeep;
    }

    @Override
    public long deadline() {
      return Long.MAX_VALUE;
    }
  }
}
