package resolver.cli;

import java.util.List;

/** What the command ends with. Of several questions the worst counts. */
final class ExitCode {
  /** Answered; NXDOMAIN and NODATA are answers, too. */
  static final int ANSWERED = 0;

  /** With {@code --fail}: NXDOMAIN or NODATA. */
  static final int NO_DATA = 1;

  /** {@code serve} alone: could not start. */
  static final int NOT_STARTED = 1;

  /** {@code stampede} alone: somebody was not answered, or too much was asked upstream. */
  static final int UNMET = 1;

  /** The command line or the settings are wrong. */
  static final int USAGE = 2;

  /** The server said that it failed, or refused. */
  static final int FAILURE = 3;

  /** No reply, or none that could be used. */
  static final int NO_REPLY = 9;

  /** A defect of this program. */
  static final int INTERNAL = 10;

  /** No daemon listens on the control socket, or it may not be opened. */
  static final int NO_DAEMON = 11;

  private ExitCode() {}

  /**
   * The code for these replies.
   *
   * @param failWithoutData whether a question without data is a failure
   * @param oneSuffices whether data for one of the questions is enough
   */
  static int of(List<Reply> replies, boolean failWithoutData, boolean oneSuffices) {
    int worst = ANSWERED;
    int withData = 0;
    for (Reply reply : replies) {
      switch (Outcome.of(reply)) {
        case ANSWER -> withData++;
        case NODATA, NXDOMAIN, REFERRAL -> {}
        case FAILURE -> worst = Math.max(worst, FAILURE);
        case NO_REPLY -> worst = Math.max(worst, NO_REPLY);
      }
    }
    boolean enough = oneSuffices ? withData > 0 : withData == replies.size();
    return worst == ANSWERED && failWithoutData && !enough ? NO_DATA : worst;
  }
}
