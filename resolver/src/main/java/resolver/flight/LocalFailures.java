package resolver.flight;

import org.jspecify.annotations.Nullable;
import resolver.query.Answer;
import resolver.query.Answer.Failure;
import resolver.wire.ExtendedError;

/** The answers for lookups that failed by this process's own doing: SERVFAIL with the reason. */
final class LocalFailures {
  private static final int SERVFAIL = 2;

  private static final Answer TIMED_OUT =
      failed(Failure.TIMEOUT, ExtendedError.NO_REACHABLE_AUTHORITY, "no answer in time");
  private static final Answer TOO_LATE =
      failed(Failure.LIMIT, ExtendedError.NO_REACHABLE_AUTHORITY, "no answer in time");
  private static final Answer TOO_MANY =
      failed(Failure.LIMIT, ExtendedError.OTHER, "too many waiting");
  private static final Answer UNDER_WAY =
      failed(Failure.LIMIT, ExtendedError.OTHER, "already being asked");
  private static final Answer LOOP =
      failed(Failure.LIMIT, ExtendedError.OTHER, "the lookup waits for itself");
  private static final Answer CLOSING =
      failed(Failure.CLOSING, ExtendedError.NOT_READY, "the server stops");
  private static final Answer CANCELLED =
      failed(Failure.LIMIT, ExtendedError.OTHER, "nobody waits");
  private static final Answer DEFECT =
      failed(Failure.DEFECT, ExtendedError.OTHER, "internal error");

  private LocalFailures() {}

  /** For one who got no place in a flight. */
  static Answer of(Joined refused) {
    return switch (refused) {
      case TOO_LATE -> TOO_LATE;
      case LOOP -> LOOP;
      case UNDER_WAY -> UNDER_WAY;
      case ENDED -> CANCELLED;
      case CLOSING -> CLOSING;
      case TOO_MANY_FLIGHTS, TOO_MUCH_MEMORY -> TOO_MANY;
      case LEADER, FOLLOWER ->
          throw new IllegalArgumentException("refused: " + refused + " (expected: a refusal)");
    };
  }

  /** For those who waited for a flight that has no answer. */
  static Answer of(@Nullable Throwable failure) {
    if (!(failure instanceof FlightException ended)) {
      return DEFECT;
    }
    return switch (ended.reason()) {
      case DEADLINE -> TIMED_OUT;
      case DISPLACED, REFUSED -> TOO_MANY;
      case CLOSING -> CLOSING;
      case CANCELLED -> CANCELLED;
    };
  }

  private static Answer failed(Failure failure, int code, String text) {
    return Answer.local(SERVFAIL, failure, new ExtendedError(code, text));
  }
}
