package resolver.selection;

/** Strictly as listed: whoever lists a server first means it. */
final class Sequential implements Ordering {
  @Override
  public long order(ServerState[] servers, int sound, int turn) {
    return Order.asListed(sound);
  }
}
