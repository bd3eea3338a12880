package resolver.flight;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import resolver.clock.FaultLog;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.query.Answer;
import resolver.query.Answer.Failure;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Ask.Purpose;
import resolver.query.Delivery;
import resolver.query.FlightView;
import resolver.query.Pending;
import resolver.query.Pipeline;
import resolver.query.QueryObserver;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Receiver;

/**
 * The stage that merges simultaneous lookups of one question into one, whoever asks and why. The
 * next stage is asked once a flight, on behalf of the flight: on the executor of the asker that
 * started it, with the flight's time and in its name.
 *
 * <ul>
 *   <li>A client joins the flight of its question, or starts one.
 *   <li>A prefetch or stale refresh may start one, which clients then join. Where one is under way
 *       it adds no waiter to it: the work is being done, so it is answered at once that this is not
 *       the time ({@link Failure#LIMIT}).
 *   <li>An ask made by a flight joins as that flight's child, so that lookups which wait for one
 *       another in a ring fail at once instead of at their deadline.
 *   <li>Whoever gets no place is answered at once with SERVFAIL and the reason, and never let
 *       through beside an open flight.
 * </ul>
 *
 * <p>Any thread may ask. Clients alone are classified here, as leader, follower or spilled.
 */
public final class LookupGroup implements Pipeline.Stage {
  private final QueryObserver observer;
  private final Ticker ticker;
  private final FaultLog faults;
  private final SingleFlight<Question, Answer> flights;

  /**
   * A group without flights.
   *
   * @param timers for the watchdog: on a thread that outlives the event loops
   */
  public LookupGroup(
      FlightSettings settings, Ticker ticker, Timers timers, QueryObserver observer) {
    this.observer = observer;
    this.ticker = ticker;
    this.faults = new FaultLog(LoggerFactory.getLogger(LookupGroup.class), ticker);
    this.flights = new SingleFlight<>(settings, Question::weight, ticker, timers, new Listener());
  }

  @Override
  public AnswerSource before(AnswerSource next) {
    return (ask, to) -> ask(next, ask, to);
  }

  /** The flights themselves, to look at, to forget, and to close. */
  public SingleFlight<Question, Answer> flights() {
    return flights;
  }

  /**
   * Forgets the open flights of questions that match: those who wait are answered by them, but
   * their results are not kept, and the next ask starts anew.
   *
   * @return how many
   */
  public int forgetIf(Predicate<? super Question> matches) {
    return flights.forgetIf(matches);
  }

  /**
   * Takes no more asks, and fails what is under way after the grace: {@link SingleFlight#close}.
   */
  public CompletionStage<@Nullable Void> close(Duration grace) {
    return flights.close(grace);
  }

  private Pending ask(AnswerSource next, Ask ask, Receiver to) {
    Asker asker = new Asker(to);
    Ticket ticket = join(ask, asker, loader(next, ask, to.executor()));
    Joined joined = ticket.joined();
    if (ask.purpose() == Purpose.CLIENT && joined != Joined.LEADER) {
      observer.classified(joined.waits() ? Outcome.FOLLOWER : Outcome.SPILLED);
    }
    if (joined.waits()) {
      return ticket::leave;
    }
    to.receive(LocalFailures.of(joined), Delivery.AT_ONCE);
    return Pending.DONE;
  }

  private Ticket join(Ask ask, Asker asker, Loader<Question, Answer> loader) {
    Question question = ask.question();
    if (ask.flight() instanceof View view) {
      return view.flight.joinChild(question, asker, loader);
    }
    return switch (ask.purpose()) {
      case PREFETCH, STALE_REFRESH -> flights.startUnlessUnderWay(question, asker, loader);
      case CLIENT, CHILD -> flights.join(question, asker, loader);
    };
  }

  private Loader<Question, Answer> loader(AnswerSource next, Ask ask, Executor executor) {
    return (question, flight, done) -> {
      observer.flightStarted(ask.purpose());
      if (ask.purpose() == Purpose.CLIENT) {
        observer.classified(Outcome.LEADER);
      }
      Pending work = next.ask(ask.inFlight(new View(flight)), new Landing(executor, done));
      flight.onCancel(work::leave);
    };
  }

  /** What the stages below see of a flight. */
  private record View(FlightContext<Question, Answer> flight) implements FlightView {
    @Override
    public int waiters() {
      return flight.waiters();
    }

    @Override
    public boolean mayKeep() {
      return flight.mayKeep();
    }

    @Override
    public long deadline() {
      return flight.deadline();
    }
  }

  /** Where the answer for a flight arrives. */
  private record Landing(Executor executor, Completion<Answer> done) implements Receiver {
    @Override
    public void receive(Answer answer, Delivery how) {
      done.value(answer);
    }
  }

  /** One who asked, waiting. */
  private record Asker(Receiver to) implements Waiter<Answer> {
    @Override
    public Executor executor() {
      return to.executor();
    }

    @Override
    public boolean onOwnExecutor() {
      return to.executor() instanceof EventExecutor loop && loop.inEventLoop();
    }

    @Override
    public void complete(resolver.flight.Outcome<Answer> outcome) {
      Answer answer = outcome.value();
      Answer told = answer == null ? LocalFailures.of(outcome.failure()) : answer;
      to.receive(told, Delivery.fromFlight(outcome.leader(), outcome.shared()));
    }
  }

  /** Translates what happens to flights for those who count queries. */
  private final class Listener implements FlightListener<Question, Answer> {
    @Override
    public void ended(
        Question question,
        @Nullable Answer value,
        @Nullable Throwable failure,
        int joined,
        long age) {
      Answer answer = value == null ? LocalFailures.of(failure) : value;
      observer.flightEnded(answer.failure(), joined, age);
      observer.lookedUp(question, answer, joined, age, ticker.nanos());
    }

    @Override
    public void delivered(resolver.flight.Outcome<Answer> outcome) {
      observer.delivered(outcome.leader(), outcome.waited());
    }

    @Override
    public void left() {
      observer.left();
    }

    @Override
    public void lost() {
      observer.left();
    }

    @Override
    public void abandoned(boolean cancelled) {
      observer.abandoned(cancelled);
    }

    @Override
    public void forgotten() {
      observer.forgotten();
    }

    @Override
    public void watchdogKilled() {
      observer.watchdogKilled();
    }

    @Override
    public void loaderThrew(Question question, Throwable thrown) {
      observer.loaderThrew();
      faults.report("a lookup", question, thrown);
    }
  }
}
