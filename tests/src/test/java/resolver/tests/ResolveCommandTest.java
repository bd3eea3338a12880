package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** The command as a user has it: asking the daemon, for itself, or another server. */
class ResolveCommandTest {
  @TempDir static Path directory;
  private static @Nullable StubNameServer stub;
  private static @Nullable Serve serve;

  @BeforeAll
  static void start() throws Exception {
    StubNameServer upstream = StubNameServer.start();
    stub = upstream;
    upstream
        .on("www.example.org", "A")
        .answers("www.example.org. 300 IN A 192.0.2.1", "www.example.org. 300 IN A 192.0.2.2");
    upstream.on("www.example.org", "AAAA").answers("www.example.org. 300 IN AAAA 2001:db8::1");
    upstream
        .on("1.2.0.192.in-addr.arpa", "PTR")
        .answers("1.2.0.192.in-addr.arpa. 300 IN PTR www.example.org.");
    upstream
        .on("big.example.org", "TXT")
        .truncatedOverUdp()
        .answers("big.example.org. 300 IN TXT \"told over TCP\"");
    upstream
        .on("nowhere.example.org", "*")
        .nxdomain("example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 60");
    upstream
        .on("www.example.org", "MX")
        .nodata("example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 60");
    upstream.on("serve", "A").answers("serve. 300 IN A 192.0.2.3");
    upstream.on("broken.example.org", "*").rcode(Rcode.SERVFAIL);
    serve = Serve.in(directory).upstream(upstream.address()).start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (serve != null) {
      serve.close();
    }
    if (stub != null) {
      stub.close();
    }
  }

  @Test
  void asksTheDaemonThatServes() throws Exception {
    Ran ran = resolve(daemon(), "www.example.org");

    assertThat(ran.status()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .anyMatch(line -> line.matches("www\\.example\\.org\\. +[0-9]+ .*A +192\\.0\\.2\\.1"))
        .anyMatch(line -> line.matches("www\\.example\\.org\\. +[0-9]+ .*AAAA +2001:db8::1"))
        .anyMatch(
            line ->
                line.matches(
                    "; NOERROR in .* ms from 127\\.0\\.0\\.1:"
                        + serve().port()
                        + " \\(daemon, UDP\\)"));
  }

  @Test
  void resolvesByItselfWhereNoDaemonServes() throws Exception {
    int port = FreePort.on("127.0.0.1");

    Ran ran = resolve(listening(port), "www.example.org", "A");

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .anyMatch(line -> line.matches("www\\.example\\.org\\. +300 .*A +192\\.0\\.2\\.2"))
        .anyMatch(
            line ->
                line.startsWith("; NOERROR in ")
                    && line.contains("(in this process, " + upstream())
                    && line.contains("no daemon at 127.0.0.1:" + port));
  }

  @Test
  void asksAServerOfTheUsersChoiceAndOverTcpWhereTheReplyWasCut() throws Exception {
    Ran ran = resolve(daemon(), "big.example.org", "TXT", "@" + upstream());

    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .anyMatch(line -> line.contains("\"told over TCP\""))
        .anyMatch(line -> line.contains("from " + upstream() + " (asked directly, TCP"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--short 192.0.2.1           | www.example.org.",
        "--short www.example.org A   | 192.0.2.1,192.0.2.2",
        "-s query serve A            | ",
        "query -s serve A            | 192.0.2.3",
        "-sj www.example.org         | ",
      })
  void printsTheDataAloneWhereItIsAsked(String words, @Nullable String data) throws Exception {
    Ran ran = resolve(daemon(), words.split(" "));

    assertThat(ran.out()).isEqualTo(data == null ? List.of() : List.of(data.split(",")));
    assertThat(ran.err()).as("a status or a reason").isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"www.example.org MX, nodata", "broken.example.org A, failure"})
  void printsJsonThatAMachineCanRead(String words, String outcome) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--json"));
    arguments.addAll(List.of(words.split(" ")));

    Ran ran = resolve(daemon(), arguments.toArray(String[]::new));

    assertThat(ran.out()).hasSize(1);
    assertThat(isJson(ran.out().get(0))).as(ran.out().get(0)).isTrue();
    assertThat(ran.out().get(0))
        .startsWith("{\"schema\":1,")
        .contains("\"outcome\":\"" + outcome + "\"", "\"kind\":\"daemon\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, nowhere.example.org A",
    "1, --fail nowhere.example.org A",
    "1, --fail www.example.org MX",
    "0, --fail www.example.org A",
    "2, www.example.org NOTYPE",
    "2, --nonsense www.example.org",
    "2, www..example.org",
    "3, broken.example.org A",
  })
  void theExitCodeTellsHowItWent(int code, String words) throws Exception {
    Ran ran = resolve(daemon(), words.split(" "));

    assertThat(ran.status()).as(ran.said()).isEqualTo(code);
  }

  @Test
  void noReplyIsTheExitCode9() throws Exception {
    int port = FreePort.on("127.0.0.1");

    Ran ran = resolve(daemon(), "www.example.org", "@127.0.0.1:" + port);

    assertThat(ran.status()).isEqualTo(9);
    assertThat(String.join("\n", ran.err())).contains("127.0.0.1:" + port);
  }

  @Test
  void checksASettingsFile() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.toml"), "[cache]\nsise = 1\n");

    Ran ran = resolve(daemon(), "check", broken.toString());

    assertThat(ran.status()).isEqualTo(2);
    assertThat(String.join("\n", ran.err())).contains(broken + ":2", "sise", "size");
    assertThat(
            resolve(daemon(), "check", Ran.ROOT.resolve("conf/resolver.toml").toString()).status())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "serve --help"})
  void tellsOfItself(String words) throws Exception {
    Ran ran = resolve(daemon(), words.split(" "));

    assertThat(ran.status()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).isNotEmpty().allMatch(line -> line.length() <= 100);
  }

  @Test
  void bashTakesTheCompletion() throws Exception {
    Ran ran =
        Ran.program(
            "bash",
            List.of(
                "-euc",
                "source <(JAVA_HOME='"
                    + System.getProperty("java.home")
                    + "' cli/bin/resolve completion) && complete -p resolve"));

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).anyMatch(line -> line.endsWith(" resolve"));
  }

  private static Serve serve() {
    return Objects.requireNonNull(serve);
  }

  private static String upstream() {
    return Addresses.format(Objects.requireNonNull(stub).address());
  }

  private static Path daemon() throws IOException {
    return listening(serve().port());
  }

  /** A settings file for a daemon that listens there. */
  private static Path listening(int port) throws IOException {
    return Files.writeString(
        directory.resolve("listening.toml"),
        "server.listen = ['127.0.0.1:%d']\nupstream.servers = ['%s']\n"
            .formatted(port, upstream()));
  }

  private static Ran resolve(Path settings, String... words) throws Exception {
    return Ran.resolve(Map.of("RESOLVER_CONFIG", settings.toString()), words);
  }

  /** Whether a text is well-formed: each pair of brackets with values between them is a value. */
  private static boolean isJson(String text) {
    String left =
        text.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "s")
            .replaceAll("-?[0-9]+(\\.[0-9]+)?|true|false|null", "v");
    String before = "";
    while (!left.equals(before)) {
      before = left;
      left = left.replaceAll("\\[([sv](,[sv])*)?]", "v").replaceAll("\\{(s:[sv](,s:[sv])*)?}", "v");
    }
    return left.equals("v");
  }
}
