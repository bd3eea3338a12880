package resolver.cache;

/**
 * Settings of what is kept of the cache while the daemon does not run.
 *
 * @param file where it is kept; "auto" for {@code cache} in the directory that systemd gives the
 *     service for its state, where there is one; empty for nowhere
 */
public record SnapshotSettings(String file) {
  /** What holds when nothing is set. */
  public static final SnapshotSettings DEFAULTS = new SnapshotSettings("auto");
}
