package resolver.selection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What is known of one upstream server: how fast it is, and how sound.
 *
 * <p>Shared by all event loops, each of which tells what it met: one sample an exchange, however
 * many wait for it. The figures are single numbers, read and written as a whole but without an
 * order among the loops: where two write at the same time, one sample is lost, which changes
 * nothing. The health is swapped, and a swap that fails has lost against news as good. So no loop
 * ever waits for another.
 */
public final class ServerState {
  /** Stands for a time that was not yet. */
  public static final long NEVER = Long.MIN_VALUE;

  /** Times that only tell how long ago something was are no finer, so that few are written. */
  private static final long STEP_NANOS = 100_000_000L;

  private static final long SELDOM_NANOS = 1_000_000_000L;
  private static final long LONGEST_TRY_NANOS = 1_000_000_000L;

  /** How long a server stays unasked before it is measured again. */
  private static final long UNMEASURED_NANOS = 10_000_000_000L;

  private static final VarHandle FIGURE = MethodHandles.arrayElementVarHandle(long[].class);
  private static final AtomicReferenceFieldUpdater<ServerState, Health> HEALTH =
      AtomicReferenceFieldUpdater.newUpdater(ServerState.class, Health.class, "health");

  private static final int ROUND_TRIPS = 0;
  private static final int LATE = 1;
  private static final int HEARD = 2;
  private static final int ASKED = 3;
  private static final int BACK = 4;

  private final String name;
  private final long[] figures = {RoundTrips.NONE, 0, NEVER, NEVER, NEVER};
  private volatile Health health = Health.GOOD;

  /**
   * A server of which nothing is known, and nothing bad.
   *
   * @param name what people call it
   */
  public ServerState(String name) {
    this.name = name;
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** A question goes to it now. */
  public void asked(long now) {
    long before = get(ASKED);
    if (before == NEVER || now - before > STEP_NANOS) {
      set(ASKED, now);
    }
  }

  /**
   * It has responded, with whatever RCODE.
   *
   * @param nanos from the query to the response
   * @return whether it had been set aside, and is back
   */
  public boolean responded(long nanos, long now) {
    long before = get(HEARD);
    measure(nanos, before == NEVER || now - before > SELDOM_NANOS);
    return heard(now);
  }

  /**
   * It has responded, in a time that tells nothing of it: a connection had to be made first.
   *
   * @return whether it had been set aside, and is back
   */
  public boolean heard(long now) {
    long before = get(HEARD);
    if (before == NEVER || now - before > STEP_NANOS) {
      set(HEARD, now);
    }
    Health was = health;
    boolean isBack =
        was.state() != Health.State.GOOD
            && HEALTH.compareAndSet(this, was, Health.GOOD)
            && was.isSetAside();
    if (isBack) {
      set(BACK, now);
    }
    return isBack;
  }

  private void measure(long nanos, boolean seldom) {
    set(ROUND_TRIPS, RoundTrips.with(get(ROUND_TRIPS), nanos, seldom));
    set(LATE, Percentile.with(get(LATE), nanos));
  }

  /**
   * An exchange has ended, or lasted too long, without a response.
   *
   * @param why for people
   * @return whether it is set aside by that
   */
  public boolean failed(long now, String why) {
    Health was = health;
    Health next = was.afterFailure(now, why);
    return HEALTH.compareAndSet(this, was, next) && next.isSetAside() && !was.isSetAside();
  }

  /** Whether others are to be asked instead, where there are any. */
  public boolean isSetAside() {
    return health.isSetAside();
  }

  /**
   * Whether it is to be probed now; who is told so has to do it.
   *
   * @param needed whether there is no sound server
   * @param measuring whether it is to be probed as well where it was not asked for a while
   */
  boolean claimProbe(long now, boolean needed, boolean measuring) {
    Health was = health;
    if (was.isSetAside()) {
      return was.isProbeDue(now, needed) && HEALTH.compareAndSet(this, was, was.probed(now));
    }
    long asked = get(ASKED);
    return measuring
        && (asked == NEVER || now - asked >= UNMEASURED_NANOS)
        && FIGURE.compareAndSet(figures, ASKED, asked, now);
  }

  /** Whether its round-trip time is known. */
  public boolean isMeasured() {
    return get(ROUND_TRIPS) != RoundTrips.NONE;
  }

  /** Its smoothed round-trip time in nanoseconds; zero before it is measured. */
  public long roundTripNanos() {
    return RoundTrips.smoothed(get(ROUND_TRIPS));
  }

  /** How far its round-trip times are from that on average, in nanoseconds. */
  long deviationNanos() {
    return RoundTrips.deviation(get(ROUND_TRIPS));
  }

  /** Within how many nanoseconds 95 of 100 of its responses come; zero before it is measured. */
  public long lateNanos() {
    return get(LATE);
  }

  /**
   * How long to wait for a response before something else is tried, in nanoseconds: four times the
   * smoothed round-trip time, or more where that varies much (RFC 6298 section 2.3), up to 1 s;
   * twice as long with each further try.
   *
   * @param times how long where nothing was measured yet, and at least
   * @param before how often it was tried before, for the same question
   */
  public long tryNanos(TryTimes times, int before) {
    long trips = get(ROUND_TRIPS);
    if (trips == RoundTrips.NONE) {
      long unknown = times.unknownNanos();
      return Math.min(unknown << before, Math.max(unknown, LONGEST_TRY_NANOS));
    }
    long smoothed = RoundTrips.smoothed(trips);
    long first = Math.max(4 * smoothed, smoothed + 4 * RoundTrips.deviation(trips));
    long least = times.leastNanos();
    return Math.min(Math.max(first, least) << before, Math.max(least, LONGEST_TRY_NANOS));
  }

  /** When it responded last, to a tenth of a second; {@link #NEVER} before the first time. */
  public long heardAt() {
    return get(HEARD);
  }

  /** When it came back last after it had been set aside; {@link #NEVER} before the first time. */
  public long backAt() {
    return get(BACK);
  }

  /** All this at once, for people. */
  public ServerStatus status() {
    Health now = health;
    return new ServerStatus(
        name,
        now.state().name().toLowerCase(Locale.ROOT),
        roundTripNanos(),
        lateNanos(),
        now.failures(),
        heardAt(),
        now.isSetAside() ? now.until() : NEVER,
        now.why());
  }

  private long get(int figure) {
    return (long) FIGURE.getOpaque(figures, figure);
  }

  private void set(int figure, long value) {
    FIGURE.setOpaque(figures, figure, value);
  }
}
