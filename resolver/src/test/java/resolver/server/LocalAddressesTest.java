package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.settings.Addresses;

class LocalAddressesTest {
  @Test
  void loopbackIsAmongThem() {
    assertThat(LocalAddresses.all()).contains(Addresses.parse("127.0.0.1", 53).getAddress());
  }

  @Test
  void aPlainAddressStaysAsItIs() {
    InetSocketAddress address = Addresses.parse("192.0.2.1", 53);
    assertThat(LocalAddresses.expand(List.of(address))).containsExactly(address);
  }

  @Test
  void theWildcardOfIpv4StandsForEveryAddressOfIpv4() {
    List<InetSocketAddress> all = LocalAddresses.expand(List.of(Addresses.parse("0.0.0.0", 5300)));
    assertThat(all).contains(Addresses.parse("127.0.0.1", 5300));
    assertThat(all)
        .allSatisfy(
            address -> {
              assertThat(address.getAddress()).isInstanceOf(Inet4Address.class);
              assertThat(address.getAddress().isAnyLocalAddress()).isFalse();
              assertThat(address.getPort()).isEqualTo(5300);
            });
  }

  @Test
  void theWildcardOfIpv6StandsForEveryAddressOfIpv6() {
    List<InetAddress> own =
        LocalAddresses.all().stream().filter(Inet6Address.class::isInstance).distinct().toList();
    assertThat(LocalAddresses.expand(List.of(Addresses.parse("::", 5300))))
        .extracting(InetSocketAddress::getAddress)
        .containsExactlyElementsOf(own);
  }

  @Test
  void theWildcardStandsForWhatTheMachineHas() {
    List<InetAddress> machine =
        List.of(
            Addresses.parse("192.0.2.1", 0).getAddress(),
            Addresses.parse("2001:db8::1", 0).getAddress());
    assertThat(LocalAddresses.expand(List.of(Addresses.parse("::", 53)), machine))
        .containsExactly(Addresses.parse("2001:db8::1", 53));
  }

  @Test
  void anAddressThatIsNamedTwiceIsListenedOnOnce() {
    InetSocketAddress loopback = Addresses.parse("127.0.0.1", 5300);
    List<InetSocketAddress> all =
        LocalAddresses.expand(List.of(loopback, Addresses.parse("0.0.0.0", 5300), loopback));
    assertThat(all).containsOnlyOnce(loopback).startsWith(loopback);
  }
}
