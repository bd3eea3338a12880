package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Programs;
import resolver.fixtures.StubNameServer;

/** The status page in a real browser. */
class StatusPageTest {
  private static final int PATIENCE_SECONDS = 120;

  @TempDir Path directory;

  @Test
  void aBrowserDrawsWhatTheDaemonTellsAndNothingElse() throws Exception {
    Path chromium = Programs.need("chromium");
    int port = FreePort.on("127.0.0.1");
    try (StubNameServer upstream = StubNameServer.start()) {
      upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
      // What would be an element if somebody took a name for markup.
      upstream
          .on("<img/src=x/onerror=a>.example.org", "A")
          .answers("<img/src=x/onerror=a>.example.org. 300 IN A 192.0.2.1");
      try (Serve serve =
          Serve.in(directory)
              .settings("[metrics]", "listen = [\"127.0.0.1:" + port + "\"]")
              .upstream(upstream.address())
              .start()) {
        assertThat(serve.said()).anyMatch(line -> line.startsWith("metrics    http://127.0.0.1:"));
        serve.client().udp(DnsClient.query("www.example.org", "A"));
        serve.client().udp(DnsClient.query("www.example.org", "A"));
        serve.client().udp(DnsClient.query("<img/src=x/onerror=a>.example.org", "A"));

        Ran browser = open(chromium, "http://127.0.0.1:" + port + "/", "--dump-dom");
        String dom = String.join("\n", browser.out());
        assertThat(dom)
            .contains("● serving", "www.example.org. IN A", "● good", "udp, at once")
            .containsPattern("<path class=\"all\" d=\"M[0-9]+\\.[0-9] [0-9]")
            .contains("&lt;img/src=x/onerror=a&gt;.example.org. IN A")
            .doesNotContain("<img");
        assertThat(browser.err())
            .as("what the browser complains of")
            .noneMatch(line -> line.contains("CONSOLE") || line.contains("Content Security"));

        Path picture = directory.resolve("phone.png");
        open(
            chromium,
            "http://127.0.0.1:" + port + "/",
            "--window-size=390,844",
            "--screenshot=" + picture);
        assertThat(Files.size(picture)).isGreaterThan(10_000);
      }
    }
  }

  private Ran open(Path chromium, String page, String... how) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-proxy-server",
                "--disable-background-networking",
                "--enable-logging=stderr",
                "--user-data-dir=" + directory.resolve("browser"),
                "--virtual-time-budget=7000"));
    command.addAll(List.of(how));
    command.add(page);
    Ran ran = Ran.of(command, Map.of("HOME", directory.toString()), PATIENCE_SECONDS);
    assertThat(ran.status()).as(ran.said()).isZero();
    return ran;
  }
}
