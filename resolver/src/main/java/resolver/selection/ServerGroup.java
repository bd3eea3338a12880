package resolver.selection;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The servers that may be asked for some names, and how one of them is chosen. What fails here is
 * asked of no other group. Any thread may call.
 */
public final class ServerGroup {
  /** Stands for no server. */
  public static final int NOBODY = -1;

  private final ServerState[] servers;
  private final Ordering ordering;
  private final int all;
  private final long madeAt;

  /**
   * A group.
   *
   * @param servers as they are listed; {@link Order#MOST} at most. They may be of other groups too
   * @param madeAt since when there is this group, in the ticker's nanoseconds
   */
  public ServerGroup(List<ServerState> servers, Policy policy, long madeAt) {
    this(servers, Ordering.of(policy), madeAt);
  }

  private ServerGroup(List<ServerState> servers, Ordering ordering, long madeAt) {
    if (servers.size() > Order.MOST) {
      throw new IllegalArgumentException(
          "servers: " + servers.size() + " (expected: at most " + Order.MOST + ")");
    }
    this.servers = servers.toArray(ServerState[]::new);
    this.ordering = ordering;
    this.all = (1 << servers.size()) - 1;
    this.madeAt = madeAt;
  }

  /** A group with the same policy, and with other knowledge of its servers. */
  public ServerGroup with(List<ServerState> other, long now) {
    return new ServerGroup(other, ordering, now);
  }

  /** How many servers it has. */
  public int size() {
    return servers.length;
  }

  /** A server by its place in the list. */
  public ServerState server(int index) {
    return servers[index];
  }

  /** How many are asked at once. */
  public int width() {
    return ordering.width();
  }

  /**
   * In which {@link Order} to ask. Servers that are set aside come last; where all are, they are
   * asked like sound ones, for a server that may be dead is better than none.
   *
   * @param turn a number that grows by one with each question
   */
  public long order(int turn) {
    int sound = sound();
    if (sound == all || sound == 0) {
      return ordering.order(servers, all, turn);
    }
    long order = ordering.order(servers, sound, turn);
    return Order.followedBy(order, Integer.bitCount(sound), all & ~sound);
  }

  /** Whether every server is set aside. */
  public boolean isDown() {
    return all != 0 && sound() == 0;
  }

  private int sound() {
    int sound = all;
    for (int i = 0; i < servers.length; i++) {
      if (servers[i].isSetAside()) {
        sound &= ~(1 << i);
      }
    }
    return sound;
  }

  /**
   * Which server is to be probed now with a question that goes to another one; who is told so has
   * to do it.
   *
   * @param asked the server that the question goes to
   * @return its place in the list, or {@link #NOBODY}
   */
  public int claimProbe(int asked, long now) {
    for (int i = 0; i < servers.length; i++) {
      if (i != asked && servers[i].claimProbe(now, false, ordering.measures())) {
        return i;
      }
    }
    return NOBODY;
  }

  /**
   * Which server is to be probed now though nobody asks, for all are set aside and it is not known
   * when somebody asks next; who is told so has to do it.
   *
   * @return its place in the list, or {@link #NOBODY}
   */
  public int claimProbeWhileDown(long now) {
    if (isDown()) {
      for (int i = 0; i < servers.length; i++) {
        if (servers[i].claimProbe(now, true, false)) {
          return i;
        }
      }
    }
    return NOBODY;
  }

  /**
   * When one of its servers responded last, or since when there is this group, in the ticker's
   * nanoseconds and to a tenth of a second.
   */
  public long heardAt() {
    return latest(ServerState::heardAt);
  }

  /**
   * When one of its servers came back last that had been set aside, or since when there is this
   * group, in the ticker's nanoseconds.
   */
  public long backAt() {
    return latest(ServerState::backAt);
  }

  private long latest(ToLongFunction<ServerState> of) {
    long latest = madeAt;
    for (ServerState server : servers) {
      long at = of.applyAsLong(server);
      if (at != ServerState.NEVER && at - latest > 0) {
        latest = at;
      }
    }
    return latest;
  }

  /** What is known of its servers, in the order in which a question would be put to them now. */
  public List<ServerStatus> statusInOrder() {
    long order = order(0);
    return java.util.stream.IntStream.range(0, servers.length)
        .mapToObj(place -> servers[Order.at(order, place)].status())
        .toList();
  }

  /** What is known of its servers, as they are listed. */
  public List<ServerStatus> status() {
    return List.of(servers).stream().map(ServerState::status).toList();
  }
}
