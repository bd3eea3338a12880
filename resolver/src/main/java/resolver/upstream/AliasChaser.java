package resolver.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/**
 * Follows a chain of aliases that a server has left dangling: an answer that ends with a CNAME, and
 * neither with what was asked for nor with the proof that there is none. Its target is asked for
 * like any question, on behalf of the flight, so that lookups of one target share a flight and
 * chains in a ring are found out. Both answers together answer the question.
 *
 * <p>Whole chains, which is what resolvers give, pass untouched.
 */
public final class AliasChaser implements AnswerSource {
  private static final Logger LOG = LoggerFactory.getLogger(AliasChaser.class);

  /** As many as other resolvers follow; a longer chain is a mistake. */
  private static final int MOST_ALIASES = 11;

  private static final long SECOND = 1_000_000_000L;

  private final AnswerSource targets;
  private final Ticker ticker;
  private final AnswerSource next;

  /**
   * The stage before {@code next}.
   *
   * @param targets where the targets of aliases are asked for: the whole pipeline
   */
  public AliasChaser(AnswerSource targets, Ticker ticker, AnswerSource next) {
    this.targets = targets;
    this.ticker = ticker;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Chase chase = new Chase(ask, to);
    chase.goOn(next.ask(ask, chase));
    return chase;
  }

  /** No answer that ends well, and is to be kept, looks like this. */
  private static boolean mayDangle(Answer answer) {
    ResponseImage image = answer.image(false);
    return answer.ttl() == 0
        && answer.rcode() == Rcode.NOERROR
        && answer.failure() == Answer.Failure.NONE
        && image.answers() > 0
        && image.authorities() == 0;
  }

  /** Where a chain of aliases leads that ends without an answer, or null. */
  private static @Nullable Name end(Question question, List<WireRecord> answers) {
    Name end = null;
    for (WireRecord record : answers) {
      if (record.type() == question.type()) {
        return null;
      }
      end = record.alias() == null ? end : record.alias();
    }
    return end;
  }

  private static WireReply records(Question question, Answer answer, boolean dnssec, int age)
      throws WireParseException {
    return WireReply.parse(Images.octets(question, answer.image(dnssec), age));
  }

  private static Answer failed(String why) {
    return Answer.local(
        Rcode.SERVFAIL,
        Answer.Failure.UPSTREAM_RCODE,
        new ExtendedError(ExtendedError.INVALID_DATA, why));
  }

  /** One question and what comes for it. Belongs to the receiver's executor. */
  private final class Chase implements Receiver, Pending {
    private final Ask ask;
    private final Receiver to;
    private volatile Pending now = Pending.DONE;
    private boolean following;

    Chase(Ask ask, Receiver to) {
      this.ask = ask;
      this.to = to;
    }

    void goOn(Pending first) {
      if (!following) {
        now = first;
      }
    }

    @Override
    public Executor executor() {
      return to.executor();
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      Answer told = answer;
      if (mayDangle(answer)) {
        try {
          Question question = ask.question();
          Name target = end(question, records(question, answer, false, 0).answers());
          if (target != null) {
            follow(answer, target);
            return;
          }
        } catch (WireParseException | RuntimeException e) {
          told = broken(e);
        }
      }
      to.receive(told, how);
    }

    private void follow(Answer head, Name target) {
      following = true;
      Question asked = ask.question();
      Question question =
          Question.of(
              target.toWireCanonical(), asked.type(), asked.dnsClass(), asked.checkingDisabled());
      now = targets.ask(ask.child(question), new Tail(head, question));
    }

    private Answer broken(Exception e) {
      LOG.debug("joining the aliases of {}", ask.question(), e);
      return failed("the chain of aliases cannot be joined");
    }

    @Override
    public void leave() {
      now.leave();
    }

    /** Takes the answer for the target. */
    private final class Tail implements Receiver {
      private final Answer head;
      private final Question target;

      Tail(Answer head, Question target) {
        this.head = head;
        this.target = target;
      }

      @Override
      public Executor executor() {
        return to.executor();
      }

      @Override
      public void receive(Answer tail, Delivery how) {
        Answer whole = tail;
        if (tail.failure() == Answer.Failure.NONE) {
          try {
            whole = join(tail);
          } catch (WireParseException | RuntimeException e) {
            whole = broken(e);
          }
        }
        to.receive(whole, Delivery.AT_ONCE);
      }

      private Answer join(Answer tail) throws WireParseException {
        long nanos = ticker.nanos();
        long age = tail.provenance() == null ? 0 : (nanos - tail.arrivedAt()) / SECOND;
        List<WireRecord> aliases = records(ask.question(), head, false, 0).answers();
        List<WireRecord> rest = records(target, tail, false, (int) age).answers();
        if (count(aliases) + count(rest) > MOST_ALIASES) {
          return failed("more than " + MOST_ALIASES + " aliases in a chain");
        }
        return Answer.of(
            tail.rcode(),
            image(tail, false, (int) age),
            image(tail, true, (int) age),
            nanos,
            ticker.wallMillis(),
            (int) Math.max(0, Math.min(lowestTtl(aliases), tail.ttl() - age)),
            head.authentic() && tail.authentic(),
            Answer.Failure.NONE,
            errors(tail),
            Objects.requireNonNull(head.provenance()));
      }

      private ResponseImage image(Answer tail, boolean dnssec, int age) throws WireParseException {
        ImageWriter whole = new ImageWriter(ask.question());
        add(whole, records(ask.question(), head, dnssec, 0));
        add(whole, records(target, tail, dnssec, age));
        return whole.image();
      }

      private static void add(ImageWriter whole, WireReply part) {
        part.answers().forEach(record -> whole.add(Section.ANSWER, record, record.ttl()));
        part.authorities().forEach(record -> whole.add(Section.AUTHORITY, record, record.ttl()));
        part.additionals().forEach(record -> whole.add(Section.ADDITIONAL, record, record.ttl()));
      }

      private static long count(List<WireRecord> records) {
        return records.stream().filter(record -> record.alias() != null).count();
      }

      private static long lowestTtl(List<WireRecord> records) {
        return records.stream().mapToLong(WireRecord::ttl).min().orElse(0);
      }

      private List<ExtendedError> errors(Answer tail) {
        List<ExtendedError> errors = new ArrayList<>(head.errors());
        errors.addAll(tail.errors());
        return errors;
      }
    }
  }
}
