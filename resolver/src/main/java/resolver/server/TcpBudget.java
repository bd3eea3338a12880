package resolver.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all TCP connections together may hold of responses that their clients do not take, in octets
 * of buffers. There is one for all event loops; any thread may call.
 *
 * <ul>
 *   <li>While it is spent, a connection that holds a share of it renders nothing until it has given
 *       the share back. One that holds none does, so that whoever reads is answered.
 *   <li>While it is overdrawn, a connection that adds to it is closed: one response for each of a
 *       thousand clients would be more memory than there is.
 * </ul>
 */
final class TcpBudget {
  /**
   * A quarter of the direct memory that the launcher allows (64 MiB). The rest is for datagrams,
   * for queries that are read, and for the upstream half.
   */
  static final long OCTETS = 16L << 20;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /**
   * A budget that nobody holds a share of.
   *
   * @param most when it is spent, in octets; it is overdrawn at half as much again
   */
  TcpBudget(long most) {
    this.most = most;
  }

  /** A connection holds so many octets more, or less where that is negative. */
  void add(long octets) {
    held.addAndGet(octets);
  }

  /** Whether nobody may add to a share. */
  boolean isSpent() {
    return held.get() >= most;
  }

  /** Whether nobody may begin one either. */
  boolean isOverdrawn() {
    return held.get() > most + most / 2;
  }

  /** All shares together, in octets. */
  long held() {
    return held.get();
  }
}
