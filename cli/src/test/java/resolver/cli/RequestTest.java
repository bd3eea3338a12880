package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;

class RequestTest {
  @Test
  void aNameAloneAsksForBothAddresses() {
    Request request = parse("example.org");

    assertThat(request.name()).hasToString("example.org.");
    assertThat(request.types()).containsExactly(Type.A, Type.AAAA);
    assertThat(request.bothAddresses()).isTrue();
    assertThat(request.server()).isNull();
  }

  @Test
  void typesAreMnemonicsInAnyCaseOrNumbersAndCountOnce() {
    assertThat(parse("example.org", "mx", "TYPE65280", "type15", "28", "Https").types())
        .containsExactly(Type.MX, 65280, Type.AAAA, Type.HTTPS);
  }

  @Test
  void theServerMayStandAnywhere() {
    ServerWord expected = new ServerWord("192.0.2.53", 5300);
    assertThat(parse("@192.0.2.53:5300", "example.org", "A").server()).isEqualTo(expected);
    assertThat(parse("example.org", "@192.0.2.53:5300", "A").server()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 1.2.0.192.in-addr.arpa.",
    "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
    "[::1], 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."
  })
  void anAddressAsksForItsName(String address, String name) {
    Request request = parse(address);

    assertThat(request.name()).hasToString(name);
    assertThat(request.types()).containsExactly(Type.PTR);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org.",
    "Example.ORG., Example.ORG.",
    "192.0.2.300., 192.0.2.300.",
    "., .",
    "_sip._tcp.example.org, _sip._tcp.example.org.",
    "0/25.2.0.192.in-addr.arpa, 0/25.2.0.192.in-addr.arpa.",
    "b\u00fccher.example, xn--bcher-kva.example.",
    "a\\.b.example, a\\.b.example.",
    "serve, serve."
  })
  void namesAreAbsolute(String word, String name) {
    assertThat(parse(word).name()).hasToString(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | empty",
        "a..b | dot too many",
        ".a | dot too many",
        "a\\300b | backslash",
        "https://www.example.org:443/x | resolve www.example.org",
        "example.org:80 | no port",
        "192.0.2.300 | looks like an IP address",
        "192.0.2.0/24 | network",
        "fe80::1%eth0 | zone",
        "root@example.org | word of its own",
        "'two words' | space",
        "+short | --help",
        "b\u00fc..cher | no valid name"
      })
  void oddNamesAreRefusedWithAWayOut(String word, String reason) {
    assertThatThrownBy(() -> parse(word))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void namesAndLabelsHaveTheLengthThatTheProtocolGives() {
    String label = "x".repeat(63);
    String longest = label + "." + label + "." + label + "." + "x".repeat(61);
    assertThat(parse(longest).name().length()).isEqualTo((short) 255);
    assertThatThrownBy(() -> parse(longest + "x")).hasMessageContaining("255 octets");
    assertThatThrownBy(() -> parse("x" + label)).hasMessageContaining("63 octets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MXX | did you mean MX?",
        "aaa | did you mean AAAA?",
        "nonsense | no type of records",
        "0 | reserved",
        "65536 | largest number",
        "99999999999 | largest number",
        "AXFR | zone transfers",
        "opt | protocol"
      })
  void oddTypesAreRefused(String type, String reason) {
    assertThatThrownBy(() -> parse("example.org", type))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void whatStandsInTheWrongPlaceIsTold() {
    assertThatThrownBy(() -> parse("MX", "example.org"))
        .hasMessage("the name comes first: resolve example.org MX");
    assertThatThrownBy(() -> parse("example.org", "example.net"))
        .hasMessageContaining("second name");
    assertThatThrownBy(() -> parse("chek", "a.toml"))
        .hasMessageContaining("did you mean the command \"check\"?");
    assertThatThrownBy(() -> parse("@192.0.2.1")).hasMessageContaining("what name?");
    assertThatThrownBy(() -> parse("a", "@192.0.2.1", "@192.0.2.2"))
        .hasMessageContaining("second server");
    String[] many = IntStream.range(300, 317).mapToObj(Integer::toString).toArray(String[]::new);
    many[0] = "example.org";
    assertThat(parse(many).types()).hasSize(16);
    String[] tooMany = IntStream.range(300, 318).mapToObj(Integer::toString).toArray(String[]::new);
    tooMany[0] = "example.org";
    assertThatThrownBy(() -> parse(tooMany)).hasMessageContaining("at most 16");
  }

  @ParameterizedTest
  @CsvSource({
    "@192.0.2.1, 192.0.2.1, 53",
    "@192.0.2.1:5300, 192.0.2.1, 5300",
    "@2001:db8::1, 2001:db8::1, 53",
    "@[2001:db8::1], 2001:db8::1, 53",
    "@[2001:db8::1]:5300, 2001:db8::1, 5300",
    "@fe80::1%eth0, fe80::1%eth0, 53",
    "@ns.example.org:5300, ns.example.org, 5300",
    "@localhost, localhost, 53"
  })
  void serversAreAddressesOrNames(String word, String host, int port) {
    assertThat(ServerWord.parse(word)).isEqualTo(new ServerWord(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@",
        "@:53",
        "@[2001:db8::1",
        "@[2001:db8::1]53",
        "@192.0.2.1:",
        "@192.0.2.1:0",
        "@a:65536",
        "@a:b",
        "@2001:db8:::1",
        "@[]:53"
      })
  void oddServersAreRefusedWithWhatIsExpected(String word) {
    assertThatThrownBy(() -> ServerWord.parse(word))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(word)
        .hasMessageContaining("expected: @HOST");
  }

  private static Request parse(String... words) {
    return Request.parse(List.of(words));
  }
}
