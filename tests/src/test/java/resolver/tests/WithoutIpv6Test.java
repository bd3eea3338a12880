package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon on a machine without IPv6, which Java takes this one for. */
class WithoutIpv6Test {
  private static final String WITHOUT = "-Djava.net.preferIPv4Stack=true";

  @TempDir Path directory;

  @Test
  void loopbackOfIpv4IsEnoughWhereTheSettingsSayBoth() throws Exception {
    int port = FreePort.on("127.0.0.1");
    settings("'127.0.0.1:" + port + "', '[::1]:" + port + "'");
    try (Started serve = start().ready()) {
      assertThat(serve.out().soFar())
          .anyMatch(line -> line.startsWith("listening  127.0.0.1:" + port + " "))
          .contains("left out   [::1]:" + port + ": this machine has no such address");
    }
  }

  @Test
  void anAddressOfIpv6AloneIsNamedAndTheWayOutToo() throws Exception {
    int port = FreePort.on("127.0.0.1");
    settings("'[::1]:" + port + "'");
    Ran ran = Ran.resolve(Map.of("RESOLVER_JAVA_OPTS", WITHOUT), "serve", "-c", file().toString());
    assertThat(ran.status()).as(ran.said()).isEqualTo(1);
    assertThat(ran.said())
        .contains("cannot listen on [::1]:" + port, "no IPv6", "server.listen")
        .doesNotContain("Exception");
  }

  @Test
  void aReloadLeavesNothingOpenThatCameBeforeIt() throws Exception {
    int port = FreePort.on("127.0.0.1", "127.0.0.2");
    settings("'127.0.0.1:" + port + "'");
    try (Started serve = start().ready()) {
      settings("'127.0.0.1:" + port + "', '127.0.0.2:" + port + "', '[2001:db8::1]:" + port + "'");
      serve.signal("HUP");
      assertThat(serve.log().await("server.listen: cannot listen on [2001:db8::1]:" + port))
          .contains("no IPv6");
      InetAddress other = InetAddress.getByName("127.0.0.2");
      try (ServerSocket tcp = new ServerSocket(port, 1, other);
          DatagramSocket udp = new DatagramSocket(port, other)) {
        assertThat(tcp.isBound() && udp.isBound()).isTrue();
      }
    }
  }

  private Started start() throws IOException {
    return Started.serveWithJava(WITHOUT, "-c", file().toString());
  }

  private Path file() {
    return directory.resolve("resolver.toml");
  }

  private void settings(String listen) throws IOException {
    Files.writeString(
        file(), "[server]\nlisten = [" + listen + "]\n[upstream]\nservers = ['192.0.2.1']\n");
  }
}
