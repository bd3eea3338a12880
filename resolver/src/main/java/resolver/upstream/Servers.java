package resolver.upstream;

import java.util.List;

/**
 * Which upstream servers to ask.
 *
 * @param list in the order of preference; empty means those that the system itself was told
 */
public record Servers(List<Server> list) {
  /** Those that the system itself was told; see {@code SystemServers}. */
  public static final Servers AUTO = new Servers(List.of());

  /** Copies the list. */
  public Servers {
    list = List.copyOf(list);
  }

  /** Whether the system's own are meant. */
  public boolean isAuto() {
    return list.isEmpty();
  }
}
