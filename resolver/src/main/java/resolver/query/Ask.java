package resolver.query;

import org.jspecify.annotations.Nullable;

/**
 * What a stage needs to know beside the question.
 *
 * @param question what is asked
 * @param purpose why it is asked
 * @param seenAt when the answer that the asker has seen already arrived, in the ticker's
 *     nanoseconds; only a newer one is of use to it. {@link #NOTHING_SEEN} when it has seen none.
 * @param deadline until when the answer is wanted, in the ticker's nanoseconds
 * @param flight the flight that asks, or null while no flight does
 */
public record Ask(
    Question question, Purpose purpose, long seenAt, long deadline, @Nullable FlightView flight) {
  /** Stands for the arrival time of an answer when the asker has seen none. */
  public static final long NOTHING_SEEN = Long.MIN_VALUE;

  /** Why a question is asked. */
  public enum Purpose {
    /** A client waits for the answer. */
    CLIENT,
    /** A popular answer is about to expire. */
    PREFETCH,
    /** A stale answer was given out and shall be renewed. */
    STALE_REFRESH,
    /** Another flight needs the answer. */
    CHILD
  }

  /** A client's ask. */
  public static Ask byClient(Question question, long deadline) {
    return new Ask(question, Purpose.CLIENT, NOTHING_SEEN, deadline, null);
  }

  /** An ask for a newer answer than the one seen, before that expires. */
  public Ask ahead(long seenAt) {
    return new Ask(question, Purpose.PREFETCH, seenAt, deadline, null);
  }

  /** An ask for a newer answer than the one seen, which has expired. */
  public Ask again(long seenAt) {
    return new Ask(question, Purpose.STALE_REFRESH, seenAt, deadline, null);
  }

  /** An ask for something else that this one depends on, within the same flight. */
  public Ask child(Question other) {
    return new Ask(other, Purpose.CHILD, NOTHING_SEEN, deadline, flight);
  }

  /** The same ask, made by a flight, within the flight's time. */
  public Ask inFlight(FlightView view) {
    return new Ask(question, purpose, seenAt, view.deadline(), view);
  }

  /** Whether an answer that arrived at the given time is news to the asker. */
  public boolean isNews(long arrivedAt) {
    return seenAt == NOTHING_SEEN || arrivedAt - seenAt > 0;
  }
}
