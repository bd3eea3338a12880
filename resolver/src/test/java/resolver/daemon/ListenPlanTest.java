package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import resolver.settings.Addresses;

/** Where a daemon listens on machines that have IPv6 and on others. */
class ListenPlanTest {
  private static final Optional<List<InetAddress>> WITHOUT_IPV6 = machine("127.0.0.1");
  private static final Optional<List<InetAddress>> WITH_IPV6 = machine("127.0.0.1", "::1");

  private final ListenPlan plan = new ListenPlan(List.of());

  @Test
  void loopbackOfIpv6IsLeftOutWithoutIpv6WhereThatOfIpv4IsThere() {
    assertThat(plan.toOpen(listen("127.0.0.1:53", "[::1]:53"), WITHOUT_IPV6))
        .containsExactlyElementsOf(listen("127.0.0.1:53"));
    assertThat(plan.toOpen(listen("[::1]:5300", "192.0.2.1:53", "127.0.0.2:5300"), WITHOUT_IPV6))
        .containsExactlyElementsOf(listen("192.0.2.1:53", "127.0.0.2:5300"));
  }

  @Test
  void whatNothingStandsInForIsOpenedAndMissed() {
    for (List<InetSocketAddress> wished :
        List.of(
            listen("[::1]:53"),
            listen("127.0.0.1:5300", "[::1]:53"),
            listen("192.0.2.1:53", "[::1]:53"),
            listen("127.0.0.1:53", "[2001:db8::1]:53"))) {
      assertThat(plan.toOpen(wished, WITHOUT_IPV6)).containsExactlyElementsOf(wished);
    }
  }

  @Test
  void nothingIsLeftOutWithIpv6NorWhileTheMachineDoesNotTell() {
    List<InetSocketAddress> both = listen("127.0.0.1:53", "[::1]:53");
    assertThat(plan.toOpen(both, WITH_IPV6)).containsExactlyElementsOf(both);
    assertThat(plan.toOpen(both, Optional.empty())).containsExactlyElementsOf(both);
  }

  private static List<InetSocketAddress> listen(String... addresses) {
    return List.of(addresses).stream().map(each -> Addresses.parse(each, 0)).toList();
  }

  private static Optional<List<InetAddress>> machine(String... addresses) {
    return Optional.of(listen(addresses).stream().map(InetSocketAddress::getAddress).toList());
  }
}
