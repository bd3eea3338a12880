package resolver.upstream;

import resolver.clock.DeadlineQueue;
import resolver.clock.Ticker;
import resolver.selection.Hedging;
import resolver.selection.ServerState;
import resolver.selection.TryTimes;

/**
 * The time that the latest try of a lookup has: when it is over, and when to look before that
 * whether its server is late. Belongs to one event loop.
 */
final class TryTimer extends DeadlineQueue.Deadline {
  /** A connection takes its time, and so does what nobody waits for any more. */
  private static final long LONG_NANOS = 1_000_000_000L;

  /** Who tries. */
  interface Listener {
    /** The try is not over yet, but its server may be late. */
    void mayBeLate(long now);

    /** The try has had its time. */
    void tryIsOver(long now);
  }

  private final UpstreamLoop loop;
  private final Ticker ticker;
  private final TryTimes times;
  private final Listener listener;
  private long ends;

  TryTimer(UpstreamLoop loop, Ticker ticker, TryTimes times, Listener listener) {
    this.loop = loop;
    this.ticker = ticker;
    this.times = times;
    this.listener = listener;
  }

  /**
   * Begins the time of a try, in place of that of the one before.
   *
   * @param before how often the server was tried before, for the same question
   */
  void begin(ServerState server, int before, boolean overStream, long now) {
    cancel();
    long whole = whole(server, before, overStream);
    ends = now + whole;
    loop.deadlines(whole).add(this);
  }

  /** The same for a first try, during which it is looked whether its server is late. */
  void beginLookingOut(ServerState server, boolean overStream, long now) {
    cancel();
    long whole = whole(server, 0, overStream);
    long look = Hedging.lookNanos(server);
    ends = now + whole;
    loop.deadlines(look > 0 && look < whole ? look : whole).add(this);
  }

  private long whole(ServerState server, int before, boolean overStream) {
    return overStream ? Math.max(LONG_NANOS, times.unknownNanos()) : server.tryNanos(times, before);
  }

  /**
   * Looks again when the server is late, whoever waits.
   *
   * @param waited for how many nanoseconds by now
   */
  void lookAgain(ServerState server, long waited, long now) {
    long left = ends - now;
    long later = Hedging.lateNanos(server) - waited;
    loop.deadlines(later > 0 && later < left ? later : left).add(this);
  }

  /** Begins the time of what is still under way when nobody waits for it any more. */
  void beginLast(long now) {
    cancel();
    ends = now + LONG_NANOS;
    loop.deadlines(LONG_NANOS).add(this);
  }

  @Override
  protected void due() {
    long now = ticker.nanos();
    if (ends - now > 0) {
      listener.mayBeLate(now);
    } else {
      listener.tryIsOver(now);
    }
  }
}
