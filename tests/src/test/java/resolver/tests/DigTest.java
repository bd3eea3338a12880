package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.settings.Addresses;

/** Clients of everyday use ask an unbound through us, and see what they see when asking it. */
class DigTest {
  /** Names as a zone file spells them, and types. */
  private static final List<String> QUESTIONS =
      List.of(
          "www.example.org A",
          "www.example.org AAAA",
          "www.example.org TYPE65",
          "example.org MX",
          "example.org TXT",
          "example.org NS",
          "example.org SOA",
          "example.org TYPE257",
          "_sip._udp.example.org SRV",
          "unknown.example.org TYPE65280",
          "1.2.0.192.in-addr.arpa PTR",
          "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR",
          "alias.example.org A",
          "alias.example.org CNAME",
          "dangling.example.org CNAME",
          "UPPER.Example.ORG A",
          "upper.example.org A",
          "a\\.b.example.org A",
          "\\000\\032.example.org A",
          Unbound.LONG + " A",
          "some.where.wild.example.org A",
          "signed.example.org A",
          "big.example.org TXT");

  @TempDir static Path directory;
  private static @Nullable Unbound unbound;
  private static @Nullable Serve serve;

  @BeforeAll
  static void start() throws Exception {
    unbound = Unbound.start(directory);
    // The queries that reach unbound are counted.
    serve =
        Serve.in(directory)
            .settings("upstream.loop-probes = false")
            .upstream(unbound.address())
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (serve != null) {
      serve.close();
    }
    if (unbound != null) {
      unbound.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dig,  +notcp, 127.0.0.1",
    "dig,  +tcp,   127.0.0.1",
    "dig,  +notcp, ::1",
    "dig,  +tcp,   ::1",
    "kdig, +notcp, 127.0.0.1",
    "kdig, +tcp,   127.0.0.1",
    "kdig, +notcp, ::1",
    "kdig, +tcp,   ::1",
  })
  void allTypesOfRecordsComeAsFromTheServerItself(String client, String transport, String address)
      throws Exception {
    assumeTrue(FreePort.has(address), "the address " + address + " is missing");
    List<String> flags = new ArrayList<>(List.of("+noall", "+answer", transport));
    for (String question : QUESTIONS) {
      flags.addAll(List.of(question.split(" ", 2)));
    }

    List<String> through = records(ask(client, through(address), flags));

    assertThat(through)
        .isEqualTo(records(ask(client, unbound().address(), flags)))
        .hasSizeGreaterThan(QUESTIONS.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-u", "-t"})
  void drillSeesTheSameToo(String transport) throws Exception {
    for (String question :
        List.of("www.example.org A", "example.org TXT", "unknown.example.org TYPE65280")) {
      List<String> flags = List.of(transport, question.split(" ", 2)[0], question.split(" ", 2)[1]);

      assertThat(answer(ask("drill", through("127.0.0.1"), flags)))
          .isEqualTo(answer(ask("drill", unbound().address(), flags)))
          .isNotEmpty();
    }
  }

  @Test
  void aSecondQueryIsAnsweredFromTheCacheWithItsTtlCountedDown() throws Exception {
    long first = ttl(dig("hop.example.org", "CNAME"));
    int queries = unbound().queries();
    assertThat(first).isBetween(1L, 300L);

    // This takes a second at most.
    long later = first;
    while (later == first) {
      later = ttl(dig("hop.example.org", "CNAME"));
    }

    assertThat(later).isLessThan(first);
    assertThat(unbound().queries()).as("queries upstream").isEqualTo(queries);
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere.example.org,  A,   NXDOMAIN",
    "www.example.org,      MX,  NOERROR",
    "wild.example.org,     A,   NOERROR",
  })
  void aNegativeAnswerHasItsStatusAndItsSoa(String name, String type, String status)
      throws Exception {
    List<String> flags = List.of("+noall", "+comments", "+answer", "+authority", name, type);

    Ran through = ask("dig", through("127.0.0.1"), flags);
    int queries = unbound().queries();
    Ran again = ask("dig", through("127.0.0.1"), flags);

    assertThat(header(through)).contains("status: " + status + ",");
    assertThat(unbound().queries()).as("queries upstream").isEqualTo(queries);
    assertThat(records(through))
        .isEqualTo(records(again))
        .isEqualTo(records(ask("dig", unbound().address(), flags)))
        .anyMatch(record -> record.startsWith("example.org. IN SOA"));
  }

  @Test
  void theHeaderIsThatOfAResolver() throws Exception {
    assertThat(header(dig("www.example.org", "A")))
        .contains("flags: qr rd ra; QUERY: 1, ANSWER: 3");
    assertThat(header(dig("+cdflag", "www.example.org", "A"))).contains("flags: qr rd ra cd;");
    assertThat(header(dig("+norecurse", "www.example.org", "A")))
        .as("from the cache")
        .contains("flags: qr ra; QUERY: 1, ANSWER: 3");
  }

  @Test
  void signaturesComeToThoseWhoWantThem() throws Exception {
    Ran with = dig("+dnssec", "signed.example.org", "A");
    Ran without = dig("signed.example.org", "A");

    assertThat(records(with)).hasSize(2).anyMatch(record -> record.contains(" RRSIG A 13 "));
    assertThat(with.out()).anyMatch(line -> line.startsWith("; EDNS: version: 0, flags: do;"));
    assertThat(records(without)).hasSize(1);
    assertThat(without.out()).anyMatch(line -> line.startsWith("; EDNS: version: 0, flags:;"));
  }

  @Test
  void whatDoesNotFitIsCutAndAskedAgainOverTcp() throws Exception {
    Ran cut = dig("+bufsize=512", "+ignore", "big.example.org", "TXT");
    Ran whole = dig("+bufsize=512", "big.example.org", "TXT");

    assertThat(header(cut)).contains("flags: qr tc rd ra; QUERY: 1, ANSWER: 0");
    assertThat(whole.out()).contains(";; Truncated, retrying in TCP mode.");
    assertThat(whole.out()).anyMatch(line -> line.endsWith("(TCP)"));
    assertThat(header(whole)).contains("flags: qr rd ra; QUERY: 1, ANSWER: 30");
  }

  @Test
  void aQueryWithoutEdnsGetsAnAnswerWithoutIt() throws Exception {
    Ran plain = dig("+noedns", "www.example.org", "A");

    assertThat(header(plain)).contains("ANSWER: 3, AUTHORITY: 0, ADDITIONAL: 0");
    assertThat(header(dig("+noedns", "+ignore", "big.example.org", "TXT")))
        .contains("flags: qr tc rd ra;");
  }

  @Test
  void anUnknownOptionOrFlagOfEdnsIsIgnored() throws Exception {
    Ran option = dig("+ednsopt=65001:c0ffee", "www.example.org", "A");
    Ran flag = dig("+ednsflags=0x0040", "www.example.org", "A");

    assertThat(header(option)).contains("ANSWER: 3");
    assertThat(option.out()).noneMatch(line -> line.contains("OPT=65001"));
    assertThat(header(flag)).contains("ANSWER: 3");
    assertThat(flag.out()).noneMatch(line -> line.contains("MBZ"));
  }

  @Test
  void whatIsNotKnownHereIsNeverAnsweredWithSilence() throws Exception {
    assertThat(header(dig("+opcode=notify", "example.org", "SOA")))
        .contains("opcode: NOTIFY, status: NOTIMP");
    assertThat(header(dig("+opcode=11", "example.org", "SOA"))).contains("status: NOTIMP");
    assertThat(header(dig("+edns=1", "+noednsnegotiation", "www.example.org", "A")))
        .contains("status: BADVERS");
    assertThat(dig("example.org", "AXFR").out()).contains("; Transfer failed.");
    assertThat(header(dig("version.bind", "TXT", "CH"))).contains("status: REFUSED");
    assertThat(header(dig("example.org", "ANY", "+notcp"))).contains("status: NOERROR");
  }

  @Test
  void aClientMayAskManyQuestionsOnOneConnection() throws Exception {
    List<String> flags = new ArrayList<>(List.of("+noall", "+answer", "+tcp", "+keepopen"));
    for (String question : QUESTIONS) {
      flags.addAll(List.of(question.split(" ", 2)));
    }

    Ran asked = ask("dig", through("127.0.0.1"), flags);

    assertThat(records(asked)).hasSizeGreaterThan(QUESTIONS.size());
  }

  private static Unbound unbound() {
    return Objects.requireNonNull(unbound);
  }

  private static InetSocketAddress through(String address) {
    return Addresses.parse(address, Objects.requireNonNull(serve).port());
  }

  private static Ran dig(String... flags) throws Exception {
    return ask("dig", through("127.0.0.1"), List.of(flags));
  }

  private static Ran ask(String client, InetSocketAddress server, List<String> flags)
      throws Exception {
    String address = server.getAddress().getHostAddress();
    List<String> arguments =
        new ArrayList<>(List.of("@" + address, "-p", Integer.toString(server.getPort())));
    arguments.addAll(flags);
    Ran ran = Ran.program(client, arguments);
    assertThat(ran.status()).as(ran.said()).isZero();
    return ran;
  }

  /** The lines of the header, which dig begins with two semicolons. */
  private static String header(Ran asked) {
    List<String> lines = asked.out();
    int at = 0;
    while (at < lines.size() && !lines.get(at).startsWith(";; ->>HEADER<<-")) {
      at++;
    }
    assertThat(lines).as(asked.said()).hasSizeGreaterThan(at + 1);
    return lines.get(at) + "\n" + lines.get(at + 1);
  }

  /** All records, without their TTLs. */
  private static List<String> records(Ran asked) {
    return withoutTtl(asked.out().stream());
  }

  /** The records of the answer section, as drill prints it, without their TTLs. */
  private static List<String> answer(Ran asked) {
    return withoutTtl(
        asked.out().stream()
            .dropWhile(line -> !line.equals(";; ANSWER SECTION:"))
            .takeWhile(line -> !line.isEmpty()));
  }

  private static List<String> withoutTtl(Stream<String> lines) {
    return lines
        .filter(line -> !line.isBlank() && !line.startsWith(";"))
        .map(line -> line.replaceFirst("^(\\S+)\\s+\\d+\\s+(\\S+)\\s+(\\S+)\\s+", "$1 $2 $3 "))
        .toList();
  }

  /** The TTL of the only record. */
  private static long ttl(Ran asked) {
    List<String> records =
        asked.out().stream().filter(line -> !line.isBlank() && !line.startsWith(";")).toList();
    assertThat(records).as(asked.said()).hasSize(1);
    return Long.parseLong(records.get(0).split("\\s+")[1]);
  }
}
