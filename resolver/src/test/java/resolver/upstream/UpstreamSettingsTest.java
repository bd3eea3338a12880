package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resolver.fixtures.With;
import resolver.selection.Route;
import resolver.settings.SettingException;

class UpstreamSettingsTest {
  private static final String TLS = "tls://192.0.2.1#dns.example";
  private static final String PLAIN = "192.0.2.2";

  @Test
  void encryptedServersStandInForEncryptedOnesAlone() {
    assertThatThrownBy(() -> servers(TLS, PLAIN))
        .hasRootCauseInstanceOf(SettingException.class)
        .rootCause()
        .hasMessageContaining("servers: encrypted and plain servers in one list");
    assertThat(servers(TLS, "https://192.0.2.3/dns-query#dns.example").servers().list()).hasSize(2);
    assertThat(servers(PLAIN, "192.0.2.3").servers().list()).hasSize(2);
  }

  @Test
  void soItIsInARouteButNotBetweenRoutes() {
    assertThatThrownBy(() -> routes("corp.example " + TLS + " " + PLAIN))
        .hasRootCauseInstanceOf(SettingException.class)
        .rootCause()
        .hasMessageContaining("routes: encrypted and plain servers in one list");
    assertThat(routes("corp.example " + TLS, "lan " + PLAIN).routes()).hasSize(2);
  }

  private static UpstreamSettings servers(String... words) {
    List<Server> list = Stream.of(words).map(ServerWords::parse).toList();
    return With.component(UpstreamSettings.DEFAULTS, "servers", new Servers(list));
  }

  private static UpstreamSettings routes(String... words) {
    List<Route> list =
        Stream.of(words)
            .map(each -> Route.parse(each, w -> ServerWords.format(ServerWords.parse(w))))
            .toList();
    return With.component(UpstreamSettings.DEFAULTS, "routes", list);
  }
}
