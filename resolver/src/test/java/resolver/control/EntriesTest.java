package resolver.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Type;
import resolver.cache.CacheEntry;
import resolver.cache.Freshness;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.wire.ResponseImage;

/** What the cache holds is told, whatever it is. */
class EntriesTest {
  private static final Question QUESTION = Answers.question("www.example.org", "CAA");

  private final DNSOutput records = new DNSOutput();
  private int count;

  @Test
  void recordsThatCanBeReadAreToldAsInAZoneFile() throws IOException {
    add(Type.A, 192, 0, 2, 1);
    add(Type.MX, 0, 10, 0xc0, 12);
    assertThat(told())
        .containsExactly(
            "www.example.org. 290 IN A 192.0.2.1",
            "www.example.org. 290 IN MX 10 www.example.org.");
  }

  @Test
  void aRecordThatCannotBeReadIsToldAsOctetsAndTheOthersAreRead() throws IOException {
    add(Type.CAA, 0);
    add(Type.MX, 0, 10, 0xc0, 12);
    add(Type.TXT, 5, 'a');
    add(Type.A);
    add(Type.TXT, 1, 'a');
    assertThat(told())
        .containsExactly(
            "www.example.org. 290 IN CAA \\# 1 00",
            "www.example.org. 290 IN MX 10 www.example.org.",
            "www.example.org. 290 IN TXT \\# 2 0561",
            "www.example.org. 290 IN A \\# 0",
            "www.example.org. 290 IN TXT a");
  }

  @Test
  void amongManyABadOneHasAllToldAsOctets() throws IOException {
    add(Type.CAA, 0);
    for (int i = 0; i < 200; i++) {
      add(Type.A, 192, 0, 2, i);
    }
    assertThat(told())
        .hasSize(201)
        .startsWith("www.example.org. 290 IN CAA \\# 1 00")
        .endsWith("www.example.org. 290 IN A \\# 4 c00002c7");
  }

  /** A record of the name that was asked for. */
  private void add(int type, int... data) {
    records.writeU16(0xc00c);
    records.writeU16(type);
    records.writeU16(1);
    records.writeU32(0);
    records.writeU16(data.length);
    for (int octet : data) {
      records.writeU8(octet);
    }
    count++;
  }

  private List<String> told() throws IOException {
    DNSOutput message = new DNSOutput();
    message.writeU32(0);
    message.writeU16(1);
    message.writeU16(count);
    message.writeU32(0);
    message.writeByteArray(QUESTION.name());
    message.writeU16(QUESTION.type());
    message.writeU16(1);
    message.writeByteArray(records.toByteArray());
    ResponseImage image = ResponseImage.of(message.toByteArray(), index -> 300);
    Answer answer = Answers.of(0, image, image, 300, 0);
    CacheEntry entry = new CacheEntry(QUESTION, answer, Freshness.FRESH, Duration.ofSeconds(290));
    StringWriter text = new StringWriter();
    JsonWriter json = new JsonWriter(text);
    json.beginObject();
    Entries.answers(json, List.of(entry), 10_000_000_000L);
    json.endObject();
    List<String> told = new ArrayList<>();
    for (JsonElement record :
        JsonParser.parseString(text.toString())
            .getAsJsonObject()
            .getAsJsonArray("entries")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("records")) {
      told.add(record.getAsString());
    }
    return told;
  }
}
