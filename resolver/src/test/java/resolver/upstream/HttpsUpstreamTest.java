package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import resolver.fixtures.Catcher;
import resolver.query.Answer;
import resolver.query.Pending;
import resolver.query.Transport;

/** The forwarder against servers that speak DNS over HTTPS, well and not so well (RFC 8484). */
class HttpsUpstreamTest {
  private static final String NAME = "dns.example";

  @TempDir private Path directory;
  private final TestCertificates authority = new TestCertificates();
  private final List<AutoCloseable> open = new ArrayList<>();
  private EncryptedClient client;
  private HttpsNameServer server;

  @BeforeEach
  void start() {
    client = opened(new EncryptedClient(authority.file(directory)));
    server = opened(HttpsNameServer.start(authority.issue(NAME)));
    client.use(words("/dns-query"));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void aQueryIsPostedAsTheRfcSays() {
    Answer answer = client.ask("www.example.org");
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(Objects.requireNonNull(answer.provenance()).transport()).isEqualTo(Transport.HTTPS);
    HttpsNameServer.Request request = server.received().get(0);
    Http2Headers headers = request.headers();
    assertThat(headers.method()).hasToString("POST");
    assertThat(headers.scheme()).hasToString("https");
    assertThat(headers.authority()).hasToString(NAME + ":" + server.address().getPort());
    assertThat(headers.path()).hasToString("/dns-query");
    assertThat(headers.get("accept")).hasToString("application/dns-message");
    assertThat(headers.get("content-type")).hasToString("application/dns-message");
    assertThat(request.query()).startsWith(0, 0).hasSize(128);
  }

  @Test
  void aTemplateIsAskedByGet() {
    client.use(words("/q/dns{?dns}"));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    HttpsNameServer.Request request = server.received().get(0);
    assertThat(request.headers().method()).hasToString("GET");
    assertThat(request.headers().path().toString())
        .startsWith("/q/dns?dns=AAAB")
        .matches("[!-~]+")
        .doesNotContain("=AAAB=");
    assertThat(request.query()).startsWith(0, 0).hasSize(128);
  }

  @Test
  void manyQueriesShareOneConnection() {
    List<Runnable> held = new ArrayList<>();
    server.on(
        request -> {
          held.add(() -> request.reply(RawNameServer.answer(request.query())));
          if (held.size() == 20) {
            for (int i = 19; i >= 0; i--) {
              held.get(i).run();
            }
          }
        });
    List<Catcher> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(client.begin("n" + i + ".example.org"));
    }
    assertThat(asked).allSatisfy(each -> assertThat(each.answer().rcode()).isZero());
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void theHandshakeIsNoPartOfTheRoundTrip() {
    client.ask("a.example.org");
    assertThat(client.roundTripNanos()).isZero();
    client.ask("b.example.org");
    assertThat(client.roundTripNanos()).isPositive();
  }

  @Test
  void noMoreStreamsAreOpenThanTheServerAllows() {
    HttpsNameServer strict =
        opened(
            HttpsNameServer.start(
                authority.issue(NAME),
                Http2Settings.defaultSettings().maxConcurrentStreams(3),
                "h2"));
    client.use("https://127.0.0.1:" + strict.address().getPort() + "/dns-query#" + NAME);
    client.ask("first.example.org");
    List<Catcher> asked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asked.add(client.begin("n" + i + ".example.org"));
    }
    assertThat(asked).allSatisfy(each -> assertThat(each.answer().rcode()).isZero());
    assertThat(strict.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | HTTP status 404 Not Found",
        "503 | HTTP status 503 Service Unavailable",
        "301 | HTTP status 301 Moved Permanently (redirections are not followed)",
        "999 | HTTP status 999"
      })
  void aStatusThatIsNotOkIsAFailure(String status, String words) {
    server.on(request -> request.status(status));
    assertThat(client.trouble("www.example.org")).contains(words);
  }

  @Test
  void anotherTypeIsAFailure() {
    server.on(
        request ->
            request.reply(
                RawNameServer.answer(request.query()),
                headers -> headers.set("content-type", "text/html; charset=utf-8")));
    assertThat(client.trouble("www.example.org")).contains("no DNS message but text/html");
  }

  @Test
  void parametersOfTheTypeDoNoHarm() {
    server.on(
        request ->
            request.reply(
                RawNameServer.answer(request.query()),
                headers -> headers.set("content-type", "Application/DNS-Message; x=y")));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
  }

  /** RFC 8484 section 5.1: a cache on the way had it for a while. */
  @ParameterizedTest
  @CsvSource({"20, 40", "60, 0", "9999999999, 0", "-5, 60", "soon, 60"})
  void theAgeIsTakenOffTheTtl(String age, int ttl) {
    server.on(
        request ->
            request.reply(
                RawNameServer.answer(request.query()), headers -> headers.set("age", age)));
    assertThat(client.ask("www.example.org").ttl()).isEqualTo(ttl);
  }

  @Test
  void aResponseLongerThanAMessageIsAFailureAndEndsItsStream() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    server.onReset(ended::countDown);
    server.on(request -> request.replyWithoutEnd(new byte[70_000]));
    assertThat(client.trouble("www.example.org")).contains("longer than a DNS message");
    server.on(request -> request.reply(RawNameServer.answer(request.query())));
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.resets()).containsExactly(Http2Error.CANCEL.code());
    assertThat(server.connections()).isEqualTo(1);
  }

  /** More than any window: what is read must be given back, or it would stop. */
  @Test
  void flowControlNeverComesToAStop() {
    server.on(
        request -> request.reply(Arrays.copyOf(RawNameServer.answer(request.query()), 60_000)));
    for (int i = 0; i < 12; i++) {
      assertThat(client.ask("n" + i + ".example.org").rcode()).isEqualTo(Rcode.NOERROR);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11, 40})
  void aBodyThatIsNoResponseIsAFailure(int length) {
    server.on(request -> request.reply(new byte[length]));
    assertThat(client.trouble("www.example.org")).contains("does not belong to the query");
  }

  @Test
  void aResponseToSomethingElseIsAFailure() {
    server.on(
        request -> {
          byte[] reply = RawNameServer.answer(request.query());
          reply[13] ^= 1;
          request.reply(reply);
        });
    assertThat(client.trouble("www.example.org")).contains("does not belong to the query");
  }

  @Test
  void aStreamThatIsResetIsAFailure() {
    server.on(request -> request.reset(Http2Error.INTERNAL_ERROR));
    assertThat(client.trouble("www.example.org")).contains("reset", "INTERNAL_ERROR");
  }

  /** RFC 9113 section 8.7: the server has not looked at it. */
  @Test
  void aRefusedStreamIsAskedAgain() {
    AtomicInteger requests = new AtomicInteger();
    server.on(
        request -> {
          if (requests.incrementAndGet() == 1) {
            request.reset(Http2Error.REFUSED_STREAM);
          } else {
            request.reply(RawNameServer.answer(request.query()));
          }
        });
    assertThat(client.ask("www.example.org").rcode()).isEqualTo(Rcode.NOERROR);
  }

  /** RFC 9113 section 6.8: what is above the last stream goes elsewhere, the rest is answered. */
  @Test
  void whatAGoAwayTurnsAwayIsAskedOnAnotherConnection() {
    List<HttpsNameServer.Request> held = new ArrayList<>();
    server.on(
        request -> {
          held.add(request);
          if (held.size() == 2) {
            held.get(0).goAway(held.get(0));
            held.get(0).reply(RawNameServer.answer(held.get(0).query()));
          } else if (held.size() > 2) {
            request.reply(RawNameServer.answer(request.query()));
          }
        });
    Catcher first = client.begin("a.example.org");
    Catcher second = client.begin("b.example.org");
    assertThat(first.answer().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(second.answer().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.received()).hasSize(3);
  }

  @Test
  void aConnectionThatWasClosedMeanwhileIsReplacedWithoutAWord() {
    client.ask("a.example.org");
    AtomicInteger requests = new AtomicInteger();
    server.on(
        request -> {
          if (requests.incrementAndGet() == 1) {
            request.hangUp();
          } else {
            request.reply(RawNameServer.answer(request.query()));
          }
        });
    assertThat(client.ask("b.example.org").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void whoLeavesEndsTheStream() throws Exception {
    client.ask("a.example.org");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    server.onReset(ended::countDown);
    server.on(request -> asked.countDown());
    Pending pending = client.beginToLeave("b.example.org");
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    pending.leave();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.resets()).containsExactly(Http2Error.CANCEL.code());
  }

  @Test
  void aServerWithoutHttp2SaysSo() {
    HttpsNameServer old =
        opened(
            HttpsNameServer.start(
                authority.issue(NAME), Http2Settings.defaultSettings(), "http/1.1"));
    client.use("https://127.0.0.1:" + old.address().getPort() + "/dns-query#" + NAME);
    assertThat(client.trouble("www.example.org")).contains("HTTP/2");
    assertThat(old.received()).isEmpty();
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    client.use("https://127.0.0.1:" + server.address().getPort() + "/dns-query#other.example");
    assertThat(client.trouble("www.example.org")).contains("not for other.example");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void aSilentServerCostsTheLookupItsTimeAndNoMore() {
    EncryptedClient brief =
        opened(
            new EncryptedClient(
                directory.resolve("ca.pem"), Duration.ofSeconds(30), Duration.ofMillis(300)));
    server.on(request -> {});
    brief.use(words("/dns-query"));
    assertThat(brief.trouble("www.example.org")).contains("no response from https://");
  }

  private String words(String path) {
    return "https://127.0.0.1:" + server.address().getPort() + path + "#" + NAME;
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }
}
