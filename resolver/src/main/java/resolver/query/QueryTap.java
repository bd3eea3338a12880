package resolver.query;

import resolver.query.QueryObserver.Outcome;

/**
 * Is told of single queries, while somebody listens. Called on the hot path by every event loop: it
 * must not block, lock or throw.
 */
public interface QueryTap {
  /** Nobody ever listens. */
  QueryTap NONE =
      new QueryTap() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public Outcome outcome() {
          return Outcome.DEFECT;
        }

        @Override
        public void settled(SettledQuery query) {}
      };

  /** Whether somebody listens; else nothing is told. */
  boolean isOn();

  /** The outcome that this thread counted last. */
  Outcome outcome();

  /** A query that came while somebody listened has its response, or will have none. */
  void settled(SettledQuery query);
}
