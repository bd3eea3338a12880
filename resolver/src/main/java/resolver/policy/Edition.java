package resolver.policy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of the policy in force, which changes whenever a rule of either door does: what was
 * judged under another number is judged again. Any thread may call.
 *
 * <p>Whoever judges takes the number before the first rule is asked, and whoever changes a rule
 * moves on to the next number afterwards; so no verdict of the old rules bears the new number.
 */
public final class Edition {
  /** Of the whole process, since answers may outlive the rules; 0 is none. */
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private volatile int number = NUMBERS.incrementAndGet();

  /** The number in force; never 0. */
  public int number() {
    return number;
  }

  /** A rule has changed. */
  public void next() {
    number = NUMBERS.incrementAndGet();
  }
}
