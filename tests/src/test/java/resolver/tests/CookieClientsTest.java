package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.StubNameServer;

/** dig and kdig judge our cookies, and we judge theirs. */
class CookieClientsTest {
  @TempDir static Path directory;
  private static @Nullable StubNameServer upstream;
  private static @Nullable Serve serve;

  @BeforeAll
  static void start() throws Exception {
    upstream = StubNameServer.start();
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    serve =
        Serve.in(directory)
            .settings("upstream.loop-probes = false")
            .upstream(upstream.address())
            .start();
  }

  @AfterAll
  static void stop() {
    if (serve != null) {
      serve.close();
    }
    if (upstream != null) {
      upstream.close();
    }
  }

  @Test
  void digFindsOurCookieGoodAndMayComeWithIt() throws Exception {
    String first = cookie(ask("dig", "+cookie=0102030405060708"));
    assertThat(first).startsWith("0102030405060708010000").endsWith(" (good)");
    String whole = first.substring(0, 48);
    assertThat(cookie(ask("dig", "+cookie=" + whole))).isEqualTo(first);
    assertThat(cookie(ask("dig", "+cookie=" + whole, "+tcp"))).isEqualTo(first);
    String forged = whole.substring(0, 47) + (whole.endsWith("0") ? "1" : "0");
    assertThat(cookie(ask("dig", "+cookie=" + forged)))
        .startsWith("0102030405060708010000")
        .doesNotContain(forged);
  }

  @Test
  void digIsToldOfACookieThatIsNone() throws Exception {
    assertThat(ask("dig", "+nocookie", "+ednsopt=10:010203").out())
        .anyMatch(line -> line.contains("status: FORMERR"));
  }

  @Test
  void digMayAskForACookieAlone() throws Exception {
    Ran ran = ask("dig", "+header-only", "+cookie=0102030405060708");
    assertThat(ran.out()).anyMatch(line -> line.contains("status: NOERROR"));
    assertThat(cookie(ran)).endsWith(" (good)");
  }

  @Test
  void kdigTakesOurCookie() throws Exception {
    Ran ran = ask("kdig", "+cookie=0102030405060708", "+edns");
    assertThat(ran.out()).anyMatch(line -> line.contains("status: NOERROR"));
    assertThat(ran.said().toLowerCase(java.util.Locale.ROOT))
        .contains("cookie: 0102030405060708010000")
        .doesNotContain("warning");
  }

  private static String cookie(Ran ran) {
    List<String> cookies =
        ran.out().stream().filter(line -> line.startsWith("; COOKIE: ")).toList();
    assertThat(cookies).as(ran.said()).hasSize(1);
    return cookies.get(0).substring("; COOKIE: ".length());
  }

  private static Ran ask(String client, String... flags) throws Exception {
    int port = Objects.requireNonNull(serve).port();
    List<String> arguments = new ArrayList<>(List.of("@127.0.0.1", "-p", Integer.toString(port)));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("www.example.org", "A"));
    Ran ran = Ran.program(client, arguments);
    assertThat(ran.status()).as(ran.said()).isZero();
    return ran;
  }
}
