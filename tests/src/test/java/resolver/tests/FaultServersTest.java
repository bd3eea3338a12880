package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resolver.faults.HttpsFault;
import resolver.faults.HttpsServer;
import resolver.faults.TlsFault;
import resolver.faults.TlsServer;

/** Another client than ours finds the servers of the tests right or wrong, as they mean to be. */
class FaultServersTest {
  private static final String PATIENT = "+time=10";

  @Test
  void kdigIsAnsweredOverTls() throws Exception {
    try (TlsServer server = TlsServer.start(TlsFault.NONE)) {
      assertThat(overTls(server, PATIENT).out()).anyMatch(line -> line.contains("192.0.2.1"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void kdigRefusesTlsThatIsWrong(TlsFault fault) throws Exception {
    String seconds = fault == TlsFault.SILENT ? "+time=1" : PATIENT;
    try (TlsServer server = TlsServer.start(fault)) {
      assertThat(overTls(server, seconds).out()).noneMatch(line -> line.contains("192.0.2.1"));
      assertThat(server.connections()).isPositive();
      assertThat(server.queries()).isZero();
    }
  }

  @Test
  void kdigIsAnsweredOverHttps() throws Exception {
    try (HttpsServer server = HttpsServer.start(HttpsFault.NONE)) {
      assertThat(overHttps(server, "+https").out()).anyMatch(line -> line.contains("192.0.2.1"));
      assertThat(overHttps(server, "+https-get").out())
          .anyMatch(line -> line.contains("192.0.2.1"));
    }
  }

  private static Ran overTls(TlsServer server, String seconds) throws Exception {
    return kdig(server.address().getPort(), server.caFile(), "+tls", seconds);
  }

  private static Ran overHttps(HttpsServer server, String how) throws Exception {
    return kdig(server.address().getPort(), server.caFile(), "+https", how, PATIENT);
  }

  private static Ran kdig(int port, Path caFile, String... how) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("@127.0.0.1", "-p", "" + port, "www.example.org", "A", "+retry=0"));
    words.addAll(List.of(how));
    words.addAll(List.of("+tls-ca=" + caFile, "+tls-hostname=" + TlsServer.NAME));
    return Ran.program("kdig", words);
  }
}
