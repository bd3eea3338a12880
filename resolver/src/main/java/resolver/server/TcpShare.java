package resolver.server;

import resolver.clock.DeadlineQueue;

/**
 * One connection's share of the {@link TcpBudget}: responses that the kernel has not taken, in
 * octets of their buffers. Small responses take up more than they are long.
 *
 * <p>It is drawn by whole pages. So who takes a few responses at once, as they come, draws nothing,
 * and only the others touch what all event loops share.
 *
 * <p>A share that is held without any response being taken ends its connection. Belongs to the
 * event loop of its connection.
 */
final class TcpShare extends DeadlineQueue.Deadline {
  /** Times a thousand connections, what is not drawn is a quarter of the budget at most. */
  static final int PAGE = 4096;

  private final TcpBudget budget;
  private final DeadlineQueue deadlines;
  private final Runnable whenStuck;
  private long octets;
  private long drawn;
  private boolean tookSinceDeadline;

  /**
   * The share of a new connection, which holds nothing.
   *
   * @param deadlines as far ahead as a response must be taken while a share is held
   * @param whenStuck runs where none was
   */
  TcpShare(TcpBudget budget, DeadlineQueue deadlines, Runnable whenStuck) {
    this.budget = budget;
    this.deadlines = deadlines;
    this.whenStuck = whenStuck;
  }

  /** Whether another response may be rendered. */
  boolean mayGrow() {
    return drawn == 0 || !budget.isSpent();
  }

  /** Whether a share is held of a budget that cannot afford it. */
  boolean isOverdrawn() {
    return drawn > 0 && budget.isOverdrawn();
  }

  /** A response was rendered, in a buffer of so many octets. */
  void add(int capacity) {
    octets += capacity;
    draw();
  }

  /**
   * A response has left, or is lost with its connection.
   *
   * @param capacity what was added for it
   * @return whether that gave the share back
   */
  boolean remove(int capacity) {
    octets -= capacity;
    tookSinceDeadline = true;
    boolean held = drawn > 0;
    draw();
    return held && drawn == 0;
  }

  private void draw() {
    long next = octets - octets % PAGE;
    if (next == drawn) {
      return;
    }
    budget.add(next - drawn);
    if (drawn == 0) {
      setDeadline();
    } else if (next == 0) {
      cancel();
    }
    drawn = next;
  }

  private void setDeadline() {
    tookSinceDeadline = false;
    deadlines.add(this);
  }

  @Override
  protected void due() {
    if (tookSinceDeadline) {
      setDeadline();
    } else {
      whenStuck.run();
    }
  }
}
