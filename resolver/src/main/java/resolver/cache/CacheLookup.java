package resolver.cache;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Receiver;

/**
 * Answers from the cache while an answer is fresh, and news to the asker; and with a failure that
 * was met a moment ago, so that it is not met again for every asker, or, instead of the failure,
 * with an answer past its TTL.
 *
 * <p>A client's use of an answer that is popular and about to expire makes this stage ask for it
 * ahead of time, behind the client's back.
 */
public final class CacheLookup implements AnswerSource {
  /** What it means that a client uses an answer. */
  public enum Uses {
    /** Nothing. */
    IGNORED,
    /** It becomes popular. */
    NOTED,
    /** It becomes popular, and a popular one is asked for ahead of time. */
    RENEWING
  }

  private final AnswerCache cache;
  private final FailureCache failures;
  private final @Nullable StaleAnswers stale;
  private final QueryObserver observer;
  private final Uses uses;
  private final AnswerSource next;

  /**
   * The stage before {@code next}.
   *
   * @param stale dresses answers past their TTL that are given instead of a failure; null where
   *     none are given
   * @param uses what a use by a client means
   */
  public CacheLookup(
      AnswerCache cache,
      FailureCache failures,
      @Nullable StaleAnswers stale,
      QueryObserver observer,
      Uses uses,
      AnswerSource next) {
    this.cache = cache;
    this.failures = failures;
    this.stale = stale;
    this.observer = observer;
    this.uses = uses;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Answer answer = cache.fresh(ask.question());
    if (answer != null && ask.isNews(answer.arrivedAt())) {
      give(answer, QueryObserver.Outcome.HIT, ask, to);
      boolean counts = uses != Uses.IGNORED && ask.purpose() == Ask.Purpose.CLIENT;
      boolean again = counts && answer.use();
      if (again && uses == Uses.RENEWING && cache.isToBeRenewed(ask.question(), answer)) {
        next.ask(ask.ahead(answer.arrivedAt()), new Nobody(to.executor()));
      }
      return Pending.DONE;
    }
    Answer failure = failures.standing(ask.question());
    if (failure == null) {
      return next.ask(ask, to);
    }
    Answer old = ask.purpose() == Ask.Purpose.CLIENT ? insteadOf(failure, ask) : null;
    if (old == null) {
      give(failure, QueryObserver.Outcome.FAILURE_HIT, ask, to);
    } else {
      give(old, QueryObserver.Outcome.STALE, ask, to);
    }
    return Pending.DONE;
  }

  private @Nullable Answer insteadOf(Answer failure, Ask ask) {
    if (stale == null) {
      return null;
    }
    Answer old = cache.evenStale(ask.question());
    return old == null ? null : stale.of(old, failure);
  }

  private void give(Answer answer, QueryObserver.Outcome outcome, Ask ask, Receiver to) {
    if (ask.purpose() == Ask.Purpose.CLIENT) {
      observer.classified(outcome);
    }
    to.receive(answer, Delivery.AT_ONCE);
  }

  /** Nobody waits for what is asked ahead of time: it is there for those who ask next. */
  record Nobody(Executor executor) implements Receiver {
    @Override
    public void receive(Answer answer, Delivery how) {}
  }
}
