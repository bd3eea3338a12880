package resolver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

class HostsTest {
  private final Hosts hosts = new Hosts(List.of(Name.fromConstantString("dns.Office.example.")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:9153",
        "[::1]",
        "[::1]:9153",
        "localhost",
        "LocalHost:9153",
        "dns.office.example",
        "DNS.office.example.:9153",
        "192.0.2.1:80"
      })
  void addressesAndOwnNamesAreAllowed(String host) {
    assertThat(hosts.allow(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":9153",
        "evil.example",
        "evil.example:9153",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "office.example",
        "127.0.0.1:9153x",
        "127.0.0.1@evil.example",
        "[::1",
        "[::1]evil.example",
        "[evil.example]",
        "localhost:9153:1"
      })
  void anyOtherNameIsNot(String host) {
    assertThat(hosts.allow(host)).isFalse();
  }

  @Test
  void namesOfOthersAreNotAllowedByDefault() {
    assertThat(new Hosts(List.of()).allow("dns.office.example")).isFalse();
  }
}
