package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.xbill.DNS.Rcode;
import resolver.fixtures.ManualClock;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.wire.Octets;
import resolver.wire.ResponseImage;

/**
 * Any two responses, the first behind its length in two octets, as a dangling chain of aliases and
 * the answer for its end: together they give one answer, which holds to all that any other does.
 */
public final class AliasFuzz {
  private AliasFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    int length = data.length < 2 ? 0 : Octets.u16(data, 0);
    if (length < 12 || 2 + length > data.length) {
      return;
    }
    byte[] first = Arrays.copyOfRange(data, 2, 2 + length);
    byte[] second = Arrays.copyOfRange(data, 2 + length, data.length);
    Question question = ReplyFuzz.question(first);
    Answer head = ReplyFuzz.read(question, first);
    if (head == null) {
      return;
    }
    List<Answer> tails = new ArrayList<>();
    AnswerSource targets =
        (ask, to) -> {
          Answer tail = ReplyFuzz.read(ask.question(), second);
          tails.add(tail == null ? unreadable() : tail);
          to.receive(tails.get(0), Delivery.AT_ONCE);
          return Pending.DONE;
        };
    AnswerSource servers =
        (ask, to) -> {
          to.receive(head, Delivery.AT_ONCE);
          return Pending.DONE;
        };
    Answers answers = new Answers();
    ManualClock clock = new ManualClock();
    new AliasChaser(
            targets,
            new NothingAside(),
            (target, asked) -> 0,
            Duration.ZERO,
            executor -> clock,
            clock,
            Runnable::run,
            servers)
        .ask(Ask.byClient(question, 0), answers);
    assertThat(answers.all).hasSize(1);
    Answer whole = answers.all.get(0);
    ReplyFuzz.check(question, whole);
    if (tails.isEmpty()) {
      assertThat(whole).isSameAs(head);
    } else if (whole.failure() == Answer.Failure.NONE) {
      assertHasBoth(whole, head, tails.get(0));
    }
  }

  private static Answer unreadable() {
    return Answer.local(Rcode.SERVFAIL, Answer.Failure.NETWORK);
  }

  private static void assertHasBoth(Answer whole, Answer head, Answer tail) {
    for (boolean dnssecOk : new boolean[] {false, true}) {
      ResponseImage image = whole.image(dnssecOk);
      ResponseImage first = head.image(dnssecOk);
      ResponseImage second = tail.image(dnssecOk);
      assertThat(image.answers()).isEqualTo(first.answers() + second.answers());
      assertThat(image.authorities()).isEqualTo(first.authorities() + second.authorities());
      assertThat(image.additionals()).isEqualTo(first.additionals() + second.additionals());
    }
  }

  private static final class NothingAside implements AliasChaser.Asides {
    @Override
    public int spaceOf(Question target, Question asked) {
      return 0;
    }

    @Override
    public int forgettings() {
      return 0;
    }

    @Override
    public void keep(Question target, Answer answer) {}

    @Override
    public void takeBack(Question target, Answer answer) {}
  }

  private static final class Answers implements Receiver {
    private final List<Answer> all = new ArrayList<>();

    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      all.add(answer);
    }
  }
}
