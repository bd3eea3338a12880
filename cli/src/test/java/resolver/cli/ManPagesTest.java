package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.Programs;

class ManPagesTest {
  private static final Map<String, String> PAGES = ManPages.all("1.2.3", "2026-01-02");

  @TempDir Path folder;

  @Test
  void everyCommandHasOne() {
    assertThat(PAGES).containsKey("resolve.1").doesNotContainKey("resolve-help.1");
    for (String name : Commands.NAMES) {
      if (!name.equals("help")) {
        assertThat(PAGES).containsKey("resolve-" + name + ".1");
      }
    }
  }

  @Test
  void aPageTellsWhatTheHelpTells() {
    assertThat(PAGES.get("resolve-serve.1"))
        .startsWith(
            ".TH \"RESOLVE\\-SERVE\" 1 \"2026-01-02\" \"resolver 1.2.3\" \"User commands\"\n")
        .contains(".SH NAME\nresolve\\-serve \\- Serve DNS: the daemon\n")
        .contains("\n\\fB\\-l\\fR, \\fB\\-\\-listen\\fR=\\fIADDRESS[:PORT]\\fR\n")
        .contains(".TP\n\\fB143\\fR\nstopped by SIGTERM\n")
        .contains("resolve serve \\-\\-listen 127.0.0.1:53");
    assertThat(PAGES.get("resolve.1")).contains("Default: 5s.").doesNotContain("@|", "${", "%n");
  }

  /** The formatter itself finds nothing to blame. */
  @Test
  void theyAreWellFormed() throws Exception {
    String groff = Programs.need("groff").toString();
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      Path file = Files.writeString(folder.resolve(page.getKey()), page.getValue());
      Process process =
          new ProcessBuilder(groff, "-man", "-ww", "-z", "-Tutf8", file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).isZero();
      assertThat(said).as(page.getKey()).isEmpty();
    }
  }
}
