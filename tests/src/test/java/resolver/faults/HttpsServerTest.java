package resolver.faults;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;

class HttpsServerTest {
  private static final int PATIENCE_SECONDS = 10;

  /** How long nothing has to come for it to count as silence. */
  private static final int SILENCE_MILLIS = 300;

  private static final byte[] QUERY = DnsClient.query("www.example.org.", "A").toWire();

  @Test
  void answersPostAndGet() throws Exception {
    try (HttpsServer server = HttpsServer.start(HttpsFault.NONE)) {
      HttpClient client = client(server);
      HttpResponse<byte[]> posted = send(client, post(server));
      HttpResponse<byte[]> got = send(client, get(server));

      for (HttpResponse<byte[]> response : List.of(posted, got)) {
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(DnsClient.parse(response.body()).getSection(Section.ANSWER)).hasSize(1);
      }
      assertThat(server.requests()).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WRONG_CONTENT_TYPE, 200, text/html, 45",
    "GARBAGE_BODY, 200, application/dns-message, 3",
    "EMPTY_BODY, 200, application/dns-message, 0",
    "STATUS_500, 500, application/dns-message, 45",
    "TOO_LARGE_BODY, 200, application/dns-message, 100000"
  })
  void saysWhatNoResolverShouldBelieve(HttpsFault fault, int status, String type, int length)
      throws Exception {
    try (HttpsServer server = HttpsServer.start(fault)) {
      HttpResponse<byte[]> response = send(client(server), post(server));

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("content-type")).hasValue(type);
      assertThat(response.body()).hasSizeBetween(length, length + 10);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRUNCATED_FRAME", "GOAWAY", "RST_STREAM", "REFUSED_STREAM"})
  void breaksOffAndRecovers(HttpsFault fault) throws Exception {
    try (HttpsServer server = HttpsServer.start(fault)) {
      HttpClient client = client(server);

      assertThatThrownBy(() -> send(client, post(server)))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
      assertThat(server.requests()).isPositive();
      server.set(HttpsFault.NONE);
      assertThat(send(client, post(server)).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "ENDLESS_BODY"})
  void neverEnds(HttpsFault fault) throws Exception {
    try (HttpsServer server = HttpsServer.start(fault)) {
      CompletableFuture<?> exchange = begin(client(server), post(server));
      while (server.requests() == 0) {
        assertThat(exchange).isNotDone();
        Thread.onSpinWait();
      }

      assertThatThrownBy(() -> exchange.get(SILENCE_MILLIS, MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      exchange.cancel(true);
    }
  }

  @Test
  void mayKnowNoHttp2() throws Exception {
    try (HttpsServer server = HttpsServer.start(HttpsFault.NO_HTTP_2)) {
      assertThatThrownBy(() -> send(client(server), post(server)))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> server.set(HttpsFault.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(expected: ");
    }
  }

  @Test
  void itsTlsMayBeWrong() {
    try (HttpsServer server = HttpsServer.start(TlsFault.UNKNOWN_CA)) {
      assertThatThrownBy(() -> send(client(server), post(server)))
          .hasCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  private static HttpClient client(HttpsServer server) throws Exception {
    return HttpClient.newBuilder().sslContext(TlsServerTest.trusting(server.caFile())).build();
  }

  private static CompletableFuture<HttpResponse<byte[]>> begin(
      HttpClient client, HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request)
      throws Exception {
    return begin(client, request).get(PATIENCE_SECONDS, SECONDS);
  }

  private static HttpRequest post(HttpsServer server) {
    return request(server, HttpsServer.PATH)
        .header("content-type", "application/dns-message")
        .POST(HttpRequest.BodyPublishers.ofByteArray(QUERY))
        .build();
  }

  private static HttpRequest get(HttpsServer server) {
    String word = Base64.getUrlEncoder().withoutPadding().encodeToString(QUERY);
    return request(server, HttpsServer.PATH + "?dns=" + word).build();
  }

  private static HttpRequest.Builder request(HttpsServer server, String path) {
    return HttpRequest.newBuilder(
        URI.create("https://127.0.0.1:" + server.address().getPort() + path));
  }
}
