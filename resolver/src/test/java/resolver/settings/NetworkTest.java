package resolver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0, true",
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.0/25, 192.0.2.128, false",
    "192.0.2.0/23, 192.0.3.1, true",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 192.0.2.1, false",
    "::/0, 2001:db8::1, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::, false",
    "2001:db8::/33, 2001:db8:8000::, false",
    "::ffff:192.0.2.0/120, 192.0.2.7, true",
    "::ffff:192.0.2.0/120, 192.0.3.7, false",
  })
  void anAddressLiesInItOrNot(String network, String address, boolean expected)
      throws UnknownHostException {
    assertThat(Network.parse(network).contains(InetAddress.getByName(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.77/24, 192.0.2.0/24",
    "192.0.2.255/31, 192.0.2.254/31",
    "192.0.2.1, 192.0.2.1/32",
    "255.255.255.255/0, 0.0.0.0/0",
    "2001:db8::1/33, 2001:db8::/33",
    "::1, ::1/128",
    "' ::1/128 ', ::1/128",
    "::ffff:192.0.2.1, 192.0.2.1/32",
  })
  void bitsBehindThePrefixDoNotCount(String text, String expected) {
    Network network = Network.parse(text);

    assertThat(network).hasToString(expected).isEqualTo(Network.parse(expected));
    assertThat(network.hashCode()).isEqualTo(Network.parse(expected).hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "192.0.2/24",
        "192.0.2.0/",
        "192.0.2.0/-1",
        "192.0.2.0/+8",
        "192.0.2.0/24/8",
        "192.0.2.0/1000",
        "example.org/8",
        "[::1]/128",
        "fe80::%lo/64",
        "192.0.2.0/255.255.255.0"
      })
  void whatIsNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("an address or a network");
  }

  @Test
  void aPrefixIsNoLongerThanAnAddress() {
    assertThatThrownBy(() -> Network.parse("192.0.2.0/33"))
        .hasMessage("a prefix length from 0 to 32");
    assertThatThrownBy(() -> Network.parse("::/129")).hasMessage("a prefix length from 0 to 128");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.0/8, true",
    "127.0.0.0/8, 127.0.0.0/8, true",
    "126.0.0.0/7, 127.0.0.0/8, false",
    "0.0.0.0/0, 127.0.0.0/8, false",
    "::1, 127.0.0.0/8, false",
    "::1, ::/0, true",
  })
  void aNetworkLiesWithinAWiderOne(String inner, String outer, boolean expected) {
    assertThat(Network.parse(inner).isWithin(Network.parse(outer))).isEqualTo(expected);
  }

  @Test
  void containmentAgreesWithArithmetic() throws UnknownHostException {
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextBoolean() ? 4 : 16;
      byte[] octets = new byte[length];
      random.nextBytes(octets);
      // Not the few prefixes that mean IPv4.
      octets[0] |= 1;
      int bits = random.nextInt(length * 8 + 1);
      byte[] other = octets.clone();
      int flipped = random.nextInt(length * 8);
      other[flipped / 8] ^= (byte) (0x80 >> flipped % 8);

      Network network =
          Network.parse(InetAddress.getByAddress(octets).getHostAddress() + "/" + bits);

      int shift = length * 8 - bits;
      boolean expected =
          new BigInteger(1, octets)
              .shiftRight(shift)
              .equals(new BigInteger(1, other).shiftRight(shift));
      assertThat(network.contains(InetAddress.getByAddress(other)))
          .as("seed %d, round %d: %s, bit %d flipped", seed, i, network, flipped)
          .isEqualTo(expected);
    }
  }
}
