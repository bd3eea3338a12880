package resolver.observe;

import io.netty.util.concurrent.FastThreadLocal;
import resolver.query.QueryObserver.Outcome;

/**
 * The outcome that each thread has counted last, for its own eyes: who is told of a query that is
 * answered at once learns so what it was counted as.
 */
final class LastOutcome {
  private static final class Note {
    private Outcome outcome = Outcome.DEFECT;
  }

  private final FastThreadLocal<Note> own =
      new FastThreadLocal<>() {
        @Override
        protected Note initialValue() {
          return new Note();
        }
      };

  void note(Outcome outcome) {
    own.get().outcome = outcome;
  }

  /** That of the calling thread. */
  Outcome get() {
    return own.get().outcome;
  }
}
