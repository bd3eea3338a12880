package resolver.selection;

/**
 * The tries of one question with the servers of a group: who is next. No server is tried more often
 * than three times (RFC 9520 section 3.1: two retries), and the third time over a stream, for what
 * is lost twice over UDP may be lost for its size or kind.
 *
 * <p>Belongs to one event loop. A few bits for each server, so that it costs one object.
 */
public final class Tries {
  private static final int MOST_A_SERVER = 3;
  private static final int BITS = 2;

  private final ServerGroup group;
  private final long order;
  private int place;
  private int counts;
  private int leftOut;
  private int setBack;
  private int cameBack;
  private int blamed;

  /**
   * None yet.
   *
   * @param turn a number that grows by one with each question
   */
  public Tries(ServerGroup group, int turn) {
    this.group = group;
    this.order = group.order(turn);
  }

  /**
   * Takes the next server, and counts its try: each in its order, and again from the first while
   * one has tries left. When there is nobody else, those that were set back follow, each once.
   *
   * @return its place in the group, or {@link ServerGroup#NOBODY}
   */
  public int next() {
    int size = group.size();
    for (int i = 0; i < size; i++) {
      int at = (place + i) % size;
      int server = Order.at(order, at);
      if (isLeft(server)) {
        place = at + 1;
        return taken(server);
      }
    }
    return nextSetBack();
  }

  private int nextSetBack() {
    for (int at = 0; at < group.size(); at++) {
      int server = Order.at(order, at);
      if ((setBack & (1 << server)) != 0) {
        setBack &= ~(1 << server);
        cameBack |= 1 << server;
        return taken(server);
      }
    }
    return ServerGroup.NOBODY;
  }

  private int taken(int server) {
    counts += 1 << (BITS * server);
    return server;
  }

  /**
   * Takes the next server where that one is sound and was not tried yet: for a second query before
   * the first has failed.
   *
   * @return its place in the group, or {@link ServerGroup#NOBODY}
   */
  public int another() {
    return hasAnother() ? next() : ServerGroup.NOBODY;
  }

  /** Whether there is such a server. */
  public boolean hasAnother() {
    if (place >= group.size()) {
      return false;
    }
    int server = Order.at(order, place);
    return isLeft(server) && count(server) == 0 && !group.server(server).isSetAside();
  }

  private boolean isLeft(int server) {
    return (leftOut & (1 << server)) == 0 && count(server) < MOST_A_SERVER;
  }

  /** How often a server was tried. */
  public int count(int server) {
    return (counts >>> (BITS * server)) & ((1 << BITS) - 1);
  }

  /** Whether the try of a server that was taken last is one for a stream. */
  public boolean isForStream(int server) {
    return count(server) == MOST_A_SERVER;
  }

  /** Tries a server no more. */
  public void leaveOut(int server) {
    leftOut |= 1 << server;
    setBack &= ~(1 << server);
  }

  /**
   * Tries a server no more until nobody else is left, and then once: for a failure that may pass.
   * One that was left out, or has had all its tries, stays so.
   */
  public void setBack(int server) {
    if (isLeft(server)) {
      leftOut |= 1 << server;
      setBack |= 1 << server;
    }
  }

  /** Whether the try of a server that was taken last is the one after it was set back. */
  public boolean cameBack(int server) {
    return (cameBack & (1 << server)) != 0;
  }

  /**
   * Whether a server's failure is to be told: once for a question, however often it was tried, or
   * one question that nobody can answer would tell against every server.
   */
  public boolean blame(int server) {
    boolean first = (blamed & (1 << server)) == 0;
    blamed |= 1 << server;
    return first;
  }
}
