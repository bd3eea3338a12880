package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import resolver.query.QueryObserver.Outcome;

class CensusTest {
  private final Census census = new Census();

  @Test
  void namesCountWhateverTheTypeAndServersOnceAnExchange() throws IOException {
    census.add(Settled.of("10.0.0.7", "www.example.org", 1, Outcome.LEADER, 0, 13_000_000));
    census.add(Settled.of("10.0.0.8", "www.example.org", 1, Outcome.FOLLOWER, 0, 12_000_000));
    census.add(Settled.of("10.0.0.8", "WWW.example.org", 28, Outcome.HIT, 0, 21_000));
    census.add(Settled.of("10.0.0.8", "mail.example.org", 1, Outcome.HIT, 0, 21_000));
    assertThat(json())
        .isEqualTo(
            "{\"clients\":{\"count\":4,\"p50\":0.023,\"p95\":14.335,\"p99\":14.335},"
                + "\"servers\":[{\"server\":\"192.0.2.53:53\",\"count\":1,\"p50\":14.335,"
                + "\"p95\":14.335,\"p99\":14.335}],"
                + "\"names\":[{\"name\":\"www.example.org.\",\"share\":75.0,\"tooMuch\":0.0},"
                + "{\"name\":\"mail.example.org.\",\"share\":25.0,\"tooMuch\":0.0}]}");
  }

  @Test
  void nothingIsLeftOfWhatIsLongAgo() throws IOException {
    String empty = json();
    census.add(Settled.of("10.0.0.7", "www.example.org", 1, Outcome.LEADER, 0, 13_000_000));
    census.fade();
    assertThat(json()).isEqualTo(empty);
  }

  private String json() throws IOException {
    StringWriter out = new StringWriter();
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    census.writeTo(json);
    json.endObject();
    return out.toString();
  }
}
