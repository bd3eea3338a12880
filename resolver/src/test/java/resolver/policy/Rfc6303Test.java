package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Address;
import org.xbill.DNS.ReverseMap;

/** Locally served reverse zones; with RFC 7793 those of 100.64.0.0/10. */
class Rfc6303Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.178.1",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "fd00::1",
        "fdff:ffff::1",
        "2001:db8::1",
      })
  void section4namesOfSiteAddressesStayHereUnlessTheUpstreamIsOfTheSite(String address) {
    String name = reverse(address);
    assertThat(Special.besidePublic(name, "PTR"))
        .returns("NXDOMAIN", Told::rcode)
        .satisfies(told -> assertThat(told.authority()).hasSize(1));
    assertThat(Special.isForwardedToPrivate(name, "PTR")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "127.0.0.2",
        "169.254.1.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "fe90::1",
        "fea0::1",
        "feb0::1",
      })
  void section4namesOfAMachinesOwnAddressesAlwaysStayHere(String address) {
    Told told = Special.besidePublic(reverse(address), "PTR");
    assertThat(told.answer()).isEmpty();
    assertThat(told.authority()).singleElement().asString().contains(" 10800 SOA ");
    assertThat(Special.isForwardedToPrivate(reverse(address), "PTR")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9.255.255.255",
        "11.0.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.169.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "169.253.0.1",
        "192.0.3.1",
        "fc00::1",
        "fec0::1",
        "::2",
        "2001:db9::1",
        "2001:500::1",
      })
  void namesOfOtherAddressesGoOnTheirWay(String address) {
    assertThat(Special.isForwardedToPublic(reverse(address), "PTR")).isTrue();
  }

  @Test
  void section3theZoneItselfHasAnSoaAndAnNsRecord() {
    String zone = "10.in-addr.arpa";
    assertThat(Special.besidePublic(zone, "SOA").answer())
        .containsExactly(
            "10.in-addr.arpa. 60 SOA 10.in-addr.arpa. nobody.invalid. 1 3600 1200 604800 60");
    assertThat(Special.besidePublic(zone, "NS").answer())
        .containsExactly("10.in-addr.arpa. 60 NS 10.in-addr.arpa.");
    assertThat(Special.besidePublic("127.in-addr.arpa", "SOA").answer())
        .containsExactly(
            "127.in-addr.arpa. 10800 SOA 127.in-addr.arpa. nobody.invalid."
                + " 1 3600 1200 604800 10800");
    Told nodata = Special.besidePublic(zone, "A");
    assertThat(nodata.rcode()).isEqualTo("NOERROR");
    assertThat(nodata.authority()).hasSize(1);
    assertThat(Special.besidePublic("x." + zone, "SOA").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void dsOfTheZoneIsTheParents() {
    assertThat(Special.isForwardedToPublic("10.in-addr.arpa", "DS")).isTrue();
    assertThat(Special.isForwardedToPublic("1.10.in-addr.arpa", "DS")).isFalse();
  }

  @Test
  void theLoopbackAddressesAreLocalhost() {
    for (String address : new String[] {"127.0.0.1", "::1"}) {
      assertThat(Special.besidePublic(reverse(address), "PTR").answer())
          .singleElement()
          .asString()
          .endsWith(" 10800 PTR localhost.");
      Told nodata = Special.besidePublic(reverse(address), "TXT");
      assertThat(nodata.rcode()).isEqualTo("NOERROR");
      assertThat(nodata.authority()).hasSize(1);
    }
    assertThat(Special.besidePublic("x.1.0.0.127.in-addr.arpa", "PTR").rcode())
        .isEqualTo("NXDOMAIN");
  }

  private static String reverse(String address) {
    int family = address.indexOf(':') < 0 ? Address.IPv4 : Address.IPv6;
    return ReverseMap.fromAddress(Address.toByteArray(address, family)).toString();
  }
}
