package resolver.observe;

/**
 * Settings of the log of single queries.
 *
 * @param to where it goes: a path, "journal" for the log of the daemon, or empty for none
 */
public record QueryLogSettings(String to) {
  /** What holds when nothing is set. */
  public static final QueryLogSettings DEFAULTS = new QueryLogSettings("");
}
