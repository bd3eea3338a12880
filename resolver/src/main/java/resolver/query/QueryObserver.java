package resolver.query;

import java.util.Collection;

/**
 * Is told what happens to queries and lookups. Every method is called on the hot path by any
 * thread: an implementation must not block, lock or throw.
 *
 * <p>Each query that is received ends in exactly one {@link Outcome}.
 */
public interface QueryObserver {
  /** Listens to nothing. */
  QueryObserver NONE = new QueryObserver() {};

  /** What became of a query: the one partition of what was received. */
  enum Outcome {
    /** Answered from the cache. */
    HIT,
    /** Answered from the cache with an expired answer. */
    STALE,
    /** Answered from local data or by local rules. */
    LOCAL,
    /** The client is not allowed to ask. */
    REFUSED,
    /** Not understood: FORMERR, NOTIMP or BADVERS. */
    MALFORMED,
    /** Answered from the cache of failures. */
    FAILURE_HIT,
    /** Started a flight. */
    LEADER,
    /** Joined a flight that was under way: an upstream query avoided. */
    FOLLOWER,
    /** Answered with SERVFAIL because a bound was reached. */
    SPILLED,
    /** Answered with REFUSED because the client's network causes too many lookups. */
    LIMITED,
    /** Not answered, because the client has to prove its address first, by a cookie or over TCP. */
    UNPROVEN,
    /** The same datagram again while its first waits. */
    DUPLICATE,
    /** Asked for the cache alone (RD=0), and the cache has nothing. */
    CACHE_ONLY_MISS,
    /** No query: a response, or shorter than a header. Met with silence. */
    DROPPED,
    /** Answered with SERVFAIL because this process failed at it. */
    DEFECT
  }

  /** Why something is sent to an upstream server. */
  enum Send {
    /** The first try of a flight. */
    FIRST,
    /** A further try, with the same server or another. */
    RETRY,
    /** A second server, before the first has failed. */
    HEDGE,
    /** Over TCP because the response over UDP was truncated, or twice there was none. */
    TCP,
    /** To learn whether a server is back. */
    PROBE
  }

  /** Why a client waits no longer for a flight that goes on. */
  enum GivenUp {
    /** Its time was over: it was answered with SERVFAIL. */
    DEADLINE,
    /** Its connection was closed. */
    DISCONNECT
  }

  /** The way that an answer took to its client. */
  enum Way {
    /** It was there: kept, fresh or not, or a failure that is remembered. */
    AT_ONCE,
    /** Its client started the flight. */
    LEADER,
    /** Its client joined a flight. */
    FOLLOWER,
    /** Past its TTL, after the client had waited for a better one. */
    STALE,
    /** SERVFAIL, for the client's time was over. */
    TIMEOUT
  }

  /** A message came from a client. */
  default void received(Transport transport) {}

  /** The outcome of a received query is decided. */
  default void classified(Outcome outcome) {}

  /**
   * Queries were answered.
   *
   * @param nanos how long each took, from its being read to its answer
   * @param queries how many
   */
  default void answered(Transport transport, Way way, long nanos, int queries) {}

  /** An answer was not let out, and REFUSED went in its place. Says nothing of the outcome. */
  default void answerRefused() {}

  /**
   * A response could not be rendered or sent: its client's channel is full or gone, or a defect.
   */
  default void responseLost() {}

  /** The kernel dropped queries because a socket's receive queue was full. */
  default void kernelDropped(long queries) {}

  /** A connection was closed at once because there were too many. */
  default void connectionRefused() {}

  /** A flight was started. */
  default void flightStarted(Ask.Purpose purpose) {}

  /**
   * A flight has ended, with an answer of the given class.
   *
   * @param waiters how many ever waited for it
   * @param nanos how long it took
   */
  default void flightEnded(Answer.Failure failure, int waiters, long nanos) {}

  /**
   * The same, and what it was for.
   *
   * @param now when it ended, in the ticker's nanoseconds
   */
  default void lookedUp(Question question, Answer answer, int waiters, long nanos, long now) {}

  /** A flight found its answer in the cache after all. */
  default void rechecked() {}

  /** A flight failed before anything was sent for it. */
  default void failedBeforeSend() {}

  /** Something was sent to an upstream server. */
  default void sent(Send why) {}

  /**
   * An upstream server has responded.
   *
   * @param nanos its round trip; none is told where a connection had to be made
   */
  default void responded(String server, long nanos) {}

  /** These are the upstream servers from now on. */
  default void serversAre(Collection<String> names) {}

  /**
   * A waiter got the outcome of its flight.
   *
   * @param leader whether it had started the flight
   * @param nanos how long it has waited
   */
  default void delivered(boolean leader, long nanos) {}

  /** A waiter left before the outcome. */
  default void left() {}

  /** A client that waited for a flight was given an answer past its TTL instead. */
  default void servedStale() {}

  /** A client stopped waiting before the outcome of its flight. */
  default void gaveUp(GivenUp why) {}

  /** A flight that nobody waits for any more goes on, or was cancelled. */
  default void abandoned(boolean cancelled) {}

  /** A flight was forgotten: its result will not be kept. */
  default void forgotten() {}

  /** A flight was failed because its time was over. */
  default void watchdogKilled() {}

  /** Running a flight threw: a defect. */
  default void loaderThrew() {}
}
