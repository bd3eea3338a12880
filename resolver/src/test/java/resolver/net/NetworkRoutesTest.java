package resolver.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.settings.Addresses;

class NetworkRoutesTest {
  private static final String HEADER =
      "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
  private static final String NOWHERE = "0".repeat(32);

  @TempDir Path root;

  @Test
  void theWayToLoopbackStartsThere() {
    assertThat(NetworkRoutes.sourceTowards(Addresses.parse("127.0.0.9", 53)))
        .isEqualTo(Addresses.parse("127.0.0.1", 53).getAddress());
  }

  @Test
  void theGatewaysOfBothFamiliesAreFound() throws IOException {
    write(
        "route",
        HEADER
            + "wlan0\t00000000\t"
            + four(192, 0, 2, 1)
            + "\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
            + "wlan0\t"
            + four(192, 0, 2, 0)
            + "\t00000000\t0001\t0\t0\t600\t"
            + four(255, 255, 255, 0)
            + "\t0\t0\t0\n");
    write(
        "ipv6_route",
        six("20010db8" + "0".repeat(24), "20", NOWHERE, "00000001", "wlan0")
            + six(NOWHERE, "00", "fe80" + "0".repeat(27) + "1", "00000003", "wlan0")
            + six(NOWHERE, "00", NOWHERE, "00200200", "lo"));
    assertThat(new DefaultRoutes(root).read())
        .containsExactly("192.0.2.1 on wlan0", "fe80:0:0:0:0:0:0:1 on wlan0");
  }

  @Test
  void countersThatMoveMakeNoDifference() throws IOException {
    write("ipv6_route", six(NOWHERE, "00", "fe80" + "0".repeat(27) + "1", "00000003", "wlan0"));
    List<String> before = new DefaultRoutes(root).read();
    write(
        "ipv6_route",
        six(NOWHERE, "00", "fe80" + "0".repeat(27) + "1", "00000003", "wlan0")
            .replace("00000001 00000000", "00000007 00000009"));
    assertThat(new DefaultRoutes(root).read()).isEqualTo(before).hasSize(1);
  }

  @Test
  void aRouteOfAnyLengthIsNoGatewayWhereItIsNotTheDefault() throws IOException {
    write(
        "route",
        HEADER + "tun0\t00000000\t" + four(10, 0, 0, 1) + "\t0003\t0\t0\t0\t00000080\t0\t0\t0\n");
    assertThat(new DefaultRoutes(root).read()).isEmpty();
  }

  @Test
  void withoutTheFilesOrWithOddOnesThereAreNone() throws IOException {
    assertThat(new DefaultRoutes(root).read()).isEmpty();
    write("route", HEADER + "\nx\nwlan0\t00000000\tzz\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
    write("ipv6_route", "\0\0\n" + six(NOWHERE, "00", "fe80", "00000003", "wlan0"));
    assertThat(new DefaultRoutes(root).read()).isEmpty();
  }

  private static String four(int a, int b, int c, int d) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? String.format("%02X%02X%02X%02X", d, c, b, a)
        : String.format("%02X%02X%02X%02X", a, b, c, d);
  }

  private static String six(String to, String length, String by, String flags, String link) {
    return String.join(
            " ", to, length, NOWHERE, "00", by, "00000400", "00000001", "00000000", flags, "", link)
        + "\n";
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve("proc/net").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
