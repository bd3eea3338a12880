package resolver.observe;

import resolver.settings.Checks;
import resolver.settings.Secret;
import resolver.settings.SettingException;

/**
 * Settings of the log of single queries.
 *
 * @param to where it goes: a path, "journal" for the log of the daemon, or empty for none
 * @param format how a query is told
 * @param sample one query in so many is told
 * @param clients how a client is told
 * @param clientKey what clients are hashed with; none for a key that each start makes anew
 * @param maxSize how large a file grows before it is set aside, in octets
 * @param maxFiles how many that were set aside are kept
 */
public record QueryLogSettings(
    String to,
    Format format,
    int sample,
    Clients clients,
    Secret clientKey,
    long maxSize,
    int maxFiles) {
  /** The word for the log of the daemon. */
  static final String JOURNAL = "journal";

  /** What holds when nothing is set. */
  public static final QueryLogSettings DEFAULTS =
      new QueryLogSettings("", Format.JSON, 1, Clients.HASHED, Secret.NONE, 64 << 20, 5);

  /** How a query is told: one line each. */
  public enum Format {
    /** A JSON object. */
    JSON,
    /** Words for people. */
    TEXT
  }

  /** How a client is told. */
  public enum Clients {
    /** By a hash with a key: the same client has the same, and nobody can tell which it is. */
    HASHED,
    /** By its address. */
    PLAIN,
    /** By the network that it is in. */
    PREFIX,
    /** Not at all. */
    NONE
  }

  /** Checks the values. */
  public QueryLogSettings {
    boolean path = to.startsWith("/") && !to.endsWith("/") && to.indexOf('%') < 0;
    if (!to.isEmpty() && !to.equals(JOURNAL) && !path) {
      throw new SettingException(
          "to",
          '"' + to + '"',
          "\"\", \"journal\", or the path of a file that begins with / and has no %");
    }
    Checks.range("sample", sample, 1, 1_000_000);
    Checks.size("max-size", maxSize, 64 << 10, 1L << 40);
    Checks.range("max-files", maxFiles, 1, 20);
  }

  /** Whether there is a log at all. */
  boolean isOn() {
    return !to.isEmpty();
  }
}
