package resolver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1:7",
    "192.0.2.1:53, 192.0.2.1:53",
    "192.0.2.1:0, 192.0.2.1:0",
    "192.0.2.1:65535, 192.0.2.1:65535",
    "2001:db8::1, [2001:db8::1]:7",
    "[2001:DB8::1], [2001:db8::1]:7",
    "[2001:db8::1]:53, [2001:db8::1]:53",
    "0.0.0.0, 0.0.0.0:7",
    "[::], [::]:7",
    "::, [::]:7",
    "' 192.0.2.1:53 ', 192.0.2.1:53",
    "::ffff:192.0.2.1, 192.0.2.1:7",
  })
  void addressesAreReadAndWrittenBack(String text, String expected) {
    InetSocketAddress address = Addresses.parse(text, 7);

    assertThat(address.isUnresolved()).isFalse();
    assertThat(Addresses.format(address)).isEqualTo(expected);
    assertThat(Addresses.parse(expected, 1)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "example.org:53",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1.1:53",
        "[192.0.2.1]:53",
        "[2001:db8::1",
        "2001:db8::1]",
        "[[2001:db8::1]]",
        "[2001:db8::1]53",
        "2001:db8::1::2",
        "192.0.2.1%lo",
        ":53",
        "[]:53",
        "192.0.2.1/24",
      })
  void whatIsNoAddressIsRefusedAndNeverAskedOfDns(String text) {
    assertThatThrownBy(() -> Addresses.parse(text, 53))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("an IP address with or without a port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1:",
        "192.0.2.1:65536",
        "192.0.2.1:-1",
        "192.0.2.1:+53",
        "[::1]:",
        "[::1]:5x"
      })
  void whatIsNoPortIsRefused(String text) {
    assertThatThrownBy(() -> Addresses.parse(text, 53)).hasMessage("a port from 0 to 65535");
  }

  @Test
  void theFamilyIsKept() {
    assertThat(Addresses.parse("0.0.0.0", 1).getAddress()).isInstanceOf(Inet4Address.class);
    assertThat(Addresses.parse("::", 1).getAddress()).isInstanceOf(Inet6Address.class);
  }

  @Test
  void aLinkLocalAddressKeepsItsZone() {
    InetSocketAddress address = Addresses.parse("[fe80::1%7]:53", 1);

    assertThat(((Inet6Address) address.getAddress()).getScopeId()).isEqualTo(7);
    assertThat(Addresses.format(address)).startsWith("[fe80::1%").endsWith("]:53");
    assertThat(Addresses.parse("fe80::1%7", 53)).isEqualTo(address);
  }

  @Test
  void aZoneMustBeAnInterfaceOfThisMachine() {
    for (String zone : List.of("", "no-such-link", "1x")) {
      assertThatThrownBy(() -> Addresses.parse("fe80::1%" + zone, 53))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a network interface of this machine");
    }
  }
}
