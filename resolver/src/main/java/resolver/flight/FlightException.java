package resolver.flight;

/** Why a flight ended without its loader. Has no stack trace, for it tells of no defect. */
public final class FlightException extends Exception {
  private static final long serialVersionUID = 1;

  /** What ended a flight. */
  public enum Reason {
    /** Its time was over. */
    DEADLINE("its time was over"),
    /** It was the oldest without recent joins when there were too many. */
    DISPLACED("too many flights are under way"),
    /** The group closes. */
    CLOSING("the group closes"),
    /** Nobody waited for it any more; nobody is ever told this. */
    CANCELLED("nobody waited any more"),
    /** There was no flight: the join was refused. */
    REFUSED("the join was refused");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final Reason reason;

  FlightException(Reason reason) {
    super("no result: " + reason.text, null, false, false);
    this.reason = reason;
  }

  /** What ended the flight. */
  public Reason reason() {
    return reason;
  }
}
