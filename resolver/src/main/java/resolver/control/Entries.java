package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Rcode;
import resolver.cache.CacheEntry;
import resolver.cache.FailureEntry;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.settings.Addresses;
import resolver.settings.Spelling;
import resolver.upstream.Images;
import resolver.wire.ExtendedError;

/** What is remembered of a name, written as JSON. */
final class Entries {
  private static final int NXDOMAIN = 3;

  private Entries() {}

  static void answers(JsonWriter json, List<CacheEntry> entries, long now) throws IOException {
    json.name("entries").beginArray();
    for (CacheEntry entry : entries) {
      answer(json, entry, now);
    }
    json.endArray();
  }

  static void failures(JsonWriter json, List<FailureEntry> failures) throws IOException {
    json.name("failures").beginArray();
    for (FailureEntry failure : failures) {
      json.beginObject();
      question(json, failure.question());
      json.name("failure").value(Spelling.word(failure.answer().failure()));
      json.name("rcode").value(Rcode.string(failure.answer().rcode()));
      json.name("leftSeconds").value(seconds(failure.left()));
      errors(json, failure.answer());
      json.endObject();
    }
    json.endArray();
  }

  private static void answer(JsonWriter json, CacheEntry entry, long now) throws IOException {
    Answer answer = entry.answer();
    json.beginObject();
    question(json, entry.question());
    json.name("outcome").value(outcome(answer));
    json.name("rcode").value(Rcode.string(answer.rcode()));
    json.name("freshness").value(Spelling.word(entry.freshness()));
    json.name("ttl").value(answer.ttl());
    json.name("leftSeconds").value(seconds(entry.left()));
    json.name("ageSeconds").value(Words.seconds(Math.max(0, now - answer.arrivedAt())));
    json.name("used").value(answer.wasUsed());
    json.name("authentic").value(answer.authentic());
    json.name("octets").value(answer.weight() + entry.question().weight());
    provenance(json, answer);
    errors(json, answer);
    json.name("records").beginArray();
    for (String record : records(entry, now)) {
      json.value(record);
    }
    json.endArray();
    json.endObject();
  }

  private static void question(JsonWriter json, Question question) throws IOException {
    json.name("type").value(Words.typeOf(question));
    json.name("checkingDisabled").value(question.checkingDisabled());
    json.name("space").value(question.space());
  }

  private static String outcome(Answer answer) {
    if (answer.rcode() == NXDOMAIN) {
      return "nxdomain";
    }
    return answer.isNegative() ? "nodata" : "answer";
  }

  private static void provenance(JsonWriter json, Answer answer) throws IOException {
    json.name("provenance");
    Provenance from = answer.provenance();
    if (from == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("server").value(Addresses.format(from.server()));
    json.name("transport").value(Spelling.word(from.transport()));
    json.name("roundTripMillis").value(Words.millis(from.roundTripNanos()));
    json.name("tries").value(from.tries());
    json.name("waiters").value(from.waiters());
    json.endObject();
  }

  static void errors(JsonWriter json, Answer answer) throws IOException {
    json.name("extendedErrors").beginArray();
    for (ExtendedError error : answer.errors()) {
      json.beginObject();
      json.name("code").value(error.code());
      json.name("text").value(error.text());
      json.endObject();
    }
    json.endArray();
  }

  private static List<String> records(CacheEntry entry, long now) {
    long age = Math.max(0, now - entry.answer().arrivedAt()) / 1_000_000_000L;
    return RecordTexts.of(Images.octets(entry.question(), entry.answer().image(false), (int) age));
  }

  static double seconds(Duration duration) {
    return Words.seconds(duration.toNanos());
  }
}
