package resolver.cache;

import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Receiver;

/**
 * Answers from the cache while an answer is fresh, and news to the asker; and with a failure that
 * was met a moment ago, so that it is not met again for every asker.
 */
public final class CacheLookup implements AnswerSource {
  private final AnswerCache cache;
  private final FailureCache failures;
  private final QueryObserver observer;
  private final AnswerSource next;

  /** The stage before {@code next}. */
  public CacheLookup(
      AnswerCache cache, FailureCache failures, QueryObserver observer, AnswerSource next) {
    this.cache = cache;
    this.failures = failures;
    this.observer = observer;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Answer answer = cache.fresh(ask.question());
    if (answer != null && ask.isNews(answer.arrivedAt())) {
      return give(answer, QueryObserver.Outcome.HIT, ask, to);
    }
    Answer failure = failures.standing(ask.question());
    if (failure != null) {
      return give(failure, QueryObserver.Outcome.FAILURE_HIT, ask, to);
    }
    return next.ask(ask, to);
  }

  private Pending give(Answer answer, QueryObserver.Outcome outcome, Ask ask, Receiver to) {
    if (ask.purpose() == Ask.Purpose.CLIENT) {
      observer.classified(outcome);
    }
    to.receive(answer, Delivery.AT_ONCE);
    return Pending.DONE;
  }
}
