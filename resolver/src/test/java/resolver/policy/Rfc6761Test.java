package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Special-use domain names. */
class Rfc6761Test {
  @ParameterizedTest
  @CsvSource({
    "localhost, A, 127.0.0.1",
    "LocalHost, AAAA, 0:0:0:0:0:0:0:1",
    "a.b.localhost, A, 127.0.0.1",
    "a.b.localhost, AAAA, 0:0:0:0:0:0:0:1",
  })
  void section63localhostIsLoopback(String name, String type, String address) {
    assertThat(Special.besidePublic(name, type).answer())
        .singleElement()
        .asString()
        .endsWith(type + " " + address);
    assertThat(Special.isForwardedToPrivate(name, type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MX", "NS", "SOA", "DS", "TXT", "HTTPS"})
  void section63localhostHasNothingElse(String type) {
    for (String name : new String[] {"localhost", "www.localhost"}) {
      Told told = Special.besidePublic(name, type);
      assertThat(told.rcode()).isEqualTo("NOERROR");
      assertThat(told.answer()).isEmpty();
      assertThat(told.authority()).singleElement().asString().startsWith("localhost. 10800 SOA");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "test, A, test.",
    "www.test, AAAA, test.",
    "www.test, NS, test.",
    "invalid, SOA, invalid.",
    "a.b.invalid, A, invalid.",
  })
  void sections62And64testAndInvalidDoNotExist(String name, String type, String zone) {
    Told told = Special.besidePublic(name, type);
    assertThat(told.rcode()).isEqualTo("NXDOMAIN");
    assertThat(told.authority()).singleElement().asString().startsWith(zone + " 60 SOA " + zone);
    assertThat(told.why()).singleElement().asString().contains("RFC 6761");
    assertThat(Special.isForwardedToPrivate(name, type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example", "www.example", "example.com", "www.example.net"})
  void section65examplesAreNoSpecialCase(String name) {
    assertThat(Special.isForwardedToPublic(name, "A")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "com", "arpa", "in-addr.arpa", "latest", "nolocalhost", "localhost.example"})
  void otherNamesGoOnTheirWay(String name) {
    assertThat(Special.isForwardedToPublic(name, "A")).isTrue();
  }
}
