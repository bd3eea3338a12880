package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import resolver.fixtures.LogCatcher;

/** Caffeine and Java itself log by System.Logger, and nothing of it shall get lost. */
class LibraryLogTest {
  @Test
  void whatLibrariesTellBySystemLoggerIsInTheLogOfAllElse() {
    try (LogCatcher log = new LogCatcher("some.library")) {
      System.getLogger("some.library").log(System.Logger.Level.WARNING, "the {0} is lost", "entry");
      assertThat(log.messages()).containsExactly("the entry is lost");
    }
  }
}
