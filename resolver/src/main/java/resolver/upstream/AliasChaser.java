package resolver.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
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
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.Provenance;
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

  private static final Answer TOO_BUSY =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.LIMIT,
          new ExtendedError(ExtendedError.OTHER, "too many large answers to be joined at once"));

  private final AnswerSource targets;
  private final BiConsumer<Question, Answer> learned;
  private final Ticker ticker;
  private final Executor offLoop;
  private final AnswerSource next;

  /**
   * The stage before {@code next}.
   *
   * @param targets where the targets of aliases are asked for: the whole pipeline
   * @param learned takes what an answer says about the last target of a chain, beside the question
   * @param offLoop where answers are joined that would keep an event loop for too long
   */
  public AliasChaser(
      AnswerSource targets,
      BiConsumer<Question, Answer> learned,
      Ticker ticker,
      Executor offLoop,
      AnswerSource next) {
    this.targets = targets;
    this.learned = learned;
    this.ticker = ticker;
    this.offLoop = offLoop;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Chase chase = new Chase(ask, to);
    chase.goOn(next.ask(ask, chase));
    return chase;
  }

  /** No answer that ends well, and is to be kept, looks like this. */
  private static boolean mayDangle(Question question, Answer answer) {
    ResponseImage image = answer.image(false);
    return answer.ttl() == 0
        && answer.rcode() == Rcode.NOERROR
        && answer.failure() == Answer.Failure.NONE
        && image.answers() > 0
        && image.authorities() == 0
        && !image.anyRecord((type, octets, at, length) -> type == question.type());
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

  private static boolean isSmall(Question question, Answer answer, boolean dnssec) {
    return ReplyCost.isSmall(Images.octets(question, answer.image(dnssec), 0));
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
    private volatile boolean left;
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
      Question question = ask.question();
      if (mayDangle(question, answer)) {
        if (!isSmall(question, answer, false)) {
          to.receive(failed("more before the end of a chain of aliases than it can have"), how);
          return;
        }
        try {
          Name target = end(question, records(question, answer, false, 0).answers());
          if (target != null) {
            follow(answer, target);
            return;
          }
        } catch (WireParseException | RuntimeException e) {
          told = broken(e);
        }
      }
      if (told.rcode() == Rcode.NXDOMAIN && told.ttl() > 0 && told.image(false).answers() > 0) {
        learn(told);
      }
      to.receive(told, how);
    }

    /** It is the end of the chain that does not exist (RFC 6604 section 3). */
    private void learn(Answer answer) {
      Question asked = ask.question();
      FlightView flight = ask.flight();
      if ((flight != null && !flight.mayKeep()) || !isSmall(asked, answer, true)) {
        return;
      }
      try {
        Name end = end(asked, records(asked, answer, false, 0).answers());
        if (end != null) {
          Question target = at(end);
          learned.accept(
              target, answer.about(ending(target, answer, false), ending(target, answer, true)));
        }
      } catch (WireParseException | RuntimeException e) {
        LOG.debug("learning from the aliases of {}", asked, e);
      }
    }

    private ResponseImage ending(Question target, Answer answer, boolean dnssec)
        throws WireParseException {
      ImageWriter image = new ImageWriter(target);
      records(ask.question(), answer, dnssec, 0)
          .authorities()
          .forEach(record -> image.add(Section.AUTHORITY, record, record.ttl()));
      return image.image();
    }

    private Question at(Name name) {
      Question asked = ask.question();
      return Question.of(
          name.toWireCanonical(), asked.type(), asked.dnsClass(), asked.checkingDisabled());
    }

    private void follow(Answer head, Name target) {
      following = true;
      Question question = at(target);
      now = targets.ask(ask.child(question), new Tail(head, question));
    }

    private Answer broken(Exception e) {
      LOG.debug("joining the aliases of {}", ask.question(), e);
      return failed("the chain of aliases cannot be joined");
    }

    @Override
    public void leave() {
      left = true;
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
        if (tail.failure() != Answer.Failure.NONE) {
          to.receive(tail, Delivery.AT_ONCE);
        } else if (isSmall(ask.question(), head, true) && isSmall(target, tail, true)) {
          to.receive(whole(tail), Delivery.AT_ONCE);
        } else {
          receiveOffLoop(tail);
        }
      }

      private void receiveOffLoop(Answer tail) {
        try {
          offLoop.execute(() -> handOver(whole(tail)));
        } catch (RejectedExecutionException e) {
          to.receive(TOO_BUSY, Delivery.AT_ONCE);
        }
      }

      private void handOver(Answer whole) {
        try {
          to.executor()
              .execute(
                  () -> {
                    if (!left) {
                      to.receive(whole, Delivery.AT_ONCE);
                    }
                  });
        } catch (RejectedExecutionException e) {
          // The loop has ended, and with it all who wait.
        }
      }

      private Answer whole(Answer tail) {
        try {
          return join(tail);
        } catch (WireParseException | RuntimeException e) {
          return broken(e);
        }
      }

      private Answer join(Answer tail) throws WireParseException {
        long nanos = ticker.nanos();
        int age = age(tail, nanos);
        int headAge = age(head, nanos);
        List<WireRecord> aliases = records(ask.question(), head, false, headAge).answers();
        List<WireRecord> rest = records(target, tail, false, age).answers();
        if (count(aliases) + count(rest) > MOST_ALIASES) {
          return failed("more than " + MOST_ALIASES + " aliases in a chain");
        }
        return Answer.of(
            tail.rcode(),
            image(tail, false, headAge, age),
            image(tail, true, headAge, age),
            nanos,
            (int) Math.max(0, Math.min(lowestTtl(aliases), tail.ttl() - age)),
            head.authentic() && tail.authentic(),
            Answer.Failure.NONE,
            errors(tail),
            provenance(tail));
      }

      /** Of two servers the one that is less of this site's own: it may have made up the answer. */
      private Provenance provenance(Answer tail) {
        Provenance first = Objects.requireNonNull(head.provenance());
        Provenance second = tail.provenance();
        return second != null && isOfTheSite(first.server().getAddress()) ? second : first;
      }

      private static boolean isOfTheSite(InetAddress address) {
        return address.isLoopbackAddress()
            || address.isSiteLocalAddress()
            || address.isLinkLocalAddress()
            || (address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc);
      }

      private static int age(Answer answer, long now) {
        return answer.isLocal() ? 0 : (int) ((now - answer.arrivedAt()) / SECOND);
      }

      private ResponseImage image(Answer tail, boolean dnssec, int headAge, int age)
          throws WireParseException {
        ImageWriter whole = new ImageWriter(ask.question());
        add(whole, records(ask.question(), head, dnssec, headAge));
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
