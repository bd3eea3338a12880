package resolver.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The log of the daemon where no settings file of Logback is given: the same lines that the example
 * {@code conf/logback.xml} makes, without a library and an XML parser to be loaded at the start.
 *
 * <p>Under systemd (JOURNAL_STREAM is set) lines begin with the priority that sd-daemon(3) defines
 * and carry no time; elsewhere with a time. One event is one line, whatever a name in it looks
 * like; only a stack trace has more. A stranger's text cannot turn the terminal that shows it.
 */
public final class DaemonLog extends LineLog {
  private final PrintStream out;
  private final boolean journal;

  /** Of the resolver's own loggers; null until the first of them is used. */
  private volatile @Nullable Level own;

  /** For slf4j, which finds this class by its name. */
  public DaemonLog() {
    this(
        System.err,
        isJournal(System.getenv(), String.valueOf(System.getProperty("resolver.log.journal"))));
  }

  DaemonLog(PrintStream out, boolean journal) {
    this.out = out;
    this.journal = journal;
  }

  /** To be called before the first logger is made; an explicit choice on the command line wins. */
  static void useForThisProcess() {
    if (System.getProperty("logback.configurationFile") == null) {
      choose(DaemonLog.class);
    }
  }

  /** A terminal that systemd started has the variable, too; the property says that it is none. */
  static boolean isJournal(Map<String, String> environment, String property) {
    return environment.containsKey("JOURNAL_STREAM") && !property.equals("false");
  }

  /** The libraries only warn. */
  @Override
  Level least(String logger) {
    if (!logger.startsWith("resolver.")) {
      return Level.WARN;
    }
    Level known = own;
    if (known == null) {
      known = fromProperty();
      own = known;
    }
    return known;
  }

  @Override
  void set(Level level) {
    own = level;
  }

  private static Level fromProperty() {
    try {
      return Level.valueOf(
          System.getProperty(ServeCommand.LOG_LEVEL, "INFO").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Level.INFO;
    }
  }

  @Override
  void write(String logger, Level level, String message, @Nullable Throwable thrown) {
    StringBuilder text = new StringBuilder(journal ? "<" + priority(level) + ">" : time(level));
    text.append(logger.substring(logger.lastIndexOf('.') + 1))
        .append(": ")
        .append(Safe.text(message.replaceAll("[\\r\\n]+", " | ")))
        .append('\n');
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      trace.toString().lines().forEach(line -> appendOfTrace(text, line));
    }
    out.print(text);
    out.flush();
  }

  /** A line may be of the message of what was thrown, and so a stranger's too. */
  private void appendOfTrace(StringBuilder text, String line) {
    text.append(journal ? "<3>" : "").append(Safe.text(line.replace("\t", "    "))).append('\n');
  }

  private static int priority(Level level) {
    return switch (level) {
      case ERROR -> 3;
      case WARN -> 4;
      case INFO -> 6;
      case DEBUG, TRACE -> 7;
    };
  }

  private static String time(Level level) {
    return String.format(
        Locale.ROOT, "%tT.%<tL %-6s", LocalTime.now(ZoneId.systemDefault()), level);
  }
}
