package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that single RFCs have given a special use; for the others see the classes by RFC. */
class SpecialNamesTest {
  @ParameterizedTest
  @CsvSource({
    "printer.local, local., RFC 6762",
    "local, local., RFC 6762",
    "x.onion, onion., RFC 7686",
    "a.b.alt, alt., RFC 9476",
  })
  void rfc6762Rfc7686Rfc9476namesOfOtherSystemsDoNotExistInDns(
      String name, String zone, String rfc) {
    for (String type : new String[] {"A", "SOA", "NS", "TXT"}) {
      Told told = Special.besidePublic(name, type);
      assertThat(told.rcode()).isEqualTo("NXDOMAIN");
      assertThat(told.authority()).singleElement().asString().startsWith(zone);
      assertThat(told.why()).singleElement().asString().contains(rfc);
      assertThat(Special.isForwardedToPrivate(name, type)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"nas.home.arpa, NXDOMAIN", "home.arpa, NOERROR"})
  void rfc8375Section4homeIsServedHereUnlessTheUpstreamIsOfTheSite(String name, String rcode) {
    Told told = Special.besidePublic(name, "A");
    assertThat(told.rcode()).isEqualTo(rcode);
    assertThat(told.authority()).singleElement().asString().startsWith("home.arpa. 60 SOA");
    assertThat(Special.isForwardedToPrivate(name, "A")).isTrue();
  }

  @Test
  void rfc8375Section4dsOfHomeIsForwardedAndNothingElseIs() {
    assertThat(Special.isForwardedToPublic("home.arpa", "DS")).isTrue();
    assertThat(Special.isForwardedToPublic("nas.home.arpa", "DS")).isFalse();
    assertThat(Special.besidePublic("home.arpa", "NS").answer())
        .containsExactly("home.arpa. 60 NS home.arpa.");
  }

  @ParameterizedTest
  @CsvSource({
    "_dns.resolver.arpa, SVCB",
    "_dns.resolver.arpa, A",
    "resolver.arpa, NS",
    "resolver.arpa, SOA",
    "x.resolver.arpa, TXT"
  })
  void rfc9462Section64questionsForTheResolverItselfAreNodata(String name, String type) {
    Told told = Special.besidePublic(name, type);
    assertThat(told.rcode()).isEqualTo("NOERROR");
    assertThat(told.answer()).isEmpty();
    assertThat(told.authority()).singleElement().asString().startsWith("resolver.arpa. 60 SOA");
    assertThat(Special.isForwardedToPrivate(name, type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4only.arpa", "170.0.0.192.in-addr.arpa", "171.0.0.192.in-addr.arpa"})
  void rfc8880Section71withoutDns64NothingIsSpecialAboutIpv4only(String name) {
    assertThat(Special.isForwardedToPublic(name, "AAAA")).isTrue();
  }
}
