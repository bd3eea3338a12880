package resolver.cli;

/**
 * Takes the signals that would end the process, so that a command can stop what it does and still
 * say what there is. A second signal ends the process on the spot. Any thread may call.
 */
final class Interruption {
  /** A shell tells 128 and the signal's number of whoever was ended by one. */
  private static final int BY_SIGNAL = 128;

  private static final int HUP = 1;
  private static final int INT = 2;
  private static final int TERM = 15;

  private int status;
  private Runnable stop = () -> {};

  private Interruption() {}

  /** One that takes the signals from now on. */
  static Interruption of(Surroundings.Signalling signals) {
    Interruption made = new Interruption();
    signals.handle("HUP", () -> made.signalled(BY_SIGNAL + HUP));
    signals.handle("INT", () -> made.signalled(BY_SIGNAL + INT));
    signals.handle("TERM", () -> made.signalled(BY_SIGNAL + TERM));
    return made;
  }

  /**
   * Names what is to be done at a signal, in place of what was named before; done at once where the
   * signal has come.
   *
   * @param action must do no harm twice, nor when there is nothing to stop any more
   */
  void stopBy(Runnable action) {
    boolean late;
    synchronized (this) {
      stop = action;
      late = status != 0;
    }
    if (late) {
      action.run();
    }
  }

  /** What the command ends with for the signal's sake, or 0 while none has come. */
  synchronized int status() {
    return status;
  }

  private void signalled(int wanted) {
    Runnable action;
    synchronized (this) {
      if (status != 0) {
        Runtime.getRuntime().halt(wanted);
      }
      status = wanted;
      action = stop;
    }
    action.run();
  }
}
