package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.settings.Addresses;

class SystemServersTest {
  @TempDir Path root;

  @Test
  void serversComeInTheOrderOfResolvConf() throws IOException {
    write(
        "etc/resolv.conf",
        """
        # a comment
        search example.org
        nameserver 192.0.2.1
          nameserver\t2001:db8::1
        nameserver 192.0.2.1
        options edns0
        """);
    SystemServers.Found found = find();
    assertThat(found.servers())
        .containsExactlyElementsOf(plain(at("192.0.2.1"), at("2001:db8::1")));
    assertThat(found.source()).endsWith("etc/resolv.conf");
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void ourOwnAddressIsLeftOutWithAWarning() throws IOException {
    write("etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 192.0.2.1\n");
    SystemServers.Found found = find();
    assertThat(found.servers()).containsExactlyElementsOf(plain(at("192.0.2.1")));
    assertThat(found.warnings())
        .singleElement()
        .asString()
        .contains("127.0.0.1:53", "this resolver itself");
  }

  @Test
  void whereOnlyWeAreNamedTheListsOfOthersAreRead() throws IOException {
    write("etc/resolv.conf", "nameserver 127.0.0.1\n");
    write("run/NetworkManager/no-stub-resolv.conf", "nameserver 192.0.2.7\n");
    assertThat(find().servers()).containsExactlyElementsOf(plain(at("192.0.2.7")));
    write("run/systemd/resolve/resolv.conf", "nameserver 192.0.2.8\n");
    assertThat(find().servers()).containsExactlyElementsOf(plain(at("192.0.2.8")));
  }

  @Test
  void anAddressWithoutARouteIsSetAside() throws IOException {
    write("etc/resolv.conf", "nameserver 192.0.2.200\nnameserver 192.0.2.1\n");
    SystemServers.Found found = find();
    assertThat(found.servers()).containsExactlyElementsOf(plain(at("192.0.2.1")));
    assertThat(found.warnings()).singleElement().asString().contains("192.0.2.200", "no route");
  }

  @Test
  void whereNoneHasARouteThoseOfTheFirstFileAreKept() throws IOException {
    write("etc/resolv.conf", "nameserver 192.0.2.200\n");
    write("run/systemd/resolve/resolv.conf", "nameserver 192.0.2.200\nnameserver 192.0.2.200\n");
    SystemServers.Found found = find();
    assertThat(found.servers()).containsExactly(Server.plain(at("192.0.2.200")));
    assertThat(found.source()).contains("etc/resolv.conf", "none with a route");
    write("run/systemd/resolve/resolv.conf", "nameserver 192.0.2.8\n");
    assertThat(find().servers()).containsExactly(Server.plain(at("192.0.2.8")));
  }

  @Test
  void whatIsNoAddressIsToldAndNeverLookedUp() throws IOException {
    write("etc/resolv.conf", "nameserver dns.example.org\nnameserver 999.1.1.1\nnameserver\n");
    SystemServers.Found found = find();
    assertThat(found.servers()).isEmpty();
    assertThat(found.warnings()).hasSize(2).allMatch(w -> w.contains("no IP address"));
  }

  @Test
  void withoutAnyFileThereAreNone() {
    SystemServers.Found found = find();
    assertThat(found.servers()).isEmpty();
    assertThat(found.source()).contains("none found", "etc/resolv.conf");
  }

  @Test
  void octetsThatAreNoTextDoNoHarm() throws IOException {
    Path file = root.resolve("etc/resolv.conf");
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {(byte) 0xff, 0, '\n', 'n', 'a', 'm', 'e', (byte) 0x80});
    assertThat(find().servers()).isEmpty();
  }

  private SystemServers.Found find() {
    return new SystemServers(
            root,
            address -> address.equals(at("127.0.0.1")),
            address -> !address.equals(at("192.0.2.200")))
        .find();
  }

  private static InetSocketAddress at(String address) {
    return Addresses.parse(address, 53);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(text));
  }
}
