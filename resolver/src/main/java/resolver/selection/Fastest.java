package resolver.selection;

/**
 * By smoothed round-trip time; those not measured yet come last, as listed. Nobody has to wait for
 * a slow server so that it is measured: it gets a copy of a question now and then, as a probe.
 */
final class Fastest implements Ordering {
  @Override
  public long order(ServerState[] servers, int sound, int turn) {
    long order = 0;
    int place = 0;
    for (int left = sound; left != 0; place++) {
      int best = Integer.numberOfTrailingZeros(left);
      for (int rest = left & (left - 1); rest != 0; rest &= rest - 1) {
        int other = Integer.numberOfTrailingZeros(rest);
        if (rank(servers[other]) < rank(servers[best])) {
          best = other;
        }
      }
      order = Order.with(order, place, best);
      left &= ~(1 << best);
    }
    return order;
  }

  private static long rank(ServerState server) {
    return server.isMeasured() ? server.roundTripNanos() : Long.MAX_VALUE;
  }

  @Override
  public boolean measures() {
    return true;
  }
}
