package resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  /** Of the authors' own table: the key 0, 1, 2 ... 15, the octets 0, 1, 2 ... */
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5",
    "63, 958a324ceb064572"
  })
  void hashesAreThoseOfTheAuthors(int length, String expected) {
    byte[] octets = new byte[100];
    for (int i = 0; i < length; i++) {
      octets[7 + i] = (byte) i;
    }
    long hash = SipHash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, octets, 7, length);
    assertThat(Long.toHexString(hash)).isEqualTo(expected);
  }
}
