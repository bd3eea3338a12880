package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.settings.Addresses;

class KernelDropsTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode ref pointer drops\n";

  @TempDir Path net;

  @Test
  void addressesAreWrittenAsTheKernelWritesThem() {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    assertThat(KernelDrops.inKernelsForm(Addresses.parse("127.0.0.1", 5300)))
        .isEqualTo(little ? "0100007F:14B4" : "7F000001:14B4");
    assertThat(KernelDrops.inKernelsForm(Addresses.parse("2001:db8::1", 53)))
        .isEqualTo(
            little
                ? "B80D0120000000000000000001000000:0035"
                : "20010DB8000000000000000000000001:0035");
  }

  @Test
  void dropsOfOurSocketsAreCountedOnce() throws IOException {
    KernelDrops drops = watching();
    write("udp", row("127.0.0.1", 5300, 11, 5), row("127.0.0.1", 5300, 12, 2));
    write("udp6", row("::1", 5300, 13, 1));
    assertThat(drops.more()).isEqualTo(8);
    assertThat(drops.more()).isZero();
    write("udp", row("127.0.0.1", 5300, 11, 9), row("127.0.0.1", 5300, 12, 2));
    assertThat(drops.more()).isEqualTo(4);
  }

  @Test
  void otherSocketsDoNotCount() throws IOException {
    write("udp", row("127.0.0.1", 53, 11, 5), row("127.0.0.53", 5300, 12, 7));
    write("udp6", row("::", 5300, 13, 1));
    assertThat(watching().more()).isZero();
  }

  @Test
  void addressesThatComeLaterCountFromThenOn() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    KernelDrops drops = new KernelDrops(net, () -> addresses);
    write("udp", row("127.0.0.1", 5300, 11, 5), row("192.0.2.1", 5300, 12, 2));
    assertThat(drops.more()).isZero();
    addresses.add(Addresses.parse("192.0.2.1", 5300));
    assertThat(drops.more()).isEqualTo(2);
    addresses.set(0, Addresses.parse("127.0.0.1", 5300));
    assertThat(drops.more()).isEqualTo(5);
  }

  @Test
  void aCounterThatWasSetBackIsNoDrop() throws IOException {
    KernelDrops drops = watching();
    write("udp", row("127.0.0.1", 5300, 11, 5));
    assertThat(drops.more()).isEqualTo(5);
    write("udp", row("127.0.0.1", 5300, 11, 3));
    assertThat(drops.more()).isZero();
  }

  @Test
  void whatCannotBeReadIsZero() throws IOException {
    assertThat(watching().more()).as("no tables").isZero();
    write("udp", "   1: " + "x ".repeat(20), "", "short line", "   2: \u00ff");
    assertThat(watching().more()).isZero();
    Files.writeString(net.resolve("udp"), "");
    assertThat(watching().more()).isZero();
    write("udp", row("127.0.0.1", 5300, 11, 5).replaceAll("5$", "many"));
    write("udp6", row("::1", 5300, 13, 1));
    assertThat(watching().more()).as("the other table still counts").isEqualTo(1);
  }

  private KernelDrops watching() {
    return new KernelDrops(
        net, () -> List.of(Addresses.parse("127.0.0.1", 5300), Addresses.parse("::1", 5300)));
  }

  private void write(String table, String... rows) throws IOException {
    Files.writeString(net.resolve(table), HEAD + String.join("\n", rows) + "\n");
  }

  private static String row(String address, int port, int inode, long drops) {
    return String.format(
        "  %d: %s 00000000:0000 07 00000000:00000000 00:00000000 00000000  0        0 %d 2"
            + " 0000000000000000 %d",
        inode, KernelDrops.inKernelsForm(Addresses.parse(address, port)), inode, drops);
  }
}
