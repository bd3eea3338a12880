package resolver.selection;

/** Each in its turn, so that all have the same load; those that fail are nobody's turn. */
final class RoundRobin implements Ordering {
  @Override
  public long order(ServerState[] servers, int sound, int turn) {
    long listed = Order.asListed(sound);
    int count = Integer.bitCount(sound);
    long order = 0;
    for (int place = 0; place < count; place++) {
      int from = Math.floorMod(turn + place, count);
      order = Order.with(order, place, Order.at(listed, from));
    }
    return order;
  }
}
