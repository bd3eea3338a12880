package resolver.observe;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.clock.Ticker;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.settings.Addresses;
import resolver.settings.Spelling;
import resolver.wire.ExtendedError;

/**
 * A settled query in words, for the log and for those who watch.
 *
 * @param wallMillis when it came, in milliseconds since 1970
 * @param client the word for the client; empty where none is to be told
 * @param query what is told
 */
public record QueryLine(long wallMillis, String client, SettledQuery query) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A query in words, its time told by the wall clock. */
  public static QueryLine of(SettledQuery query, String client, Ticker ticker) {
    long millisAgo = (ticker.nanos() - query.startedAt()) / 1_000_000;
    return new QueryLine(ticker.wallMillis() - millisAgo, client, query);
  }

  /** Writes the names and values of a JSON object. What is not known is left out. */
  public void writeTo(JsonWriter json) throws IOException {
    json.name("time").value(TIME.format(Instant.ofEpochMilli(wallMillis)));
    if (!client.isEmpty()) {
      json.name("client").value(client);
    }
    json.name("transport").value(Spelling.word(query.transport()));
    Question question = query.question();
    if (question != null) {
      json.name("name").value(question.nameText());
      json.name("type").value(Type.string(question.type()));
      json.name("class").value(DClass.string(question.dnsClass()));
    }
    json.name("outcome").value(outcome(query.outcome()));
    if (query.rcode() != SettledQuery.SILENCE) {
      json.name("rcode").value(rcode(query.rcode()));
    }
    json.name("milliseconds").value(milliseconds(query.nanos()));
    json.name("answers").value(query.answers());
    json.name("octets").value(query.octets());
    Provenance provenance = query.provenance();
    if (provenance != null) {
      json.name("upstream").value(Addresses.format(provenance.server()));
      json.name("upstreamTransport").value(Spelling.word(provenance.transport()));
      json.name("upstreamMilliseconds").value(milliseconds(provenance.roundTripNanos()));
      json.name("tries").value(provenance.tries());
      json.name("waiters").value(provenance.waiters());
    }
    if (!query.errors().isEmpty()) {
      json.name("extendedErrors").beginArray();
      for (ExtendedError error : query.errors()) {
        json.beginObject().name("code").value(error.code()).name("text").value(error.text());
        json.endObject();
      }
      json.endArray();
    }
  }

  /** Appends words for people, in one line; a dash stands for what is not known. */
  public void writeTo(StringBuilder text) {
    TIME.formatTo(Instant.ofEpochMilli(wallMillis), text);
    text.append(' ').append(client.isEmpty() ? "-" : client);
    text.append(' ').append(Spelling.word(query.transport())).append(' ');
    appendQuestion(text, query.question());
    text.append(' ').append(outcome(query.outcome())).append(' ');
    text.append(query.rcode() == SettledQuery.SILENCE ? "-" : rcode(query.rcode()));
    text.append(' ').append(milliseconds(query.nanos())).append("ms");
    text.append(" answers=").append(query.answers());
    text.append(" octets=").append(query.octets());
    Provenance provenance = query.provenance();
    if (provenance != null) {
      text.append(" upstream=").append(Spelling.word(provenance.transport())).append(':');
      text.append(Addresses.format(provenance.server()));
      text.append(" tries=").append(provenance.tries());
      text.append(" waiters=").append(provenance.waiters());
    }
    for (ExtendedError error : query.errors()) {
      text.append(" ede=").append(error.code());
      if (!error.text().isEmpty()) {
        appendQuoted(text, error.text());
      }
    }
  }

  private static void appendQuestion(StringBuilder text, @Nullable Question question) {
    if (question == null) {
      text.append("- - -");
    } else {
      text.append(question.nameText()).append(' ');
      text.append(DClass.string(question.dnsClass())).append(' ');
      text.append(Type.string(question.type()));
    }
  }

  /** The text may be a stranger's: nothing of it ends the line or turns the terminal. */
  private static void appendQuoted(StringBuilder text, String from) {
    text.append('"');
    for (int i = 0; i < from.length(); i++) {
      char c = from.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  /** An outcome as the log spells it. */
  public static String outcome(Outcome outcome) {
    return Spelling.word(outcome);
  }

  /** The mnemonic of an RCODE, or RCODE and its number. */
  public static String rcode(int rcode) {
    return Objects.requireNonNull(Rcode.string(rcode));
  }

  /** With three digits behind the point. */
  private static BigDecimal milliseconds(long nanos) {
    return BigDecimal.valueOf(nanos / 1000, 3);
  }
}
