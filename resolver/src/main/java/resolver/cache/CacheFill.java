package resolver.cache;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Receiver;

/**
 * Stands inside a flight: looks into the cache again, for between the asker's miss and the start of
 * the flight another one may have filled it; then asks, and keeps what comes, answers and failures
 * apart.
 *
 * <p>A flight can be forgotten while its answer is being kept. The order is therefore: keep, look
 * whether the flight was forgotten, and if so take the answer out again. Whoever forgets does so
 * before clearing the cache, so that one of the two sees the other.
 */
public final class CacheFill implements AnswerSource {
  private final AnswerCache cache;
  private final FailureCache failures;
  private final long recheckNanos;
  private final Ticker ticker;
  private final QueryObserver observer;
  private final AnswerSource next;

  /** The stage before {@code next}. */
  public CacheFill(
      CacheSettings settings,
      AnswerCache cache,
      FailureCache failures,
      Ticker ticker,
      QueryObserver observer,
      AnswerSource next) {
    this.cache = cache;
    this.failures = failures;
    this.recheckNanos = settings.staleRecheck().toNanos();
    this.ticker = ticker;
    this.observer = observer;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Answer answer = lookAgain(ask);
    if (answer != null) {
      observer.rechecked();
      to.receive(answer, Delivery.AT_ONCE);
      return Pending.DONE;
    }
    return next.ask(ask, new Keeper(ask, to));
  }

  private @Nullable Answer lookAgain(Ask ask) {
    Answer answer = cache.fresh(ask.question());
    return answer != null && ask.isNews(answer.arrivedAt())
        ? answer
        : failures.standing(ask.question());
  }

  private final class Keeper implements Receiver {
    private final Ask ask;
    private final Receiver to;
    private final long askedAt = ticker.nanos();

    Keeper(Ask ask, Receiver to) {
      this.ask = ask;
      this.to = to;
    }

    @Override
    public Executor executor() {
      return to.executor();
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      FlightView flight = ask.flight();
      if (flight == null || flight.mayKeep()) {
        keep(answer);
        if (flight != null && !flight.mayKeep()) {
          takeBack(answer);
        }
      }
      to.receive(answer, how);
    }

    private void keep(Answer answer) {
      if (answer.failure() == Answer.Failure.NONE) {
        cache.keep(ask.question(), answer);
        failures.forget(ask.question());
      } else {
        // The wait is for those who have a stale answer meanwhile, and only while they do.
        long wait = Math.min(recheckNanos, cache.usableFor(ask.question()));
        failures.note(ask.question(), answer, askedAt, wait);
      }
    }

    private void takeBack(Answer answer) {
      cache.takeBack(ask.question(), answer);
      failures.forget(ask.question());
    }
  }
}
