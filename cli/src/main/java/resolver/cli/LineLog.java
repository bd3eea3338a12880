package resolver.cli;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;
import resolver.control.LogLevels;

/** A log of plain lines, which costs no time at the start. Any thread may write. */
abstract class LineLog implements SLF4JServiceProvider {
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new NOPMDCAdapter();

  /** Has slf4j take this log, where nobody chose one on the command line; before any logger. */
  static boolean choose(Class<? extends LineLog> log) {
    if (System.getProperty("slf4j.provider") != null) {
      return false;
    }
    System.setProperty("slf4j.provider", log.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN");
    return true;
  }

  /** The least severe lines that a logger writes, by its name. */
  abstract Level least(String logger);

  /** Writes one event. */
  abstract void write(String logger, Level level, String message, @Nullable Throwable thrown);

  /** Changes what {@link #least} says of the resolver's own loggers, also of those made already. */
  void set(Level level) {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return new Loggers(this);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return contexts;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  /** Makes loggers, and changes their level. */
  private record Loggers(LineLog log) implements ILoggerFactory, LogLevels {
    @Override
    public Logger getLogger(String name) {
      return new LineLogger(log, name);
    }

    @Override
    public void set(String level) {
      log.set(Level.valueOf(level));
    }
  }

  /** Writes lines. */
  private static final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final transient LineLog log;

    LineLogger(LineLog log, String name) {
      this.log = log;
      this.name = name;
    }

    private boolean enabled(Level level) {
      return level.toInt() >= log.least(name).toInt();
    }

    @Override
    public boolean isTraceEnabled() {
      return enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
      return enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
      return enabled(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String message,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      String text = String.valueOf(MessageFormatter.basicArrayFormat(message, arguments));
      log.write(name, level, text, thrown);
    }
  }
}
