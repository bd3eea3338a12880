package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Gates;
import resolver.settings.Addresses;
import resolver.settings.Network;

class ClientGateTest {
  @Test
  void byDefaultThisMachineAloneMayAsk() {
    ClientGate gate = Gates.open(ServerSettings.DEFAULTS.allow());
    assertThat(gate.allows(address("127.0.0.1"))).isTrue();
    assertThat(gate.allows(address("127.200.3.4"))).isTrue();
    assertThat(gate.allows(address("::1"))).isTrue();
    assertThat(gate.allows(address("192.0.2.1"))).isFalse();
    assertThat(gate.allows(address("2001:db8::1"))).isFalse();
    assertThat(gate.allows(address("::2"))).isFalse();
  }

  @Test
  void anyNetworkOfTheListWillDo() {
    ClientGate gate =
        Gates.open(List.of(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::/32")));
    assertThat(gate.allows(address("192.0.2.255"))).isTrue();
    assertThat(gate.allows(address("2001:db8:ffff::1"))).isTrue();
    assertThat(gate.allows(address("192.0.3.0"))).isFalse();
    assertThat(gate.allows(address("127.0.0.1"))).isFalse();
  }

  @Test
  void anEmptyListLetsNobodyIn() {
    assertThat(Gates.open(List.of()).allows(address("127.0.0.1"))).isFalse();
  }

  @Test
  void aNewListHoldsFromNowOn() {
    List<Network> networks = new ArrayList<>(List.of(Network.parse("192.0.2.0/24")));
    ClientGate gate = Gates.open(networks);
    networks.clear();
    assertThat(gate.allows(address("192.0.2.1"))).as("the list was copied").isTrue();
    gate.allow(List.of(Network.parse("198.51.100.0/24")));
    assertThat(gate.allows(address("192.0.2.1"))).isFalse();
    assertThat(gate.allows(address("198.51.100.1"))).isTrue();
  }

  private static InetAddress address(String text) {
    return Addresses.parse(text, 53).getAddress();
  }
}
