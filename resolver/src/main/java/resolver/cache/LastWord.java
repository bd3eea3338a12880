package resolver.cache;

import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Receiver;
import resolver.wire.ExtendedError;

/** The end of a pipeline in which nobody is asked: always the same answer. */
public final class LastWord implements AnswerSource {
  private static final int SERVFAIL = 2;
  private static final int REFUSED = 5;
  private static final Answer NOT_CACHED =
      Answer.local(
          REFUSED,
          Answer.Failure.NONE,
          new ExtendedError(
              ExtendedError.NOT_AUTHORITATIVE, "not in the cache, and recursion was not desired"));
  private static final Answer TOO_MANY =
      Answer.local(
          SERVFAIL,
          Answer.Failure.LIMIT,
          new ExtendedError(ExtendedError.OTHER, "too many queries of this client are waiting"));
  private static final Answer LIMITED =
      Answer.local(
          REFUSED,
          Answer.Failure.LIMIT,
          new ExtendedError(
              ExtendedError.PROHIBITED, "more lookups of this network than clients.rate allows"));

  private final Answer answer;
  private final Outcome outcome;
  private final QueryObserver observer;

  private LastWord(Answer answer, Outcome outcome, QueryObserver observer) {
    this.answer = answer;
    this.outcome = outcome;
    this.observer = observer;
  }

  /** For clients that do not want recursion (RD=0). */
  public static LastWord notCached(QueryObserver observer) {
    return new LastWord(NOT_CACHED, Outcome.CACHE_ONLY_MISS, observer);
  }

  /** For clients that wait for too many answers already. */
  public static LastWord tooManyWaiting(QueryObserver observer) {
    return new LastWord(TOO_MANY, Outcome.SPILLED, observer);
  }

  /** For clients whose network causes more lookups than it may. */
  public static LastWord limited(QueryObserver observer) {
    return new LastWord(LIMITED, Outcome.LIMITED, observer);
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    if (ask.purpose() == Ask.Purpose.CLIENT) {
      observer.classified(outcome);
    }
    to.receive(answer, Delivery.AT_ONCE);
    return Pending.DONE;
  }
}
