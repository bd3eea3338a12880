package resolver.selection;

/**
 * The order in which the servers of a group are asked, in one number: four bits a place, the first
 * place lowest. So it costs no object.
 */
public final class Order {
  /** So many servers fit. */
  public static final int MOST = 16;

  private static final int BITS = 4;
  private static final int MASK = MOST - 1;

  private Order() {}

  /** Which server has a place, both counted from zero. */
  public static int at(long order, int place) {
    return (int) (order >>> (BITS * place)) & MASK;
  }

  /** The order with a server put at a place that is empty yet. */
  static long with(long order, int place, int server) {
    return order | ((long) server << (BITS * place));
  }

  /** The servers of a set as they are listed. */
  static long asListed(int set) {
    long order = 0;
    int place = 0;
    for (int left = set; left != 0; left &= left - 1) {
      order = with(order, place++, Integer.numberOfTrailingZeros(left));
    }
    return order;
  }

  /** The order followed by the servers of a set as they are listed, from a place on. */
  static long followedBy(long order, int place, int set) {
    return place == MOST ? order : order | (asListed(set) << (BITS * place));
  }
}
