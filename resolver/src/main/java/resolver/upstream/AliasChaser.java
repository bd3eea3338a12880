package resolver.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;
import resolver.clock.Ticker;
import resolver.clock.Timers;
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
 * chains in a ring are found out. Both answers together answer the question. A target that is still
 * unknown shortly before the flight's end is a failure, which can then be told and remembered.
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

  private static final Answer TOO_LATE =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.TIMEOUT,
          new ExtendedError(
              ExtendedError.NO_REACHABLE_AUTHORITY,
              "no answer in time for the target of an alias"));

  private final AnswerSource targets;
  private final Asides asides;
  private final ToIntBiFunction<Question, Question> spaceOf;
  private final long marginNanos;
  private final Function<Executor, Timers> timers;
  private final Ticker ticker;
  private final Executor offLoop;
  private final AnswerSource next;

  /** Keeps what an answer says about the last target of a chain, beside the question. */
  public interface Asides {
    /**
     * The part of the cache for what the servers of a question say about a target: another one than
     * that of the target's own route, where they are not its servers.
     */
    int spaceOf(Question target, Question asked);

    /** How often anything was to be forgotten so far; counted before it is forgotten. */
    int forgettings();

    /** Keeps an answer. */
    void keep(Question target, Answer answer);

    /** Takes an answer out that should not have been kept. */
    void takeBack(Question target, Answer answer);
  }

  /**
   * The stage before {@code next}.
   *
   * @param targets where the targets of aliases are asked for: the whole pipeline
   * @param spaceOf the part of the cache in which a target is asked for, given it and what was
   *     asked: another one where it is not asked for by its own route
   * @param margin how long before its flight's end a target is given up
   * @param timers those that run on a receiver's executor
   * @param offLoop where answers are joined that would keep an event loop for too long
   */
  public AliasChaser(
      AnswerSource targets,
      Asides asides,
      ToIntBiFunction<Question, Question> spaceOf,
      Duration margin,
      Function<Executor, Timers> timers,
      Ticker ticker,
      Executor offLoop,
      AnswerSource next) {
    this.targets = targets;
    this.asides = asides;
    this.spaceOf = spaceOf;
    this.marginNanos = margin.toNanos();
    this.timers = timers;
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
    private final int forgettings = asides.forgettings();
    private volatile Pending now = Pending.DONE;
    private volatile Timers.Timeout timeout = () -> {};
    private volatile boolean left;
    private boolean following;
    private boolean over;

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
          finish(failed("more before the end of a chain of aliases than it can have"), how);
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
      finish(told, how);
    }

    private void finish(Answer answer, Delivery how) {
      if (!over) {
        over = true;
        timeout.cancel();
        to.receive(answer, how);
      }
    }

    /** It is the end of the chain that does not exist (RFC 6604 section 3). */
    private void learn(Answer answer) {
      Question asked = ask.question();
      if (!mayLearn() || !isSmall(asked, answer, true)) {
        return;
      }
      try {
        Name end = end(asked, records(asked, answer, false, 0).answers());
        if (end != null) {
          Question named = same(end);
          Question target = named.inSpace(asides.spaceOf(named, asked));
          keepAside(
              target, answer.about(ending(target, answer, false), ending(target, answer, true)));
        }
      } catch (WireParseException | RuntimeException e) {
        LOG.debug("learning from the aliases of {}", asked, e);
      }
    }

    /** Whoever forgets counts that before clearing, so one of the two sees the other. */
    private void keepAside(Question target, Answer answer) {
      asides.keep(target, answer);
      if (!mayLearn()) {
        asides.takeBack(target, answer);
      }
    }

    /** Not where anything was forgotten since this began: this may be the same, and as old. */
    private boolean mayLearn() {
      FlightView flight = ask.flight();
      return (flight == null || flight.mayKeep()) && asides.forgettings() == forgettings;
    }

    private ResponseImage ending(Question target, Answer answer, boolean dnssec)
        throws WireParseException {
      ImageWriter image = new ImageWriter(target);
      records(ask.question(), answer, dnssec, 0)
          .authorities()
          .forEach(record -> image.add(Section.AUTHORITY, record, record.ttl()));
      return image.image();
    }

    /** The same question about another name. */
    private Question same(Name name) {
      Question asked = ask.question();
      return Question.of(
          name.toWireCanonical(), asked.type(), asked.dnsClass(), asked.checkingDisabled());
    }

    private void follow(Answer head, Name target) {
      following = true;
      Question named = same(target);
      Question question = named.inSpace(spaceOf.applyAsInt(named, ask.question()));
      now = targets.ask(ask.child(question), new Tail(head, question));
      FlightView flight = ask.flight();
      if (flight != null && !over) {
        long patience = flight.deadline() - marginNanos - ticker.nanos();
        timeout = timers.apply(to.executor()).schedule(patience, this::giveUp);
      }
    }

    private void giveUp() {
      if (!over && !left) {
        // An outcome that is on its way may come before this returns.
        now.leave();
        finish(TOO_LATE, Delivery.AT_ONCE);
      }
    }

    private Answer broken(Exception e) {
      LOG.debug("joining the aliases of {}", ask.question(), e);
      return failed("the chain of aliases cannot be joined");
    }

    @Override
    public void leave() {
      left = true;
      now.leave();
      timeout.cancel();
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
          finish(tail, Delivery.AT_ONCE);
        } else if (isSmall(ask.question(), head, true) && isSmall(target, tail, true)) {
          finish(whole(tail), Delivery.AT_ONCE);
        } else {
          receiveOffLoop(tail);
        }
      }

      private void receiveOffLoop(Answer tail) {
        try {
          offLoop.execute(() -> handOver(whole(tail)));
        } catch (RejectedExecutionException e) {
          finish(TOO_BUSY, Delivery.AT_ONCE);
        }
      }

      private void handOver(Answer whole) {
        try {
          to.executor()
              .execute(
                  () -> {
                    if (!left) {
                      finish(whole, Delivery.AT_ONCE);
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
