package resolver.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

class ProxyCommandTest {
  @Test
  void obeysItsPlanAndStandardInput() throws Exception {
    try (StubNameServer server = StubNameServer.start()) {
      server.otherwise().rcode(Rcode.NXDOMAIN);
      Process process = start("7", "" + server.port(), "0 refused=100%", "0");
      try (PrintStream in = new PrintStream(process.getOutputStream(), true);
          BufferedReader out =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
        assertThat(out.readLine()).isEqualTo("seed 7");
        DnsClient first = client(out.readLine());
        DnsClient second = client(out.readLine());
        assertThat(rcode(first)).isEqualTo(Rcode.REFUSED);
        assertThat(rcode(second)).isEqualTo(Rcode.NXDOMAIN);

        in.println("set 0 none");
        assertThat(out.readLine()).isEqualTo("ok");
        assertThat(rcode(first)).isEqualTo(Rcode.NXDOMAIN);
        in.println("count");
        assertThat(out.readLine()).isEqualTo("count 2,0,0,0,1,0 1,0,0,0,0,0");
        in.println("set 0 los=1%");
        assertThat(out.readLine()).startsWith("error los=1% (expected: none, loss=30%");
        in.println("set 2 none");
        assertThat(out.readLine()).isEqualTo("error 2 (expected: 0 to 1)");
        in.println("anew");
        assertThat(out.readLine()).isEqualTo("ok");
        in.println("count");
        assertThat(out.readLine()).isEqualTo("count 0,0,0,0,0,0 0,0,0,0,0,0");
      }
      assertThat(process.waitFor(10, SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void tellsAMistake() throws Exception {
    Process process = start("7", "53", "0 los=1%");
    try (BufferedReader err =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.US_ASCII))) {
      // Java may have its own to say before.
      assertThat(err.lines()).anyMatch(line -> line.startsWith("proxy: los=1% (expected: none, "));
    }
    assertThat(process.waitFor(10, SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
  }

  private static int rcode(DnsClient client) {
    return client.udp(DnsClient.query("www.example.org.", "A")).getRcode();
  }

  private static DnsClient client(String line) {
    assertThat(line).startsWith("listening 127.0.0.1:");
    return new DnsClient(
        Addresses.parse("127.0.0.1", Integer.parseInt(line.substring(line.indexOf(':') + 1))));
  }

  private static Process start(String... arguments) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath = Objects.requireNonNull(System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(List.of(java.toString(), "-cp", classPath, ProxyCommand.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }
}
