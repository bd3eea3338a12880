package resolver.control;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code log-level LEVEL}: changes what is logged, until the next start. */
public final class LogLevelCommand implements ControlCommand {
  private static final Logger LOG = LoggerFactory.getLogger(LogLevelCommand.class);
  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug");

  private final ILoggerFactory log;

  /** Changes the log of this process. */
  public LogLevelCommand() {
    this(LoggerFactory.getILoggerFactory());
  }

  LogLevelCommand(ILoggerFactory log) {
    this.log = log;
  }

  @Override
  public String name() {
    return "log-level";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    String level = words.size() == 1 ? words.get(0).toLowerCase(Locale.ROOT) : "";
    if (!LEVELS.contains(level)) {
      throw new ControlException(
          "log-level: " + words + " (expected: one of " + String.join(", ", LEVELS) + ")");
    }
    set(level.toUpperCase(Locale.ROOT));
    LOG.warn("log.level is {} now, set by the control socket; until the next start", level);
    out.object(json -> json.name("schema").value(1).name("level").value(level));
  }

  private void set(String level) {
    if (log instanceof LogLevels levels) {
      levels.set(level);
      return;
    }
    try {
      setInLogback(level);
    } catch (ReflectiveOperationException e) {
      throw new ControlException(
          "log-level: the log in use, " + log.getClass().getName() + ", has no levels to be set",
          ControlException.DEFECT);
    }
  }

  /** By reflection, for the daemon is compiled and mostly run without Logback. */
  private void setInLogback(String level) throws ReflectiveOperationException {
    Object logger = log.getLogger("resolver");
    Class<?> type =
        Class.forName("ch.qos.logback.classic.Level", true, logger.getClass().getClassLoader());
    Object value = type.getMethod("valueOf", String.class).invoke(null, level);
    logger.getClass().getMethod("setLevel", type).invoke(logger, value);
  }
}
