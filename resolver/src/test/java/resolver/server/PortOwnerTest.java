package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import resolver.query.Transport;
import resolver.settings.Addresses;

class PortOwnerTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";

  @TempDir Path proc;

  @Test
  void theProcessWithTheSocketIsNamed() throws IOException {
    table("udp", row("127.0.0.1", 53, "07", 77));
    process(12, "other", 5);
    process(4711, "unbound", 3, 77);
    assertThat(find("127.0.0.1", Transport.UDP)).contains("unbound (pid 4711)");
    assertThat(find("127.0.0.1", Transport.TCP)).isEmpty();
  }

  @Test
  void aListenerOnAnotherAddressIsNotToBlame() throws IOException {
    table("udp", row("127.0.0.53", 53, "07", 66), row("127.0.0.1", 53, "07", 77));
    process(12, "stub", 66);
    process(4711, "unbound", 77);
    assertThat(find("127.0.0.1", Transport.UDP)).contains("unbound (pid 4711)");
    assertThat(find("192.0.2.1", Transport.UDP)).isEmpty();
  }

  @Test
  void aListenerOnEveryAddressIsToBlame() throws IOException {
    table("tcp", row("0.0.0.0", 53, "0A", 66));
    process(12, "dnsmasq", 66);
    assertThat(find("127.0.0.1", Transport.TCP)).contains("dnsmasq (pid 12)");
  }

  @Test
  void aListenerOfIpv6MayHoldAnAddressOfIpv4() throws IOException {
    table("tcp6", row("::", 53, "0A", 66));
    process(12, "dnsmasq", 66);
    assertThat(find("127.0.0.1", Transport.TCP)).contains("dnsmasq (pid 12)");
    assertThat(find("::1", Transport.TCP)).contains("dnsmasq (pid 12)");
  }

  @Test
  void aConnectionOnThePortIsNoListener() throws IOException {
    table("tcp", row("127.0.0.1", 53, "01", 66));
    process(12, "client", 66);
    assertThat(find("127.0.0.1", Transport.TCP)).isEmpty();
  }

  @Test
  void descriptorsThatVanishDoNotHideTheOthers() throws IOException {
    table("udp", row("127.0.0.1", 53, "07", 77));
    process(10, "gone");
    Files.delete(proc.resolve("10/fd"));
    process(4711, "unbound", 77);
    // Neither is a symbolic link, so that reading it fails as it does for one that was closed.
    for (String descriptor : new String[] {"000", "zzz"}) {
      Files.writeString(proc.resolve("4711/fd").resolve(descriptor), "");
    }
    assertThat(find("127.0.0.1", Transport.UDP)).contains("unbound (pid 4711)");
  }

  @Test
  void aNameCannotWriteToTheTerminal() throws IOException {
    table("udp", row("127.0.0.1", 53, "07", 77));
    process(4711, "a\u001b[2Jb\nc", 77);
    assertThat(find("127.0.0.1", Transport.UDP)).contains("a?[2Jb?c (pid 4711)");
  }

  /** In which order the kernel tells of the processes must not matter. */
  @Test
  void whomSystemdHasPassedTheSocketIsNamedAndNotSystemd() throws IOException {
    Path all = proc;
    for (int round = 0; round < 20; round++) {
      proc = Files.createDirectories(all.resolve("machine" + round));
      table("udp", row("127.0.0.1", 53, "07", 77));
      int daemon = 100 + round;
      process(round % 2 == 0 ? 1 : daemon, round % 2 == 0 ? "systemd" : "java", 77);
      process(round % 2 == 0 ? daemon : 1, round % 2 == 0 ? "java" : "systemd", 77);
      assertThat(find("127.0.0.1", Transport.UDP)).contains("java (pid " + daemon + ")");
    }
  }

  @Test
  void whereSystemdAloneHoldsThePortTheUnitIsToGo() throws IOException {
    table("udp", row("127.0.0.1", 53, "07", 77));
    process(1, "systemd", 77);
    assertThat(cannotListen())
        .contains("the port is held by systemd (pid 1) for a socket unit")
        .contains("systemctl list-sockets", "systemctl disable --now NAME.socket")
        .doesNotContain("stop that one");
    process(4711, "unbound", 77);
    assertThat(cannotListen())
        .contains("the port is held by unbound (pid 4711); stop that one")
        .doesNotContain("socket unit");
  }

  private String cannotListen() {
    return String.valueOf(
        CannotListen.on(
                Addresses.parse("127.0.0.1", 53),
                Transport.UDP,
                new BindException("Address already in use"),
                new PortOwner(proc))
            .getMessage());
  }

  @Test
  void withoutTablesNobodyIsNamed() throws IOException {
    assertThat(find("127.0.0.1", Transport.UDP)).isEmpty();
    table("udp", "nonsense", "");
    assertThat(find("127.0.0.1", Transport.UDP)).isEmpty();
    table("udp", row("127.0.0.1", 53, "07", 77));
    process(4711, "other", 78);
    assertThat(find("127.0.0.1", Transport.UDP)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisProcessIsFoundByTheRealTables() throws IOException {
    String self = "(pid " + ProcessHandle.current().pid() + ")";
    PortOwner owner = new PortOwner(Path.of("/proc"));
    for (String address : new String[] {"127.0.0.1", "0.0.0.0", "::1", "::"}) {
      InetAddress here = Addresses.parse(address, 0).getAddress();
      try (DatagramSocket udp = new DatagramSocket(0, here);
          ServerSocket tcp = new ServerSocket(0, 1, here)) {
        assertThat(owner.owner((InetSocketAddress) udp.getLocalSocketAddress(), Transport.UDP))
            .hasValueSatisfying(found -> assertThat(found.toString()).endsWith(self));
        assertThat(owner.owner((InetSocketAddress) tcp.getLocalSocketAddress(), Transport.TCP))
            .hasValueSatisfying(found -> assertThat(found.toString()).endsWith(self));
      }
    }
  }

  private Optional<String> find(String address, Transport transport) {
    return new PortOwner(proc)
        .owner(Addresses.parse(address, 53), transport)
        .map(PortOwner.Owner::toString);
  }

  private void table(String name, String... rows) throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net").resolve(name), HEAD + String.join("\n", rows) + "\n");
  }

  private void process(int pid, String name, int... inodes) throws IOException {
    Path process = proc.resolve(String.valueOf(pid));
    Path descriptors = Files.createDirectories(process.resolve("fd"));
    Files.writeString(process.resolve("comm"), name + "\n");
    int number = 0;
    for (int inode : inodes) {
      Path descriptor = descriptors.resolve(String.valueOf(number++));
      Files.createSymbolicLink(descriptor, Path.of("socket:[" + inode + "]"));
    }
  }

  private static String row(String address, int port, String state, int inode) {
    String local = KernelDrops.inKernelsForm(Addresses.parse(address, port));
    return String.format(
        "   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 %d 1",
        local, state, inode);
  }
}
