package resolver.upstream;

import resolver.query.QueryObserver;

/**
 * Counts lookups that are for no flight: all that they send are probes, and nothing else is told of
 * them, so that what is told of flights adds up.
 */
record ProbeCounter(QueryObserver observer) implements QueryObserver {
  @Override
  public void sent(Send why) {
    observer.sent(Send.PROBE);
  }
}
