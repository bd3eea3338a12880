package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.query.QueryObserver.Outcome;
import resolver.query.SettledQuery;
import resolver.wire.ExtendedError;

class QueryLineTest {
  private static final long MIDNIGHT = 1_764_115_200_123L;

  @Test
  void anAnswerFromUpstreamInJson() throws IOException {
    SettledQuery query =
        Settled.of("10.0.0.7", "www.example.org", 28, Outcome.LEADER, 0, 13_002_999);
    assertThat(json(query, "10.0.0.7"))
        .isEqualTo(
            "{\"time\":\"2025-11-26T00:00:00.123Z\",\"client\":\"10.0.0.7\",\"transport\":\"udp\","
                + "\"name\":\"www.example.org.\",\"type\":\"AAAA\",\"class\":\"IN\","
                + "\"outcome\":\"leader\",\"rcode\":\"NOERROR\",\"milliseconds\":13.002,"
                + "\"answers\":1,\"octets\":56,\"upstream\":\"192.0.2.53:53\","
                + "\"upstreamTransport\":\"udp\",\"upstreamMilliseconds\":12.345,\"tries\":1,"
                + "\"waiters\":3}");
  }

  @Test
  void anAnswerFromUpstreamInWords() {
    SettledQuery query =
        Settled.of("10.0.0.7", "www.example.org", 28, Outcome.FAILURE_HIT, 3, 13_002_999);
    assertThat(text(query, "10.0.0.7"))
        .isEqualTo(
            "2025-11-26T00:00:00.123Z 10.0.0.7 udp www.example.org. IN AAAA failure-hit NXDOMAIN"
                + " 13.002ms answers=0 octets=56 upstream=udp:192.0.2.53:53 tries=1 waiters=3");
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws IOException {
    SettledQuery noise =
        Settled.of("10.0.0.7", null, Outcome.DROPPED, SettledQuery.SILENCE, 0, null, List.of());
    assertThat(json(noise, ""))
        .isEqualTo(
            "{\"time\":\"2025-11-26T00:00:00.123Z\",\"transport\":\"udp\",\"outcome\":\"dropped\","
                + "\"milliseconds\":0.000,\"answers\":0,\"octets\":0}");
    assertThat(text(noise, ""))
        .isEqualTo("2025-11-26T00:00:00.123Z - udp - - - dropped - 0.000ms answers=0 octets=0");
  }

  @Test
  void aStrangersTextNeitherEndsTheLineNorTurnsTheTerminal() throws IOException {
    ExtendedError error = new ExtendedError(22, "a\nb\u001b[31m\"c\u202e");
    SettledQuery query = Settled.of("10.0.0.7", null, Outcome.LEADER, 2, 0, null, List.of(error));
    assertThat(text(query, "x"))
        .endsWith(" ede=22\"a\\u000ab\\u001b[31m\\\"c\\u202e\"")
        .doesNotContain("\n", "\u001b");
    assertThat(json(query, "x"))
        .contains("\"extendedErrors\":[{\"code\":22,\"text\":\"a\\nb\\u001b[31m\\\"c")
        .doesNotContain("\n");
  }

  private static String json(SettledQuery query, String client) throws IOException {
    StringWriter out = new StringWriter();
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    new QueryLine(MIDNIGHT, client, query).writeTo(json);
    json.endObject();
    return out.toString();
  }

  private static String text(SettledQuery query, String client) {
    StringBuilder text = new StringBuilder();
    new QueryLine(MIDNIGHT, client, query).writeTo(text);
    return text.toString();
  }
}
