package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Answers;
import resolver.query.Question;
import resolver.settings.DomainNames;
import resolver.settings.SettingException;

class LocalZonesTest {
  private static final String SOA =
      "office.example. 60 SOA office.example. nobody.invalid. 1 3600 1200 604800 60";

  @Test
  void recordsOfANameAreItsAnswerInTheirOrder() {
    LocalZones zones = records("nas.example.org 60 A 192.0.2.9", "nas.example.org 30 A 192.0.2.8");
    Told told = told(zones, "NAS.example.org", "A");
    assertThat(told.rcode()).isEqualTo("NOERROR");
    assertThat(told.answer())
        .as("with one TTL, RFC 2181 section 5.2")
        .containsExactly("nas.example.org. 30 A 192.0.2.9", "nas.example.org. 30 A 192.0.2.8");
    assertThat(told.authority()).isEmpty();
    assertThat(told.why()).containsExactly("from local.records of the settings");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.example.org. 300 MX 10 Mail.example.org.",
        "x.example.org. 300 TXT \"a b\" \"c d\"",
        "x.example.org. 300 SRV 1 2 53 ns.example.org.",
        "x.example.org. 300 NS ns.example.org.",
        "x.example.org. 300 SVCB 1 . port=853",
        "x.example.org. 300 HTTPS 1 . ipv4hint=192.0.2.1",
        "x.example.org. 300 CAA 0 issue \"ca.example\"",
        "x.example.org. 300 TYPE65280 \\# 2 0102",
        "x.example.org. 300 SOA a.example. b.example. 1 2 3 4 5",
      })
  void everyTypeIsServedAsItIs(String record) {
    String type = record.split(" ")[2];
    assertThat(told(records(record), "x.example.org", type).answer()).containsExactly(record);
  }

  @Test
  void aNameWithARecordHasNoOtherTypes() {
    LocalZones zones = records("nas.example.org A 192.0.2.9");
    Told told = told(zones, "nas.example.org", "AAAA");
    assertThat(told.rcode()).isEqualTo("NOERROR");
    assertThat(told.answer()).isEmpty();
    assertThat(told.authority())
        .as("RFC 2308 section 3: with an SOA, so that it can be kept")
        .containsExactly(
            "nas.example.org. 60 SOA nas.example.org. nobody.invalid. 1 3600 1200 604800 60");
  }

  @Test
  void outsideOfZonesOnlyTheNamesOfRecordsAreKnown() {
    LocalZones zones = records("a.b.example.org A 192.0.2.9");
    assertThat(zones.answer(Answers.question("b.example.org", "A"))).isNull();
    assertThat(zones.answer(Answers.question("x.a.b.example.org", "A"))).isNull();
    assertThat(zones.answer(Answers.question("c.b.example.org", "A"))).isNull();
  }

  @Test
  void whatAZoneDoesNotHaveDoesNotExist() {
    LocalZones zones = zone("office.example", "nas.office.example A 192.0.2.9");
    Told missing = told(zones, "nosuch.office.example", "A");
    assertThat(missing.rcode()).isEqualTo("NXDOMAIN");
    assertThat(missing.authority()).containsExactly(SOA);
    assertThat(missing.why())
        .containsExactly("from the zone office.example. in local.zones of the settings");
    assertThat(told(zones, "x.nas.office.example", "A").rcode()).isEqualTo("NXDOMAIN");
    assertThat(told(zones, "nas.office.example", "A").answer()).hasSize(1);
    assertThat(told(zones, "nas.office.example", "TXT").authority()).containsExactly(SOA);
    assertThat(zones.answer(Answers.question("example", "A"))).isNull();
  }

  @Test
  void theTopOfAZoneExists() {
    LocalZones zones = zone("office.example");
    assertThat(told(zones, "office.example", "A").rcode()).isEqualTo("NOERROR");
    assertThat(told(zones, "office.example", "SOA").answer()).containsExactly(SOA);
  }

  @Test
  void rfc2308Section3aZonesOwnSoaSaysHowLongNegativeAnswersHold() {
    LocalZones zones =
        zone("office.example", "office.example 600 SOA ns.example. me.example. 7 2 3 4 90");
    assertThat(told(zones, "nosuch.office.example", "A").authority())
        .containsExactly("office.example. 90 SOA ns.example. me.example. 7 2 3 4 90");
    assertThat(told(zones, "office.example", "SOA").answer())
        .containsExactly("office.example. 600 SOA ns.example. me.example. 7 2 3 4 90");
  }

  @Test
  void rfc4592Section222anEmptyNonTerminalIsNodata() {
    LocalZones zones = zone("office.example", "a.b.c.office.example A 192.0.2.9");
    for (String name : List.of("b.c.office.example", "c.office.example")) {
      Told told = told(zones, name, "A");
      assertThat(told.rcode()).as(name).isEqualTo("NOERROR");
      assertThat(told.authority()).containsExactly(SOA);
    }
    assertThat(told(zones, "x.b.c.office.example", "A").rcode()).isEqualTo("NXDOMAIN");
  }

  /** The zone and the questions of RFC 4592 section 2.2.1. */
  @Test
  void rfc4592Section221theExamplesHold() {
    LocalZones zones =
        zone(
            "example",
            "example 3600 NS ns.example.com",
            "*.example 3600 TXT \"this is a wildcard\"",
            "*.example 3600 MX 10 host1.example",
            "sub.*.example 3600 TXT \"this is not a wildcard\"",
            "host1.example 3600 A 192.0.2.1",
            "_ssh._tcp.host1.example 3600 SRV 1 1 22 host1.example",
            "_ssh._tcp.host2.example 3600 SRV 1 1 22 host2.example");
    assertThat(told(zones, "host3.example", "MX").answer())
        .containsExactly("host3.example. 3600 MX 10 host1.example.");
    assertThat(told(zones, "host3.example", "A"))
        .returns("NOERROR", Told::rcode)
        .returns(List.of(), Told::answer);
    assertThat(told(zones, "foo.bar.example", "TXT").answer())
        .containsExactly("foo.bar.example. 3600 TXT \"this is a wildcard\"");
    assertThat(told(zones, "host1.example", "MX")).returns(List.of(), Told::answer);
    assertThat(told(zones, "sub.*.example", "MX")).returns(List.of(), Told::answer);
    assertThat(told(zones, "_telnet._tcp.host1.example", "SRV")).returns("NXDOMAIN", Told::rcode);
    assertThat(told(zones, "ghost.*.example", "MX")).returns("NXDOMAIN", Told::rcode);
    assertThat(told(zones, "*.example", "TXT").answer())
        .as("section 2.3: asked by its own name it is a name like others")
        .containsExactly("*.example. 3600 TXT \"this is a wildcard\"");
  }

  @Test
  void aWildcardNeedsNoZone() {
    LocalZones zones = records("*.dev.example.org A 127.0.0.1", "a.b.dev.example.org A 192.0.2.9");
    assertThat(told(zones, "x.y.dev.example.org", "A").answer())
        .containsExactly("x.y.dev.example.org. 300 A 127.0.0.1");
    assertThat(told(zones, "x.dev.example.org", "AAAA").rcode()).isEqualTo("NOERROR");
    assertThat(zones.answer(Answers.question("dev.example.org", "A"))).isNull();
    assertThat(zones.answer(Answers.question("x.b.dev.example.org", "A")))
        .as("b.dev.example.org exists, and has no wildcard")
        .isNull();
  }

  @Test
  void aWildcardBelowTheRootOfAllNamesWorks() {
    LocalZones zones = zone(".", "*. A 192.0.2.9");
    assertThat(told(zones, "x.example", "A").answer())
        .containsExactly("x.example. 300 A 192.0.2.9");
    assertThat(told(zones, ".", "A").rcode()).isEqualTo("NOERROR");
  }

  @Test
  void rfc1034Section362anAliasIsFollowed() {
    LocalZones zones =
        records(
            "www.example.org CNAME Web.example.org",
            "web.example.org CNAME host.example.org",
            "host.example.org A 192.0.2.9");
    assertThat(told(zones, "www.example.org", "A").answer())
        .containsExactly(
            "www.example.org. 300 CNAME Web.example.org.",
            "Web.example.org. 300 CNAME host.example.org.",
            "host.example.org. 300 A 192.0.2.9");
    assertThat(told(zones, "www.example.org", "CNAME").answer())
        .containsExactly("www.example.org. 300 CNAME Web.example.org.");
  }

  @Test
  void rfc6604TheRcodeIsThatOfTheEndOfTheChain() {
    LocalZones zones =
        zone(
            "office.example",
            "a.office.example CNAME nosuch.office.example",
            "b.office.example CNAME host.office.example",
            "host.office.example A 192.0.2.9");
    Told missing = told(zones, "a.office.example", "A");
    assertThat(missing.rcode()).isEqualTo("NXDOMAIN");
    assertThat(missing.answer()).hasSize(1);
    assertThat(missing.authority()).containsExactly(SOA);
    Told nodata = told(zones, "b.office.example", "AAAA");
    assertThat(nodata.rcode()).isEqualTo("NOERROR");
    assertThat(nodata.answer()).hasSize(1);
    assertThat(nodata.authority()).containsExactly(SOA);
  }

  @Test
  void anAliasThatLeadsOutIsAnsweredAsItIs() {
    LocalZones zones = records("www.office.example CNAME www.example.org");
    Told told = told(zones, "www.office.example", "A");
    assertThat(told.rcode()).isEqualTo("NOERROR");
    assertThat(told.answer()).containsExactly("www.office.example. 300 CNAME www.example.org.");
    assertThat(told.authority()).isEmpty();
  }

  @Test
  void aWildcardMayBeAnAlias() {
    LocalZones zones = records("*.dev.example CNAME host.example", "host.example A 192.0.2.9");
    assertThat(told(zones, "x.dev.example", "A").answer())
        .containsExactly("x.dev.example. 300 CNAME host.example.", "host.example. 300 A 192.0.2.9");
  }

  @Test
  void aliasesInACircleEndInServfail() {
    LocalZones zones = records("a.example CNAME b.example", "b.example CNAME a.example");
    assertThat(told(zones, "a.example", "A").rcode()).isEqualTo("SERVFAIL");
    assertThat(told(chain(11), "n0.example", "A").answer()).hasSize(12);
    assertThat(told(chain(12), "n0.example", "A").rcode()).isEqualTo("SERVFAIL");
  }

  @Test
  void aZoneWithinAZoneHasItsOwnAnswers() {
    LocalZones zones =
        zones(
            List.of("example", "sub.example"),
            "*.example A 192.0.2.9",
            "a.sub.example A 192.0.2.8");
    assertThat(told(zones, "x.sub.example", "A").rcode()).isEqualTo("NXDOMAIN");
    assertThat(told(zones, "x.sub.example", "A").authority().get(0)).startsWith("sub.example.");
    assertThat(told(zones, "x.example", "A").answer()).hasSize(1);
  }

  @Test
  void theLongestNameHasItsAnswerToo() {
    String name = ("x".repeat(63) + ".").repeat(3) + "y".repeat(61);
    LocalZones zones = zone(name, name + ". A 192.0.2.9");
    assertThat(told(zones, name, "A").answer()).hasSize(1);
    assertThat(told(zones, name, "TXT").authority()).hasSize(1);
  }

  @Test
  void whatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> records("a.example CNAME b.example", "a.example CNAME c.example"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("\"a.example CNAME c.example\"");
    assertThatThrownBy(() -> records("a.example TXT x", "A.example CNAME b.example"))
        .isInstanceOf(SettingException.class);
    String soa = "a.example SOA a.example b.example 1 2 3 4 ";
    assertThatThrownBy(() -> records(soa + 5, soa + 6)).isInstanceOf(SettingException.class);
    String[] many =
        IntStream.range(0, 4100)
            .mapToObj(i -> "a.example A 192.0." + i / 256 + "." + i % 256)
            .toArray(String[]::new);
    assertThatThrownBy(() -> records(many))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("4100 of a.example. A");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "; a comment",
        "a.example",
        "a.example A",
        "a.example A 192.0.2",
        "a.example A 192.0.2.1 5",
        "a.example CH TXT x",
        "a.example OPT \\# 0",
        "a.example TYPE0 \\# 0",
        "a.example TYPE255 \\# 0",
        "a.example DNAME b.example",
        "$ORIGIN example",
        "$INCLUDE /etc/passwd",
        "$GENERATE 1-1000000000 a$ A 192.0.2.1",
        "a.example A 192.0.2.1\nb.example A 192.0.2.1",
        "b\u00fccher.example A 192.0.2.1",
        "a.example TXT \"open",
        "a..example A 192.0.2.1",
      })
  void whatIsNoRecordIsRefused(String text) {
    assertThatThrownBy(() -> LocalRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static LocalZones chain(int links) {
    return records(
        IntStream.rangeClosed(0, links)
            .mapToObj(
                i ->
                    i == links
                        ? "n" + i + ".example A 192.0.2.9"
                        : "n" + i + ".example CNAME n" + (i + 1) + ".example")
            .toArray(String[]::new));
  }

  private static Told told(LocalZones zones, String name, String type) {
    Question question = Answers.question(name, type);
    return Told.of(question, zones.answer(question));
  }

  private static LocalZones records(String... records) {
    return zones(List.of(), records);
  }

  private static LocalZones zone(String zone, String... records) {
    return zones(List.of(zone), records);
  }

  private static LocalZones zones(List<String> zones, String... records) {
    Stream<LocalRecord> parsed = Arrays.stream(records).map(LocalRecord::parse);
    return LocalZones.of(parsed.toList(), zones.stream().map(DomainNames::parse).toList());
  }
}
