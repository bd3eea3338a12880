package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static resolver.fixtures.Upstreams.plain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.settings.Addresses;
import resolver.settings.Network;
import resolver.upstream.Servers;

class SettingsLoaderTest {
  @TempDir private Path directory;

  @Test
  void withoutFileAndFlagsTheDefaultsHold() {
    Loaded loaded = SettingsLoader.load(null, List.of());

    assertThat(loaded.settings()).isEqualTo(Settings.DEFAULTS);
    assertThat(loaded.file()).isNull();
    assertThat(loaded.source()).isEqualTo("none, built-in defaults");
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void anEmptyFileChangesNothing() {
    assertThat(settings("")).isEqualTo(Settings.DEFAULTS);
    assertThat(settings("# nothing\n\n[server]\n[log]\n")).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void everyTypeOfValueIsRead() {
    Settings settings =
        settings(
            """
            [server]
            listen = ["192.0.2.1", "[2001:db8::1]:53", "127.0.0.1:0"]
            allow = ["192.0.2.0/24", "2001:db8::1"]
            threads = 3
            client-deadline = "2.5s"
            receive-buffer = 1_048_576
            [cache]
            size = "128MiB"
            [upstream]
            servers = ["192.0.2.53", "[2001:db8::53]:5353"]
            [log]
            level = "debug"
            """);

    assertThat(settings.server().listen())
        .containsExactly(at("192.0.2.1:5300"), at("[2001:db8::1]:53"), at("127.0.0.1:0"));
    assertThat(settings.server().allow())
        .containsExactly(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::1"));
    assertThat(settings.server().threads()).isEqualTo(3);
    assertThat(settings.server().clientDeadline()).isEqualTo(Duration.ofMillis(2500));
    assertThat(settings.server().receiveBuffer()).isEqualTo(1 << 20);
    assertThat(settings.cache().size()).isEqualTo(128L << 20);
    assertThat(settings.upstream().servers())
        .isEqualTo(new Servers(plain(at("192.0.2.53:53"), at("[2001:db8::53]:5353"))));
    assertThat(settings.log().level()).isEqualTo(LogSettings.Level.DEBUG);
    assertThat(settings.lookup()).isEqualTo(Settings.DEFAULTS.lookup());
  }

  @Test
  void tablesMayBeWrittenInAnyWayOfToml() {
    Settings expected = settings("[server]\nthreads = 2\nudp-size = 512\n");

    assertThat(settings("server.threads = 2\nserver.udp-size = 512\n")).isEqualTo(expected);
    assertThat(settings("server = { threads = 2, udp-size = 512 }\n")).isEqualTo(expected);
    assertThat(settings("['server']\r\n\"threads\" = 0x2\r\nudp-size = 512")).isEqualTo(expected);
    assertThat(settings("\uFEFF[server]\nthreads = 2\nudp-size = 512\n")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "*, '0.0.0.0:5300 [::]:5300'",
    "*:53, '0.0.0.0:53 [::]:53'",
    "0.0.0.0, 0.0.0.0:5300",
    "[::], [::]:5300",
    "::1, [::1]:5300",
  })
  void oneStringIsAListOfOneAndAStarMeansBothFamilies(String text, String expected) {
    List<InetSocketAddress> addresses =
        Arrays.stream(expected.split(" ")).map(SettingsLoaderTest::at).toList();

    assertThat(settings("server.listen = \"" + text + "\"").server().listen()).isEqualTo(addresses);
    assertThat(settings("server.listen = [\"" + text + "\"]").server().listen())
        .isEqualTo(addresses);
  }

  @Test
  void serversAreAutoOrAnAddressOrAList() {
    Servers one = new Servers(plain(at("192.0.2.53:53")));

    assertThat(servers("\"auto\"")).isEqualTo(Servers.AUTO);
    assertThat(servers("[\"auto\"]")).isEqualTo(Servers.AUTO);
    assertThat(servers("\"192.0.2.53\"")).isEqualTo(one);
    assertThat(servers("[\"192.0.2.53\"]")).isEqualTo(one);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // numbers
        "server.threads=257 | server.threads: 257 (expected: 0 to 256)",
        "server.threads=-1 | server.threads: -1 (expected: 0 to 256)",
        "server.threads=99999999999 | server.threads: 99999999999 (expected: 0 to 256)",
        "server.threads='2' | server.threads: \"2\" (expected: a number without quotes)",
        "server.threads=1.5 | server.threads: 1.5 (expected: a whole number)",
        "server.threads=true | server.threads: true (expected: a whole number)",
        "server.threads=[1] | server.threads: [1] (expected: a whole number)",
        "server.threads={} | server.threads: a table (expected: a whole number)",
        "server.threads=1979-05-27 | server.threads: 1979-05-27" + " (expected: a whole number)",
        // sizes
        "cache.size='1MB' | cache.size: \"1MB\""
            + " (expected: a size with a unit: B, KiB, MiB, GiB or TiB)",
        "cache.size='big' | cache.size: \"big\""
            + " (expected: a size such as \"1500B\", \"512KiB\", \"64MiB\" or \"1GiB\")",
        "cache.size=1 | cache.size: 1 (expected: 1MiB to 1TiB)",
        "cache.size='9999999TiB' | cache.size: \"9999999TiB\" (expected: 1MiB to 1TiB)",
        "cache.size=1.5 | cache.size: 1.5"
            + " (expected: a size such as \"64MiB\", or a whole number of octets)",
        // durations
        "cache.max-ttl=60 | cache.max-ttl: 60 (expected: a duration in quotes such as"
            + " \"500ms\", \"4.5s\", \"15m\", \"1h\" or \"1d\")",
        "cache.max-ttl='60' | cache.max-ttl: \"60\""
            + " (expected: a duration with a unit: ms, s, m, h or d)",
        "cache.max-ttl='8d' | cache.max-ttl: \"8d\" (expected: 1s to 7d)",
        // lists
        "server.listen=[] | server.listen: an empty list (expected: at least one value)",
        "server.listen=5300 | server.listen: 5300 (expected: an address in quotes)",
        "server.listen=['::1', 53] | server.listen: 53 (expected: an address in quotes)",
        "server.listen=['::1', 'dns'] | server.listen: \"dns\" (expected: an IP address with or"
            + " without a port, such as \"192.0.2.1\", \"192.0.2.1:5300\" or"
            + " \"[2001:db8::1]:5300\")",
        "server.listen=['::1:99999999'] | server.listen: \"::1:99999999\" (expected: an IP address"
            + " with or without a port, such as \"192.0.2.1\", \"192.0.2.1:5300\" or"
            + " \"[2001:db8::1]:5300\")",
        "server.listen='[::1]:99999' | server.listen: \"[::1]:99999\""
            + " (expected: a port from 0 to 65535)",
        "server.listen=['::1','[::1]:5300'] | server.listen: \"[::1]:5300\" twice"
            + " (expected: each address once)",
        "server.listen='224.0.0.1' | server.listen: \"224.0.0.1\""
            + " (expected: an address of this machine, not of a multicast group)",
        "server.allow=['192.0.2.0/33'] | server.allow: \"192.0.2.0/33\""
            + " (expected: a prefix length from 0 to 32)",
        "server.allow=['192.0.2.0/24', '192.0.2.1/24'] | server.allow: \"192.0.2.1/24\" twice"
            + " (expected: each network once)",
        // servers
        "upstream.servers=[] | upstream.servers: an empty list"
            + " (expected: \"auto\", or a list of at least one server)",
        "upstream.servers=true | upstream.servers: true"
            + " (expected: \"auto\", or a list of at least one server)",
        "upstream.servers=['::1', 'auto'] | upstream.servers: \"auto\""
            + " (expected: either \"auto\" alone or servers alone)",
        "upstream.servers='0.0.0.0' | upstream.servers: \"0.0.0.0\""
            + " (expected: the address and port of one server)",
        "upstream.servers='192.0.2.1:0' | upstream.servers: \"192.0.2.1:0\""
            + " (expected: the address and port of one server)",
        "upstream.servers='tls://192.0.2.1/dns' | upstream.servers: \"tls://192.0.2.1/dns\""
            + " (expected: no path behind tls://, for TLS has none)",
        "upstream.servers=['tls://192.0.2.1', 'TLS://192.0.2.1:853'] | upstream.servers:"
            + " \"TLS://192.0.2.1:853\" twice (expected: each server once)",
        "upstream.bootstrap=['dns.example'] | upstream.bootstrap: \"dns.example\" (expected: a host"
            + " name with its addresses, such as \"dns.example 192.0.2.1 2001:db8::1\", or the"
            + " address of a plain server that is asked for names)",
        // names and records
        "local.zones='*.example.org' | local.zones: \"*.example.org\""
            + " (expected: a domain name such as \"example.org\")",
        "local.zones=['a..b'] | local.zones: \"a..b\" (expected: a domain name such as"
            + " \"example.org\", of labels of at most 63 octets and 255 octets in all)",
        "local.zones=['Example.org', 'example.org.'] | local.zones: \"example.org.\" twice"
            + " (expected: each name once)",
        "policy.rebinding-allow=1 | policy.rebinding-allow: 1 (expected: a name in quotes)",
        "local.hosts='hosts' | local.hosts: \"hosts\""
            + " (expected: an absolute path, or \"\" for no hosts file)",
        "local.records=['nas.example.org A 192.0.2'] | local.records: \"nas.example.org A 192.0.2\""
            + " (expected: a record as in a zone file, such as"
            + " \"nas.example.org 300 IN A 192.0.2.9\"; Invalid address: 192.0.2)",
        "local.records=['a.example A 192.0.2.1', 'a.example CNAME b.example'] |"
            + " local.records: [\"a.example A 192.0.2.1\", \"a.example CNAME b.example\"]"
            + " (expected: records without \"a.example CNAME b.example\","
            + " for a CNAME stands alone at its name (RFC 2181 section 10.1))",
        // words
        "local.single-label='maybe' | local.single-label: \"maybe\""
            + " (expected: one of \"auto\", \"forward\", \"local-only\", \"refuse\")",
        "log.level='verbose' | log.level: \"verbose\""
            + " (expected: one of \"error\", \"warn\", \"info\", \"debug\")",
        "log.level=3 | log.level: 3 (expected: one of \"error\", \"warn\", \"info\", \"debug\")",
        // names
        "server.treads=1 | server.treads: unknown setting (did you mean server.threads?)",
        "server.tcpIdle='1s' | server.tcpIdle: unknown setting (did you mean server.tcp-idle?)",
        "server.max-ttl='1s' | server.max-ttl: unknown setting (did you mean cache.max-ttl?)",
        "listen='::1' | listen: unknown setting (did you mean server.listen?)",
        "sever.threads=1 | sever: unknown table (did you mean server?)",
        "banana.threads=1 | banana: unknown table"
            + " (expected: one of the tables server, clients, cache, snapshot, lookup, upstream, local, policy, control, metrics, query-log, log)",
        "log.banana=1 | log.banana: unknown setting (expected: one of level)",
        "server=1 | server: 1 (expected: a table [server], once)",
        "server=[] | server: an empty list (expected: a table [server], once)",
        // values together
        "cache={min-ttl='1h',max-ttl='59m'} | cache.min-ttl: \"1h\""
            + " (expected: at most cache.max-ttl, which is 59m)",
      })
  void aMistakeIsToldWithFileLineKeyFoundAndExpected(String line, String expected) {
    Path file = file("# a comment\n" + line + "\n");

    assertThat(problems(file)).containsExactly(file + ":2: " + expected);
  }

  /** Whoever has most of a secret has it all. */
  @ParameterizedTest
  @ValueSource(strings = {"clients.cookie-secret", "query-log.client-key"})
  void noMistakeTellsASecret(String key) {
    String secret = "e5e973e5a6b2a43f48e7dc849e37bfc";
    for (String text :
        List.of(
            key + " = ['" + secret + "']\n",
            key + " = " + secret + "\n",
            key + " = 5" + secret + "\n",
            key + " = 'x' " + secret + "\n",
            key + " = [\n" + secret + "\n]\n",
            "[" + key.replace(".", "]\n") + " = " + secret + "\n")) {
      assertThat(problems(file(text))).isNotEmpty().allSatisfy(p -> assertTellsNot(p, secret));
    }
    SettingsException e = failure(null, List.of(new Flag("--set", key, List.of(secret, secret))));
    assertTellsNot(String.valueOf(e.getMessage()), secret);
  }

  @Test
  void aSecretWithADigitTooFewIsToldByItsNameAlone() {
    String few = "e5e973e5a6b2a43f48e7dc849e37bfc";
    Path file = file("clients.cookie-secret = '" + few + "0 " + few + "'\n");

    assertThat(problems(file))
        .singleElement()
        .asString()
        .startsWith(file + ":1: clients.cookie-secret: not told (expected: ")
        .contains("32 hexadecimal digits")
        .satisfies(p -> assertTellsNot(p, few));
  }

  private static void assertTellsNot(String told, String secret) {
    for (int i = 0; i + 6 <= secret.length(); i++) {
      assertThat(told).doesNotContain(secret.substring(i, i + 6));
    }
  }

  @Test
  void everyMistakeOfAFileIsToldInTheOrderOfItsLines() {
    Path file =
        file(
            """
            [server]
            treads = 1
            udp-size = 100
            listen = [
              "192.0.2.1",
              "nowhere",
            ]
            threads = 5x
            [cashe]
            size = "64MiB"
            [cache]
            size = "1B"
            [log]
            level = "info"
            level = "warn"
            """);

    assertThat(problems(file))
        .containsExactly(
            file + ":2: server.treads: unknown setting (did you mean server.threads?)",
            file + ":3: server.udp-size: 100 (expected: 512 to 4096)",
            file
                + ":4: server.listen: \"nowhere\" (expected: an IP address with or without a port,"
                + " such as \"192.0.2.1\", \"192.0.2.1:5300\" or \"[2001:db8::1]:5300\")",
            file + ":8: Unexpected 'x', expected a newline or end-of-input (column 12)",
            file + ":9: cashe: unknown table (did you mean cache?)",
            file + ":12: cache.size: \"1B\" (expected: 1MiB to 1TiB)",
            file + ":15: level previously defined at line 14, column 1 (column 1)");
  }

  @Test
  void severalSyntaxErrorsAreToldAtOnceAndNothingIsSaidOfWhatFollowsABrokenHead() {
    Path file = file("[server]\nthreads =\n[cache\nsize = \"64MiB\"\n[log]\nlevel = what\n");

    assertThat(problems(file))
        .hasSize(3)
        .satisfiesExactly(
            p -> assertThat(p).startsWith(file + ":2: "),
            p -> assertThat(p).startsWith(file + ":3: "),
            p -> assertThat(p).startsWith(file + ":6: "));
  }

  @Test
  void aSettingBehindABrokenHeadIsNotBlamedOnTheTableBefore() {
    Path file = file("[server]\nthreads = 300\n[ca che]\nsize = \"64MiB\"\n");

    assertThat(problems(file))
        .satisfiesExactly(
            p -> assertThat(p).startsWith(file + ":2: server.threads: "),
            p -> assertThat(p).startsWith(file + ":3: Unexpected "));
  }

  @Test
  void aTableMustNotStandTwice() {
    Path twice = file("[server]\nthreads = 1\n[server]\nudp-size = 512\n");
    assertThat(problems(twice))
        .containsExactly(twice + ":3: server previously defined at line 1, column 1 (column 1)");

    Path list = file("[[server]]\nthreads = 1\n[[server]]\nthreads = 1\n");
    assertThat(problems(list))
        .containsExactly(
            list + ":1: server: [a table, a table] (expected: a table [server], once)");
  }

  @Test
  void aFlagThatIsWrongTogetherWithTheFileIsToldByItsName() {
    Path file = file("[cache]\nmax-ttl = \"30m\"\n");
    SettingsException e =
        failure(file, List.of(new Flag("--min-ttl", "cache.min-ttl", List.of("45m"))));

    assertThat(e)
        .hasMessage(
            "--min-ttl: cache.min-ttl: \"45m\" (expected: at most cache.max-ttl, which is 30m)");
  }

  @Test
  void aProblemTellsItsParts() {
    Path file = file("\n[server]\nthreads = 300\ntreads = 1\n");

    assertThat(failure(file, List.of()).problems())
        .containsExactly(
            new Problem(file.toString(), 3, "server.threads", "300", "0 to 256", ""),
            new Problem(
                file.toString(),
                4,
                "server.treads",
                "unknown setting",
                "one of "
                    + "listen, allow, threads, client-deadline, udp-size, receive-buffer, waiting-per-client,"
                    + " tcp-connections, tcp-connections-per-client, tcp-idle, tcp-pipeline",
                "server.threads"));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    Path file = directory.resolve("none.toml");
    assertThat(problems(file))
        .containsExactly(file + ": no such file (expected: a file that exists)");
  }

  @Test
  void aDirectoryIsAnError() {
    assertThat(problems(directory))
        .singleElement()
        .asString()
        .startsWith(directory + ": cannot be read: ")
        .endsWith(" (expected: a readable file)");
  }

  @Test
  void aFileThatIsNotUtf8IsAnErrorWithItsLine() throws IOException {
    Path file = directory.resolve("latin.toml");
    Files.write(file, "# one\n# gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems(file)).containsExactly(file + ":2: octet 0xFC (expected: text in UTF-8)");

    Files.write(file, new byte[] {'#', '\n', '#', (byte) 0xc3});
    assertThat(problems(file)).containsExactly(file + ":2: octet 0xC3 (expected: text in UTF-8)");
  }

  @Test
  void aFileMayHaveOneMebibyteAndNotMore() {
    String comment = "#".repeat((1 << 20) - 1) + "\n";
    assertThat(settings(comment)).isEqualTo(Settings.DEFAULTS);

    Path larger = file(comment + "\n");
    assertThat(problems(larger))
        .containsExactly(larger + ": a larger file (expected: at most 1MiB)");
  }

  @Test
  void whatAFileSaysCannotUpsetATerminal() {
    Path file = file("[log]\nlevel = \"\\u001b[31m\\u202e\"\n\"\\u0007\" = 1\n\"a\\nb\" = 2\n");

    assertThat(failure(file, List.of()).getMessage())
        .contains("\"\\u001B[31m\\u202E\"")
        .contains("log.\\u0007:")
        .contains("log.a\\u000Ab:");
  }

  @Test
  void longValuesAreCut() {
    Path file = file("[log]\nlevel = \"" + "x".repeat(10_000) + "\"\n");

    assertThat(failure(file, List.of()).getMessage()).contains("xxx...").hasSizeLessThan(400);
  }

  @Test
  void aHundredMistakesAreKeptButNotAllPrinted() {
    StringBuilder text = new StringBuilder("[log]\n");
    for (int i = 0; i < 100; i++) {
      text.append("banana").append(i).append(" = 1\n");
    }
    SettingsException e = failure(file(text.toString()), List.of());

    assertThat(e.problems()).hasSize(100);
    assertThat(String.valueOf(e.getMessage()).lines())
        .hasSize(41)
        .last()
        .isEqualTo("and 60 more problems");
  }

  @Test
  void nestingWithoutEndIsAnError() {
    for (String text : List.of("x = " + "[".repeat(300_000), "a.".repeat(100_000) + "a = 1")) {
      assertThat(problems(file(text))).isNotEmpty();
    }
  }

  @Test
  void aFlagHoldsInsteadOfTheFile() {
    Path file = file("[cache]\nsize = \"32MiB\"\nmax-ttl = \"1h\"\n[server]\nthreads = 4\n");
    Loaded loaded =
        SettingsLoader.load(
            file,
            List.of(
                new Flag("--listen", "server.listen", List.of("192.0.2.1:53", "2001:db8::1")),
                new Flag("--upstream", "upstream.servers", List.of("192.0.2.53")),
                new Flag("--threads", "server.threads", List.of("2")),
                new Flag("--cache-size", "cache.size", List.of("128MiB"))));

    assertThat(loaded.file()).isEqualTo(file);
    assertThat(loaded.source()).isEqualTo(file.toString());
    assertThat(loaded.settings().entries())
        .containsEntry("server.listen", "[\"192.0.2.1:53\", \"[2001:db8::1]:5300\"]")
        .containsEntry("upstream.servers", "[\"192.0.2.53:53\"]")
        .containsEntry("server.threads", "2")
        .containsEntry("cache.size", "\"128MiB\"")
        .containsEntry("cache.max-ttl", "\"1h\"");
  }

  @Test
  void flagsAreCheckedLikeTheFileAndToldByTheirNames() {
    SettingsException e =
        failure(
            null,
            List.of(
                new Flag("--listen", "server.listen", List.of("::1", "dns")),
                new Flag("--upstream", "upstream.servers", List.of("192.0.2.1", "auto")),
                new Flag("--threads", "server.threads", List.of("two")),
                new Flag("--cache-size", "cache.size", List.of("1KiB")),
                new Flag("--tries", "upstream.tries", List.of("1", "2")),
                new Flag("--set", "cache.sice", List.of("1KiB")),
                new Flag("--set", "bananas", List.of("1"))));

    assertThat(String.valueOf(e.getMessage()).lines())
        .containsExactly(
            "--listen: server.listen: \"dns\" (expected: an IP address with or without a port,"
                + " such as \"192.0.2.1\", \"192.0.2.1:5300\" or \"[2001:db8::1]:5300\")",
            "--upstream: upstream.servers: \"auto\""
                + " (expected: either \"auto\" alone or servers alone)",
            "--threads: server.threads: \"two\" (expected: a whole number)",
            "--tries: upstream.tries: 2 values (expected: one value)",
            "--set: cache.sice: unknown setting (did you mean cache.size?)",
            "--set: bananas: unknown setting"
                + " (expected: one of the tables server, clients, cache, snapshot, lookup, upstream, local, policy, control, metrics, query-log, log)",
            "--cache-size: cache.size: \"1KiB\" (expected: 1MiB to 1TiB)");
  }

  @Test
  void aMistakeOfTheFileIsToldEvenWhereAFlagHolds() {
    Path file = file("cache.size = \"1B\"\n");
    SettingsException e =
        failure(file, List.of(new Flag("--cache-size", "cache.size", List.of("64MiB"))));

    assertThat(e).hasMessage(file + ":1: cache.size: \"1B\" (expected: 1MiB to 1TiB)");
  }

  @Test
  void aWiderListenerWithoutClientsIsDoubtful() {
    assertThat(warnings("server.listen = '0.0.0.0:53'"))
        .singleElement()
        .asString()
        .startsWith("server.listen: 0.0.0.0:53 takes queries of other machines");
    assertThat(warnings("server = { listen = '0.0.0.0', allow = '192.0.2.0/24' }")).isEmpty();
  }

  @Test
  void anOpenResolverIsDoubtful() {
    assertThat(warnings("server = { listen = '*', allow = ['0.0.0.0/0', '::1'] }"))
        .singleElement()
        .asString()
        .startsWith("server.allow: 0.0.0.0/0 lets everyone in who reaches 0.0.0.0:5300");
    assertThat(warnings("server.allow = ['0.0.0.0/0']")).isEmpty();
  }

  @Test
  void aTryAsLongAsTheLookupIsDoubtful() {
    assertThat(warnings("upstream.try-timeout = '2s'\nlookup.deadline = '2s'"))
        .containsExactly(
            "upstream.try-timeout: 2s leaves no time for a second try before lookup.deadline,"
                + " which is 2s");
  }

  private Settings settings(String text) {
    return SettingsLoader.load(file(text), List.of()).settings();
  }

  private List<String> warnings(String text) {
    return SettingsLoader.load(file(text), List.of()).warnings();
  }

  private Servers servers(String value) {
    return settings("[upstream]\nservers = " + value).upstream().servers();
  }

  private List<String> problems(Path file) {
    return failure(file, List.of()).problems().stream().map(Problem::toString).toList();
  }

  private static SettingsException failure(@Nullable Path file, List<Flag> flags) {
    SettingsException e =
        catchThrowableOfType(SettingsException.class, () -> SettingsLoader.load(file, flags));
    assertThat(e).isNotNull();
    return e;
  }

  private Path file(String text) {
    try {
      return Files.writeString(directory.resolve("resolver.toml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress at(String text) {
    return Addresses.parse(text, 1);
  }
}
