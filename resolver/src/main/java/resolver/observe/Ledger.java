package resolver.observe;

import java.util.Collection;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;

/**
 * Counts everything that happens to queries and lookups.
 *
 * <p>Every thread that reports has a page of its own which it alone writes, without lock and
 * without a shared cell; a reader adds up the pages. What belongs to one query is reported by the
 * thread of its event loop, so each page is true by itself at every moment, and the sum once all is
 * at rest.
 */
@SuppressWarnings("EnumOrdinal") // Places in memory only; nothing of them leaves the process.
public final class Ledger implements QueryObserver {
  /** What is counted, beside the outcomes and the reasons for sending. */
  public enum Count {
    RECEIVED_UDP,
    RECEIVED_TCP,
    RESPONSES_LOST,
    KERNEL_DROPS,
    CONNECTIONS_REFUSED,
    FLIGHTS_BY_CLIENTS,
    FLIGHTS_BY_PREFETCHES,
    FLIGHTS_BY_REFRESHES,
    FLIGHTS_BY_CHILDREN,
    FLIGHTS_ENDED_WELL,
    FLIGHTS_FAILED,
    RECHECK_HITS,
    FAILED_BEFORE_SEND,
    WAITERS_DELIVERED,
    WAITERS_LEFT,
    GAVE_UP_AT_DEADLINE,
    GAVE_UP_AT_DISCONNECT,
    SERVED_STALE,
    FLIGHTS_DETACHED,
    FLIGHTS_CANCELLED,
    FLIGHTS_FORGOTTEN,
    WATCHDOG_KILLS,
    LOADERS_THREW,
    ANSWERS_REFUSED,
    QUERY_LOG_LOST
  }

  /** What is counted by size. */
  public enum Spread {
    /** Waiters a flight had in all. */
    FANOUT,
    /** How long a flight took, in microseconds. */
    FLIGHT_MICROS,
    /** How long the waiter waited that had started the flight, in microseconds. */
    LEADER_WAIT_MICROS,
    /** How long the others waited, in microseconds. */
    FOLLOWER_WAIT_MICROS
  }

  private static final int OUTCOMES_AT = Count.values().length;
  private static final int SENDS_AT = OUTCOMES_AT + Outcome.values().length;
  private static final int SPREADS_AT = SENDS_AT + Send.values().length;

  private final Cells cells = new Cells(SPREADS_AT + Spread.values().length * Cells.HISTOGRAM);
  private final ClientLatencies clients = new ClientLatencies();
  private final UpstreamLatencies upstreams = new UpstreamLatencies();
  private final SlowNames slow = new SlowNames();

  /** Null until somebody wants to know. */
  private @Nullable LastOutcome lastOutcome;

  /** The sum of a count over all threads. */
  public long get(Count count) {
    return sum(count.ordinal());
  }

  /** How many queries had an outcome. */
  public long get(Outcome outcome) {
    return sum(OUTCOMES_AT + outcome.ordinal());
  }

  /** How often something was sent to an upstream server for a reason. */
  public long get(Send why) {
    return sum(SENDS_AT + why.ordinal());
  }

  /** How often which size was seen. */
  public Histogram get(Spread spread) {
    return cells.histogram(cellOf(spread));
  }

  /** How long clients waited. */
  public ClientLatencies clients() {
    return clients;
  }

  /** How long upstream servers took. */
  public UpstreamLatencies upstreams() {
    return upstreams;
  }

  /** The names that took longest. */
  public SlowNames slow() {
    return slow;
  }

  /** All queries that were received. */
  public long received() {
    return get(Count.RECEIVED_UDP) + get(Count.RECEIVED_TCP);
  }

  /** How much of what could have been asked upstream was not. */
  public Shares shares() {
    return new Shares(
        get(Outcome.HIT) + get(Outcome.STALE) + get(Outcome.FAILURE_HIT),
        get(Outcome.FOLLOWER),
        get(Outcome.LEADER));
  }

  /** All that was sent to upstream servers. */
  public long sent() {
    long sum = 0;
    for (Send why : Send.values()) {
      sum += get(why);
    }
    return sum;
  }

  /** The main figures in one line, for people. */
  public String summary() {
    StringJoiner outcomes = new StringJoiner(", ", " (", ")").setEmptyValue("");
    for (Outcome outcome : Outcome.values()) {
      long value = get(outcome);
      if (value != 0) {
        outcomes.add(words(outcome) + " " + value);
      }
    }
    StringBuilder text = new StringBuilder("received ").append(received()).append(outcomes);
    text.append("; sent upstream ").append(sent());
    if (get(Count.ANSWERS_REFUSED) != 0) {
      text.append("; answers refused ").append(get(Count.ANSWERS_REFUSED));
    }
    text.append("; responses lost ").append(get(Count.RESPONSES_LOST));
    text.append("; dropped by the kernel ").append(get(Count.KERNEL_DROPS));
    return text.toString();
  }

  /** An outcome in words, for people. */
  public static String words(Outcome outcome) {
    return outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  @Override
  public void received(Transport transport) {
    add(transport == Transport.UDP ? Count.RECEIVED_UDP : Count.RECEIVED_TCP);
  }

  @Override
  public void classified(Outcome outcome) {
    add(OUTCOMES_AT + outcome.ordinal(), 1);
    LastOutcome last = lastOutcome;
    if (last != null) {
      last.note(outcome);
    }
  }

  /** Has the last outcome of each thread noted from now on. */
  void noteOutcomes(LastOutcome last) {
    lastOutcome = last;
  }

  /** Lines of the query log could not be written, or not as fast as they came. */
  public void queryLogLost(long lines) {
    add(Count.QUERY_LOG_LOST.ordinal(), lines);
  }

  @Override
  public void answerRefused() {
    add(Count.ANSWERS_REFUSED);
  }

  @Override
  public void responseLost() {
    add(Count.RESPONSES_LOST);
  }

  @Override
  public void kernelDropped(long queries) {
    add(Count.KERNEL_DROPS.ordinal(), queries);
  }

  @Override
  public void connectionRefused() {
    add(Count.CONNECTIONS_REFUSED);
  }

  @Override
  public void flightStarted(Ask.Purpose purpose) {
    add(
        switch (purpose) {
          case CLIENT -> Count.FLIGHTS_BY_CLIENTS;
          case PREFETCH -> Count.FLIGHTS_BY_PREFETCHES;
          case STALE_REFRESH -> Count.FLIGHTS_BY_REFRESHES;
          case CHILD -> Count.FLIGHTS_BY_CHILDREN;
        });
  }

  @Override
  public void flightEnded(Answer.Failure failure, int waiters, long nanos) {
    add(failure == Answer.Failure.NONE ? Count.FLIGHTS_ENDED_WELL : Count.FLIGHTS_FAILED);
    add(Spread.FANOUT, waiters);
    add(Spread.FLIGHT_MICROS, nanos / 1000);
  }

  @Override
  public void rechecked() {
    add(Count.RECHECK_HITS);
  }

  @Override
  public void failedBeforeSend() {
    add(Count.FAILED_BEFORE_SEND);
  }

  @Override
  public void sent(Send why) {
    add(SENDS_AT + why.ordinal(), 1);
  }

  @Override
  public void delivered(boolean leader, long nanos) {
    add(Count.WAITERS_DELIVERED);
    add(leader ? Spread.LEADER_WAIT_MICROS : Spread.FOLLOWER_WAIT_MICROS, nanos / 1000);
  }

  @Override
  public void left() {
    add(Count.WAITERS_LEFT);
  }

  @Override
  public void servedStale() {
    add(Count.SERVED_STALE);
  }

  @Override
  public void gaveUp(GivenUp why) {
    add(
        switch (why) {
          case DEADLINE -> Count.GAVE_UP_AT_DEADLINE;
          case DISCONNECT -> Count.GAVE_UP_AT_DISCONNECT;
        });
  }

  @Override
  public void abandoned(boolean cancelled) {
    add(cancelled ? Count.FLIGHTS_CANCELLED : Count.FLIGHTS_DETACHED);
  }

  @Override
  public void forgotten() {
    add(Count.FLIGHTS_FORGOTTEN);
  }

  @Override
  public void watchdogKilled() {
    add(Count.WATCHDOG_KILLS);
  }

  @Override
  public void loaderThrew() {
    add(Count.LOADERS_THREW);
  }

  @Override
  public void answered(Transport transport, Way way, long nanos, int queries) {
    clients.answered(transport, way, nanos, queries);
  }

  @Override
  public void responded(String server, long nanos) {
    upstreams.responded(server, nanos);
  }

  @Override
  public void serversAre(Collection<String> names) {
    upstreams.keepOnly(names);
  }

  @Override
  public void lookedUp(Question question, Answer answer, int waiters, long nanos, long now) {
    slow.lookedUp(question, answer.failure(), waiters, nanos, now);
  }

  private void add(Spread spread, long value) {
    cells.addToHistogram(cellOf(spread), value, 1);
  }

  private static int cellOf(Spread spread) {
    return SPREADS_AT + spread.ordinal() * Cells.HISTOGRAM;
  }

  private void add(Count count) {
    add(count.ordinal(), 1);
  }

  private void add(int cell, long more) {
    cells.add(cell, more);
  }

  private long sum(int cell) {
    return cells.sum(cell);
  }
}
