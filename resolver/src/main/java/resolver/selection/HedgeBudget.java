package resolver.selection;

/**
 * How many questions may go to a second server before the first has failed: one in twenty, and
 * after a quiet time not more than ten at once. Belongs to one event loop, so that a limit for each
 * loop is a limit for all.
 */
public final class HedgeBudget {
  private static final int QUESTIONS_A_HEDGE = 20;
  private static final int MOST_AT_ONCE = 10;

  private int saved;

  /** A question was sent for the first time. */
  public void earn() {
    if (saved < QUESTIONS_A_HEDGE * MOST_AT_ONCE) {
      saved++;
    }
  }

  /** Takes leave for one hedge, where there is any left. */
  public boolean take() {
    if (saved < QUESTIONS_A_HEDGE) {
      return false;
    }
    saved -= QUESTIONS_A_HEDGE;
    return true;
  }
}
