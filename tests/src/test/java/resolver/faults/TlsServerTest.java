package resolver.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;

class TlsServerTest {
  private static final int PATIENCE_MILLIS = 10_000;

  /** How long nothing has to come for it to count as silence. */
  private static final int SILENCE_MILLIS = 300;

  @Test
  void answersOverTlsThatIsWellAlsoThroughAProxy() throws Exception {
    try (TlsServer server = TlsServer.start(TlsFault.NONE);
        FaultProxy proxy = FaultProxy.before(server.address(), 7)) {
      assertThat(ask(server, server.address()).getSection(Section.ANSWER)).hasSize(1);
      assertThat(ask(server, proxy.address()).getSection(Section.ANSWER)).hasSize(1);
      assertThat(server.queries()).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.pin()).hasSize(44);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WRONG_NAME, No subject alternative DNS name matching dns.example",
    "EXPIRED, NotAfter",
    "NOT_YET_VALID, NotBefore",
    "UNKNOWN_CA, unable to find valid certification path",
    "SELF_SIGNED, unable to find valid certification path"
  })
  void aCertificateThatIsWrongIsFoundWrong(TlsFault fault, String reason) {
    try (TlsServer server = TlsServer.start(fault)) {
      assertThatThrownBy(() -> ask(server, server.address()))
          .isInstanceOf(SSLHandshakeException.class)
          .hasStackTraceContaining(reason);
      assertThat(server.queries()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HANGS_UP", "SILENT"})
  void aHandshakeThatIsNotAnsweredFails(TlsFault fault) {
    try (TlsServer server = TlsServer.start(fault)) {
      assertThatThrownBy(() -> ask(server, server.address(), SILENCE_MILLIS))
          .isInstanceOf(IOException.class);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aProxySilencesWhatItDoesNotUnderstand() throws Exception {
    try (TlsServer server = TlsServer.start(TlsFault.NONE);
        FaultProxy proxy = FaultProxy.before(server.address(), 7)) {
      proxy.set("half-open=1"); // the client's first message alone

      assertThatThrownBy(() -> ask(server, proxy.address(), SILENCE_MILLIS))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static Message ask(TlsServer server, InetSocketAddress where) throws Exception {
    return ask(server, where, PATIENCE_MILLIS);
  }

  private static Message ask(TlsServer server, InetSocketAddress where, int millis)
      throws Exception {
    Socket plain = new Socket();
    plain.setSoTimeout(millis);
    plain.connect(where);
    // The name is verified, and need not resolve.
    try (SSLSocket socket =
        (SSLSocket)
            trusting(server.caFile())
                .getSocketFactory()
                .createSocket(plain, TlsServer.NAME, where.getPort(), true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket
          .getOutputStream()
          .write(DnsClient.frame(DnsClient.query("www.example.org.", "A").toWire()));
      return DnsClient.parse(DnsClient.readFrame(socket));
    }
  }

  static SSLContext trusting(Path caFile) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(caFile)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
