package resolver.cache;

import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Receiver;

/** Answers from the cache while an answer is fresh, and news to the asker. */
public final class CacheLookup implements AnswerSource {
  private final AnswerCache cache;
  private final QueryObserver observer;
  private final AnswerSource next;

  /** The stage before {@code next}. */
  public CacheLookup(AnswerCache cache, QueryObserver observer, AnswerSource next) {
    this.cache = cache;
    this.observer = observer;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Answer answer = cache.fresh(ask.question());
    if (answer == null || !ask.isNews(answer.arrivedAt())) {
      return next.ask(ask, to);
    }
    if (ask.purpose() == Ask.Purpose.CLIENT) {
      observer.classified(QueryObserver.Outcome.HIT);
    }
    to.receive(answer, Delivery.AT_ONCE);
    return Pending.DONE;
  }
}
