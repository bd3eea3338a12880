package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped logging, with properties in place of the environment. */
class LogbackTest {
  private static final Map<String, String> JOURNAL = Map.of("JOURNAL_STREAM", "8:1");
  private static final Map<String, String> TERMINAL =
      Map.of("JOURNAL_STREAM", "8:1", "resolver.log.journal", "false");

  @ParameterizedTest
  @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
  void theJournalGetsPrioritiesAndNoTimes(String level, int priority) throws JoranException {
    assertThat(line(JOURNAL, Level.valueOf(level), "INFO: ready", null))
        .isEqualTo("<" + priority + ">Daemon: INFO: ready\n");
  }

  @Test
  void everyLineOfATraceHasAPriorityForTheJournal() throws JoranException {
    Throwable thrown = new IllegalStateException("one\n<0>two");

    assertThat(line(JOURNAL, Level.ERROR, "defect", thrown).lines())
        .startsWith("<3>Daemon: defect", "<3>java.lang.IllegalStateException: one", "<3><0>two")
        .hasSizeGreaterThan(4)
        .allSatisfy(line -> assertThat(line).startsWith("<3>"));
  }

  @Test
  void aTerminalGetsTimesAndNoPriorities() throws JoranException {
    assertThat(line(TERMINAL, Level.WARN, "slow", null))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Daemon: slow\\R");
    assertThat(line(TERMINAL, Level.ERROR, "defect", new IllegalStateException("one")).lines())
        .contains("java.lang.IllegalStateException: one");
  }

  @Test
  void aMessageCannotForgeALine() throws JoranException {
    assertThat(line(JOURNAL, Level.INFO, "a\r\n<0>b", null)).isEqualTo("<6>Daemon: a | <0>b\n");
  }

  @Test
  void aStrangersTextCannotTurnTheTerminal() throws JoranException {
    String text = "a\u001b[2Jb\u0085c\u202ed\te\u007f";
    assertThat(line(JOURNAL, Level.INFO, text, null)).isEqualTo("<6>Daemon: a?[2Jb?c?d?e?\n");
    for (Map<String, String> properties : List.of(JOURNAL, TERMINAL)) {
      assertThat(line(properties, Level.ERROR, "defect", new IllegalStateException(text)))
          .contains("IllegalStateException: a?[2Jb?c?d\te?\n", "\tat ");
    }
  }

  @Test
  void theLevelIsThatOfTheProjectAlone() throws JoranException {
    LoggerContext usual = context(JOURNAL);
    assertThat(usual.getLogger("resolver.daemon.Daemon").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(usual.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);

    LoggerContext chatty = context(Map.of("resolver.log.level", "debug"));
    assertThat(chatty.getLogger("resolver.daemon.Daemon").getEffectiveLevel())
        .isEqualTo(Level.DEBUG);
    assertThat(chatty.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  private static String line(
      Map<String, String> properties, Level level, String message, @Nullable Throwable thrown)
      throws JoranException {
    LoggerContext context = context(properties);
    Logger logger = context.getLogger("resolver.daemon.Daemon");
    LoggingEvent event = new LoggingEvent("", logger, level, message, thrown, null);
    ConsoleAppender<ILoggingEvent> stderr =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    assertThat(stderr.getTarget()).isEqualTo("System.err");
    return new String(stderr.getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  private static LoggerContext context(Map<String, String> properties) throws JoranException {
    LoggerContext context = new LoggerContext();
    properties.forEach(context::putProperty);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("..", "conf", "logback.xml").toFile());
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getEffectiveLevel() >= Status.WARN);
    return context;
  }
}
