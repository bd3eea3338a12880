package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** The daemon's own log; the example for Logback is held to the same lines by LogbackTest. */
class DaemonLogTest {
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

  @AfterEach
  void forgetTheLevel() {
    System.clearProperty(ServeCommand.LOG_LEVEL);
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7"})
  void theJournalGetsPrioritiesAndNoTimes(Level level, int priority) {
    assertThat(line(true, level, "INFO: ready", null))
        .isEqualTo("<" + priority + ">Daemon: INFO: ready\n");
  }

  @Test
  void everyLineOfATraceHasAPriorityForTheJournal() {
    Throwable thrown = new IllegalStateException("one\n<0>two");

    assertThat(line(true, Level.ERROR, "defect", thrown).lines())
        .startsWith("<3>Daemon: defect", "<3>java.lang.IllegalStateException: one", "<3><0>two")
        .hasSizeGreaterThan(4)
        .allSatisfy(line -> assertThat(line).startsWith("<3>"));
  }

  @Test
  void aTerminalGetsTimesAndNoPriorities() {
    assertThat(line(false, Level.WARN, "slow", null))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Daemon: slow\\R");
    assertThat(line(false, Level.ERROR, "defect", new IllegalStateException("one")).lines())
        .contains("java.lang.IllegalStateException: one");
  }

  @Test
  void aMessageCannotForgeALine() {
    assertThat(line(true, Level.INFO, "a\r\n<0>b", null)).isEqualTo("<6>Daemon: a | <0>b\n");
  }

  @Test
  void aStrangersTextCannotTurnTheTerminal() {
    String text = "a\u001b[2Jb\u0085c\u202ed\te\u007f";
    assertThat(line(true, Level.INFO, text, null))
        .isEqualTo("<6>Daemon: a\\027[2Jb\\133c\\u202Ed\\009e\\127\n");
    assertThat(line(false, Level.ERROR, "defect", new IllegalStateException(text)))
        .contains("IllegalStateException: a\\027[2Jb\\133c\\u202Ed    e\\127\n    at ")
        .doesNotContain("\u001b", "\u0085", "\u202e", "\u007f");
  }

  @Test
  void theLevelIsThatOfTheProjectAlone() {
    assertThat(logger("resolver.daemon.Daemon").isInfoEnabled()).isTrue();
    assertThat(logger("resolver.daemon.Daemon").isDebugEnabled()).isFalse();
    assertThat(logger("io.netty").isWarnEnabled()).isTrue();
    assertThat(logger("io.netty").isInfoEnabled()).isFalse();

    System.setProperty(ServeCommand.LOG_LEVEL, "debug");
    assertThat(logger("resolver.daemon.Daemon").isDebugEnabled()).isTrue();
    assertThat(logger("io.netty").isInfoEnabled()).isFalse();

    System.setProperty(ServeCommand.LOG_LEVEL, "loud");
    assertThat(logger("resolver.daemon.Daemon").isInfoEnabled()).isTrue();
    assertThat(logger("resolver.daemon.Daemon").isDebugEnabled()).isFalse();
  }

  @Test
  void standardErrorIsTheJournalWhereSystemdSaysSoAndNobodyDenies() {
    assertThat(DaemonLog.isJournal(Map.of("JOURNAL_STREAM", "8:1"), "null")).isTrue();
    assertThat(DaemonLog.isJournal(Map.of("JOURNAL_STREAM", "8:1"), "false")).isFalse();
    assertThat(DaemonLog.isJournal(Map.of(), "true")).isFalse();
  }

  private Logger logger(String name) {
    return log(true).getLoggerFactory().getLogger(name);
  }

  private DaemonLog log(boolean journal) {
    return new DaemonLog(new PrintStream(octets, false, UTF_8), journal);
  }

  private String line(boolean journal, Level level, String message, @Nullable Throwable thrown) {
    System.setProperty(ServeCommand.LOG_LEVEL, "trace");
    Logger chatty = log(journal).getLoggerFactory().getLogger("resolver.daemon.Daemon");
    octets.reset();
    chatty.atLevel(level).setCause(thrown).log(message);
    return octets.toString(UTF_8);
  }
}
