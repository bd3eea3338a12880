package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Address;

class PrivateAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.0",
        "192.168.255.255",
        "::",
        "::1",
        "::10.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::192.168.0.1",
        "fc00::",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80::1",
        "febf::1",
        "fec0::1",
      })
  void thesePrivateAddressesAreKnown(String address) {
    assertThat(isPrivate(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.2.1",
        "192.167.255.255",
        "192.169.0.0",
        "224.0.0.1",
        "::ffff:192.0.2.1",
        "::fffe:10.0.0.1",
        "64:ff9b::192.0.2.1",
        "64:ff9b:1::10.0.0.1",
        "0:0:0:0:1::10.0.0.1",
        "2001:db8::1",
        "2001:db8::10.0.0.1",
        "fbff::1",
        "fe00::1",
        "fe7f::1",
        "ff02::1",
      })
  void othersAreNotPrivate(String address) {
    assertThat(isPrivate(address)).isFalse();
  }

  /** Java makes an IPv4 address of a mapped one; the octets of a record stay as they are. */
  private static boolean isPrivate(String text) {
    int family = text.indexOf(':') < 0 ? Address.IPv4 : Address.IPv6;
    byte[] octets = Address.toByteArray(text, family);
    byte[] amid = new byte[octets.length + 6];
    System.arraycopy(octets, 0, amid, 3, octets.length);
    boolean asOctets = PrivateAddresses.contain(amid, 3, octets.length);
    try {
      assertThat(PrivateAddresses.contain(InetAddress.getByAddress(octets))).isEqualTo(asOctets);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
    return asOctets;
  }
}
