package resolver.flight;

/** A ticket without a place in a flight. */
record Refused(Joined joined) implements Ticket {
  @Override
  public boolean leave() {
    return false;
  }
}
