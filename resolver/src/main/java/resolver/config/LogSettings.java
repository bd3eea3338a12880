package resolver.config;

/**
 * Settings of what the daemon tells about itself.
 *
 * @param level the least severe kind of line that is written
 */
public record LogSettings(Level level) {

  /** What holds when nothing is set. */
  public static final LogSettings DEFAULTS = new LogSettings(Level.INFO);

  /** How severe a line is, the most severe first. */
  public enum Level {
    /** Something does not work. */
    ERROR,
    /** Something works worse than it should. */
    WARN,
    /** What the daemon does as a whole. */
    INFO,
    /** What it does in detail. */
    DEBUG
  }
}
