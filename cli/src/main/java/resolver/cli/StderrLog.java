package resolver.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of the short commands: warnings and worse as plain lines on standard error; everything
 * with RESOLVE_DEBUG. The daemon's own log, which reads a settings file, would take longer to start
 * than a question takes to be answered.
 */
public final class StderrLog implements SLF4JServiceProvider {
  private static final String DEBUG = "resolver.cli.debug";

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new NOPMDCAdapter();
  private final Level least = Boolean.getBoolean(DEBUG) ? Level.DEBUG : Level.WARN;

  /** For slf4j, which finds this class by its name. */
  public StderrLog() {}

  /** To be called before the first logger is made; an explicit choice on the command line wins. */
  static void useForThisProcess(boolean debug) {
    if (System.getProperty("slf4j.provider") == null) {
      System.setProperty("slf4j.provider", StderrLog.class.getName());
      System.setProperty("slf4j.internal.verbosity", "WARN");
      System.setProperty(DEBUG, Boolean.toString(debug));
    }
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> new Line(name, least, System.err);
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

  /** Writes lines. */
  static final class Line extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final Level least;
    private final transient PrintStream out;

    Line(String name, Level least, PrintStream out) {
      this.name = name;
      this.least = least;
      this.out = out;
    }

    private boolean enabled(Level level) {
      return level.toInt() >= least.toInt();
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
      String text = MessageFormatter.basicArrayFormat(message, arguments);
      String from = least == Level.WARN ? "" : name + ": ";
      String what = level.toString().toLowerCase(Locale.ROOT);
      out.println("resolve: " + what + ": " + from + Safe.text(text));
      if (thrown != null) {
        if (least == Level.WARN) {
          out.println("resolve: " + what + ": " + Safe.text(thrown.toString()));
        } else {
          thrown.printStackTrace(out);
        }
      }
    }
  }
}
