package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.query.Transport;
import resolver.settings.Addresses;

class ServerWordsTest {
  private static final String HASH = "K8sGjeywLGqv9cUy/PKrBsDZhE1lHDbPTGBk+4gjyDw=";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.53:53",
        "[2001:db8::53]:5353",
        "tls://192.0.2.53#dns.example",
        "tls://[2001:db8::53]",
        "tls://[2001:db8::53]:8853#dns.example",
        "tls://dns.example",
        "tls://dns.example:8853",
        "tls://192.0.2.53:8853?pin-sha256=" + HASH,
        "tls://192.0.2.53?pin-sha256=" + HASH + "&pin-sha256=" + HASH + "#dns.example",
        "https://dns.example/dns-query",
        "https://dns.example:8443/dns-query{?dns}",
        "https://192.0.2.53/dns-query#dns.example",
        "https://[2001:db8::53]/q{?dns}?pin-sha256=" + HASH,
      })
  void whatIsWrittenIsReadAgain(String text) {
    Server server = ServerWords.parse(text);
    assertThat(ServerWords.format(server)).isEqualTo(text);
    assertThat(ServerWords.parse(ServerWords.format(server))).isEqualTo(server);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.53, 192.0.2.53:53",
    "2001:db8::53, [2001:db8::53]:53",
    "' tls://DNS.Example. ', tls://dns.example",
    "TLS://192.0.2.53/, tls://192.0.2.53",
    "tls://dns.example:853, tls://dns.example",
    "https://dns.example:443/q, https://dns.example/q",
    "tls://bücher.example, tls://xn--bcher-kva.example",
  })
  void otherSpellingsMeanTheSame(String text, String meant) {
    assertThat(ServerWords.parse(text)).hasToString(meant);
  }

  @Test
  void whatAServerIs() {
    Server tls = ServerWords.parse("tls://192.0.2.53#dns.example");
    assertThat(tls.address()).isEqualTo(Addresses.parse("192.0.2.53", 853));
    assertThat(tls.identity()).isEqualTo("dns.example");
    assertThat(tls.isTrusted()).isTrue();
    assertThat(tls.protocol().transport()).isEqualTo(Transport.TLS);

    Server named = ServerWords.parse("https://dns.example/dns-query");
    assertThat(named.hasAddress()).isFalse();
    Server found = named.at(Addresses.parse("2001:db8::53", 0).getAddress());
    assertThat(found).hasToString("https://[2001:db8::53]/dns-query#dns.example");
    assertThat(found.identity()).isEqualTo("dns.example");
    assertThat(found.protocol().transport()).isEqualTo(Transport.HTTPS);

    assertThat(ServerWords.parse("tls://[2001:db8::53]").identity()).isEqualTo("2001:db8::53");
    assertThat(ServerWords.parse("192.0.2.53").isTrusted()).isFalse();
    assertThat(ServerWords.parse("127.0.0.1").isTrusted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns.example | a server such as",
        "quic://192.0.2.53 | a server such as",
        "tls:// | a server such as",
        "tls://192.0.2.300 | an IP address",
        "tls://192.0.2.53:0 | the address and port of one server",
        "tls://0.0.0.0 | the address and port of one server",
        "tls://dns.example:99999 | a port from 0 to 65535",
        "tls://192.0.2.53/dns-query | no path behind tls://",
        "tls://192.0.2.53# | a host name such as",
        "tls://192.0.2.53#192.0.2.53 | a host name such as",
        "tls://dns.example#other.example | a host name such as",
        "tls://192.0.2.53?pin=x | no parameter but pin-sha256=",
        "tls://192.0.2.53?pin-sha256=AAAA | no parameter but pin-sha256=",
        "tls://192.0.2.53?pin-sha256=*** | no parameter but pin-sha256=",
        "https://dns.example | the path that queries go to",
        "https://dns.example/ | the path that queries go to",
        "https://dns.example/q?dns=x | no parameter but pin-sha256=",
        "192.0.2.53#dns.example | a server such as",
        "192.0.2.53:dns | a server such as",
        "0.0.0.0 | the address and port of one server",
        "224.0.0.251 | the address and port of one server"
      })
  void mistakesAreToldWithWhatIsExpected(String text, String expected) {
    assertThatThrownBy(() -> ServerWords.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  /** RFC 1035 section 2.3.4. */
  @Test
  void aNameIsNoLongerThanDnsAllows() {
    String label = "a".repeat(63);
    String longest = (label + ".").repeat(3) + "a".repeat(61);
    assertThat(ServerWords.parse("tls://" + longest + ".").identity()).isEqualTo(longest);
    for (String tooLong : List.of(label + "a.example", "dns." + label + "a", longest + "a")) {
      for (String text :
          List.of(
              "tls://" + tooLong,
              "tls://" + tooLong + ".:853",
              "https://" + tooLong + "/dns-query",
              "tls://192.0.2.53#" + tooLong)) {
        assertThatThrownBy(() -> ServerWords.parse(text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("at most 253 characters, with at most 63 between its dots");
      }
      assertThat(ServerWords.hostName(tooLong)).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dns.example 192.0.2.1 2001:db8::1, dns.example 192.0.2.1 2001:db8::1",
    "DNS.example.   192.0.2.1, dns.example 192.0.2.1",
    "192.0.2.53, 192.0.2.53:53",
    "[2001:db8::53]:5353, [2001:db8::53]:5353",
  })
  void wordsOfTheBootstrapAreReadAndWritten(String text, String written) {
    BootstrapWord word = BootstrapWord.parse(text);
    assertThat(word).hasToString(written);
    assertThat(BootstrapWord.parse(word.toString())).isEqualTo(word);
  }

  @Test
  void ofANameOfTheBootstrapThatIsTooLongItIsToldThatItIs() {
    String tooLong = "a".repeat(64) + ".example";
    for (String text : List.of(tooLong + " 192.0.2.1", tooLong)) {
      assertThatThrownBy(() -> BootstrapWord.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most 253 characters, with at most 63 between its dots");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dns.example",
        "dns.example 192.0.2",
        "dns.example 192.0.2.1:53",
        "192.0.2.1 192.0.2.2",
        "tls://192.0.2.1",
        ""
      })
  void mistakesOfTheBootstrapAreTold(String text) {
    assertThatThrownBy(() -> BootstrapWord.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).*(address|server).*");
  }
}
