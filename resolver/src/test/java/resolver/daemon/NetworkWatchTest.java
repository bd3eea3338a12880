package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resolver.settings.Addresses;

class NetworkWatchTest {
  private static final InetSocketAddress SERVER = Addresses.parse("192.0.2.53", 53);
  private static final InetSocketAddress OTHER = Addresses.parse("2001:db8::53", 53);

  private final Map<InetSocketAddress, InetAddress> sources = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private List<String> gateways = List.of("198.51.100.1 on wlan0");
  private long asleep;
  private final NetworkWatch watch =
      new NetworkWatch(sources::get, () -> gateways, () -> asleep, told::add);

  @Test
  void aQuietNetworkIsNothingToTell() {
    face(SERVER, "198.51.100.7");
    look(SERVER);
    look(SERVER, OTHER);
    look(OTHER);
    look(SERVER);
    assertThat(told).isEmpty();
  }

  @Test
  void anotherGatewayIsAnotherNetwork() {
    look(SERVER);
    gateways = List.of("203.0.113.1 on eth0");
    look(SERVER);
    look(SERVER);
    assertThat(told)
        .containsExactly("the gateway is now 203.0.113.1 on eth0 (was 198.51.100.1 on wlan0)");
    gateways = List.of();
    look(SERVER);
    assertThat(told).last().asString().contains("is now none");
  }

  @Test
  void anotherAddressTowardsAServerIsAnotherNetwork() {
    face(SERVER, "198.51.100.7");
    look(SERVER);
    face(SERVER, "10.8.0.2");
    look(SERVER);
    look(SERVER);
    assertThat(told)
        .containsExactly("our address towards 192.0.2.53:53 is now 10.8.0.2 (was 198.51.100.7)");
  }

  @Test
  void aRouteThatComesOrGoesIsAChange() {
    look(OTHER);
    face(OTHER, "2001:db8:1::7");
    look(OTHER);
    sources.clear();
    look(OTHER);
    assertThat(told).hasSize(2).first().asString().contains("(was none)");
    assertThat(told).last().asString().contains("is now none");
  }

  @Test
  void aSuspendIsAChangeOnce() {
    asleep = Duration.ofHours(1).toNanos();
    look(SERVER);
    look(SERVER);
    asleep += Duration.ofHours(2).toNanos();
    gateways = List.of();
    look(SERVER);
    look(SERVER);
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).isEqualTo("the machine was asleep for 3600 s");
    assertThat(told.get(1)).startsWith("the machine was asleep for 7200 s, and the gateway is now");
  }

  private void look(InetSocketAddress... servers) {
    watch.look(List.of(servers));
  }

  private void face(InetSocketAddress server, String address) {
    sources.put(server, Addresses.parse(address, 53).getAddress());
  }
}
