package resolver.server;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import resolver.query.Query;
import resolver.query.Question;

/**
 * The datagrams that wait for their answers, so that a stub that repeats itself is known (RFC 5452
 * section 5: the same client, port, ID and question). Belongs to one event loop.
 */
final class WaitingDatagrams {
  private static final int ID_CELLS = 1 << 12;

  private final Set<Datagram> waiting = new HashSet<>();

  /** How many wait, by the low bits of their IDs. */
  private final int[] byId = new int[ID_CELLS];

  /** What makes a datagram the same as another one. */
  record Datagram(InetSocketAddress client, int id, Question question) {
    static Datagram of(InetSocketAddress client, Query query) {
      return new Datagram(client, query.id(), query.question());
    }
  }

  /** False where none of this ID waits; makes no objects. */
  boolean mayContain(int id) {
    return byId[id & (ID_CELLS - 1)] != 0;
  }

  boolean contains(Datagram datagram) {
    return mayContain(datagram.id()) && waiting.contains(datagram);
  }

  /** Adds one that is not contained. */
  void add(Datagram datagram) {
    waiting.add(datagram);
    byId[datagram.id() & (ID_CELLS - 1)]++;
  }

  /** Removes one that is contained. */
  void remove(Datagram datagram) {
    waiting.remove(datagram);
    byId[datagram.id() & (ID_CELLS - 1)]--;
  }
}
