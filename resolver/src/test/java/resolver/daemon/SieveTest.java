package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import resolver.settings.Addresses;
import resolver.upstream.Server;

class SieveTest {
  private static final Server OURS = at("127.0.0.1", 53);
  private static final Server FOUR = at("192.0.2.1", 53);
  private static final Server SIX = at("2001:db8::1", 53);
  private static final Server LOOP = at("192.0.2.9", 53);

  @Test
  void thoseWithARouteAreKeptInTheirOrder() {
    assertThat(sieve(Set.of(SIX), Set.of(), LOOP, SIX, FOUR).kept()).containsExactly(LOOP, FOUR);
    assertThat(sieve(Set.of(SIX), Set.of(), LOOP, SIX, FOUR).warnings())
        .containsExactly("upstream [2001:db8::1]:53 has no route: set aside until it has");
  }

  @Test
  void whereNoneHasARouteAllAreKept() {
    Sieve sieve = sieve(Set.of(SIX, FOUR), Set.of(), SIX, FOUR);
    assertThat(sieve.kept()).containsExactly(SIX, FOUR);
    assertThat(sieve.warnings()).isEmpty();
  }

  @Test
  void whoLeadsBackIsLeftOutWhileThereAreOthers() {
    Sieve sieve = sieve(Set.of(), Set.of(LOOP), LOOP, FOUR);
    assertThat(sieve.kept()).containsExactly(FOUR);
    assertThat(sieve.warnings())
        .containsExactly("upstream 192.0.2.9:53 leads back to this resolver: left out");
    assertThat(sieve(Set.of(), Set.of(LOOP), LOOP).kept()).containsExactly(LOOP);
    assertThat(sieve(Set.of(FOUR), Set.of(LOOP), LOOP, FOUR).kept())
        .as("the other has no route")
        .containsExactly(LOOP);
  }

  @Test
  void ofWhoIsKnownByNameAloneNothingBadIsKnown() {
    Server named =
        new Server(
            Server.Protocol.TLS,
            InetSocketAddress.createUnresolved("dns.example.org", 853),
            null,
            List.of(),
            "",
            null);
    assertThat(sieve(Set.of(SIX), Set.of(), named, SIX).kept()).containsExactly(named);
  }

  @Test
  void weOurselvesAreNeverAsked() {
    Sieve sieve = sieve(Set.of(), Set.of(), OURS);
    assertThat(sieve.kept()).isEmpty();
    assertThat(sieve.warnings())
        .containsExactly("upstream 127.0.0.1:53 is this resolver itself: left out");
  }

  private static Sieve sieve(Set<Server> routeless, Set<Server> loops, Server... all) {
    return Sieve.of(
        List.of(all),
        OURS.address()::equals,
        address -> !routeless.contains(Server.plain(address)),
        loops::contains);
  }

  private static Server at(String address, int port) {
    return Server.plain(Addresses.parse(address, port));
  }
}
