package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import resolver.observe.QueryLogSettings.Clients;

class ClientWordsTest {
  private static final byte[] KEY = "what nobody knows".getBytes(StandardCharsets.UTF_8);
  private static final InetAddress ONE = address("192.0.2.77");
  private static final InetAddress OTHER = address("192.0.2.78");

  @Test
  void oneClientAlwaysHasTheSameHashAndNoOtherHasIt() {
    ClientWords words = new ClientWords(Clients.HASHED, KEY);
    assertThat(words.of(ONE))
        .matches("[0-9a-f]{16}")
        .isEqualTo(words.of(ONE))
        .isEqualTo(new ClientWords(Clients.HASHED, KEY).of(ONE))
        .isNotEqualTo(words.of(OTHER));
  }

  @Test
  void anotherKeyGivesOtherHashes() {
    String known = new ClientWords(Clients.HASHED, KEY).of(ONE);
    assertThat(new ClientWords(Clients.HASHED, ClientWords.randomKey()).of(ONE))
        .isNotEqualTo(known)
        .isNotEqualTo(new ClientWords(Clients.HASHED, ClientWords.randomKey()).of(ONE));
  }

  @Test
  void addressesNetworksAndNothing() {
    assertThat(new ClientWords(Clients.PLAIN, KEY).of(ONE)).isEqualTo("192.0.2.77");
    assertThat(new ClientWords(Clients.PREFIX, KEY).of(ONE)).isEqualTo("192.0.2.0/24");
    assertThat(new ClientWords(Clients.PREFIX, KEY).of(address("2001:db8:1:2345::7")))
        .isEqualTo("2001:db8:1:2300::/56");
    assertThat(new ClientWords(Clients.NONE, KEY).of(ONE)).isEmpty();
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(text));
  }
}
