package resolver.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The log of the short commands: warnings and worse as plain lines on standard error; everything
 * with RESOLVE_DEBUG.
 */
public final class StderrLog extends LineLog {
  private static final String DEBUG = "resolver.cli.debug";

  private final Level least = Boolean.getBoolean(DEBUG) ? Level.DEBUG : Level.WARN;

  /** For slf4j, which finds this class by its name. */
  public StderrLog() {}

  /** To be called before the first logger is made; an explicit choice on the command line wins. */
  static void useForThisProcess(boolean debug) {
    if (choose(StderrLog.class)) {
      System.setProperty(DEBUG, Boolean.toString(debug));
    }
  }

  @Override
  Level least(String logger) {
    return least;
  }

  @Override
  void write(String logger, Level level, String message, @Nullable Throwable thrown) {
    PrintStream out = System.err;
    String from = least == Level.WARN ? "" : logger + ": ";
    String what = level.toString().toLowerCase(Locale.ROOT);
    out.println("resolve: " + what + ": " + from + Safe.text(message));
    if (thrown != null) {
      if (least == Level.WARN) {
        out.println("resolve: " + what + ": " + Safe.text(thrown.toString()));
      } else {
        thrown.printStackTrace(out);
      }
    }
  }
}
