package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the package says where its service does not run; the rest of its script needs a machine. */
class PostinstTest {
  private static final Pattern FUNCTION = Pattern.compile("(?ms)^tell_failure\\(\\) \\{.*?^\\}$");

  @TempDir Path programs;

  @Test
  void theLastWordOfTheServiceStandsBeforeTheAdvice() throws Exception {
    Ran ran = tellFailure("echo \"cannot listen on 127.0.0.1:53: it is taken\"");

    assertThat(ran.status()).isZero();
    assertThat(ran.err())
        .satisfiesExactly(
            line -> assertThat(line).contains("does not run"),
            line -> assertThat(line).endsWith(": cannot listen on 127.0.0.1:53: it is taken"),
            line -> assertThat(line).contains("journalctl -u resolver", "Is port 53 taken"));
  }

  @Test
  void withoutSuchAWordTheAdviceStandsAlone() throws Exception {
    for (String journal : List.of("exit 1", "true", "echo '-- No entries --'")) {
      Ran ran = tellFailure(journal);

      assertThat(ran.status()).as(journal).isZero();
      assertThat(ran.err()).as(journal).hasSize(2);
    }
  }

  private Ran tellFailure(String journal) throws Exception {
    program(journal);
    String script = Files.readString(Ran.ROOT.resolve("cli/package/control/postinst"));
    Matcher function = FUNCTION.matcher(script);
    assertThat(function.find()).isTrue();
    return Ran.of(
        List.of("sh", "-ec", function.group() + "\ntell_failure\n"),
        Map.of("PATH", programs + ":" + System.getenv("PATH")));
  }

  private void program(String text) throws IOException {
    Path journalctl = programs.resolve("journalctl");
    Files.writeString(journalctl, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(journalctl, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
