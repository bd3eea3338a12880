package resolver.cache;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import resolver.clock.Timers;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;

/**
 * Lets a client wait for a fresh answer for a while only, if there is one past its TTL: when that
 * while is over, or the lookup fails, the client gets the stale one (RFC 8767 section 5). The
 * lookup goes on, and what it brings is kept.
 *
 * <p>With a while of nothing, the client gets it at once, and the lookup begins behind its back.
 */
public final class ServeStale implements AnswerSource {
  /** So much before all patience ends, for then it is too late to say anything but SERVFAIL. */
  private static final Duration MARGIN = Duration.ofMillis(20);

  private final AnswerCache cache;
  private final StaleAnswers stale;
  private final long afterNanos;
  private final Function<Executor, Timers> timers;
  private final QueryObserver observer;
  private final AnswerSource next;

  /**
   * The stage before {@code next}.
   *
   * @param most no client waits longer for an answer, stale or not
   * @param timers those that run on a receiver's executor
   */
  public ServeStale(
      CacheSettings settings,
      Duration most,
      AnswerCache cache,
      StaleAnswers stale,
      Function<Executor, Timers> timers,
      QueryObserver observer,
      AnswerSource next) {
    this.cache = cache;
    this.stale = stale;
    this.afterNanos = Math.min(settings.staleAfter().toNanos(), most.minus(MARGIN).toNanos());
    this.timers = timers;
    this.observer = observer;
    this.next = next;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    Answer old = ask.purpose() == Ask.Purpose.CLIENT ? cache.evenStale(ask.question()) : null;
    if (old == null) {
      return next.ask(ask, to);
    }
    if (afterNanos == 0) {
      observer.classified(QueryObserver.Outcome.STALE);
      to.receive(stale.of(old, null), Delivery.AT_ONCE);
      next.ask(ask.again(old.arrivedAt()), new CacheLookup.Nobody(to.executor()));
      return Pending.DONE;
    }
    Patience patience = new Patience(ask.question(), to);
    patience.begin(next.ask(ask, patience));
    return patience.over ? Pending.DONE : patience;
  }

  /** A client's waiting. Everything happens on the client's executor. */
  private final class Patience implements Receiver, Pending {
    private final Question question;
    private final Receiver to;
    private Pending lookup = Pending.DONE;
    private Timers.Timeout timeout = () -> {};
    private boolean over;

    Patience(Question question, Receiver to) {
      this.question = question;
      this.to = to;
    }

    void begin(Pending lookup) {
      if (!over) {
        this.lookup = lookup;
        this.timeout = timers.apply(to.executor()).schedule(afterNanos, this::wornOut);
      }
    }

    @Override
    public Executor executor() {
      return to.executor();
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      if (over) {
        return;
      }
      end();
      Answer kept = answer.failure() == Answer.Failure.NONE ? null : whatIsKept(answer);
      to.receive(kept == null ? answer : kept, how);
    }

    /** Stays in the flight, which shall not be cancelled for want of waiters. */
    private void wornOut() {
      Answer kept = over ? null : whatIsKept(null);
      if (kept != null) {
        end();
        to.receive(kept, Delivery.AT_ONCE);
      }
    }

    /**
     * What the cache has now: meanwhile the stale answer may have been flushed, or a fresh one have
     * come by another way.
     */
    private @Nullable Answer whatIsKept(@Nullable Answer failure) {
      Answer fresh = cache.fresh(question);
      Answer old = fresh == null ? cache.evenStale(question) : null;
      if (old == null) {
        return fresh;
      }
      observer.servedStale();
      return stale.of(old, failure);
    }

    private void end() {
      over = true;
      timeout.cancel();
    }

    @Override
    public void leave() {
      // An outcome that is on its way may come before this returns.
      lookup.leave();
      end();
    }
  }
}
