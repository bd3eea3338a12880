package resolver.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Replies as one line of JSON. The fields are documented in the help of {@code resolve query}; new
 * ones may be added under the same number of the schema, and a changed or dropped one raises it.
 */
final class JsonOutput {
  static final int SCHEMA = 1;

  private final JsonWriter json = new JsonWriter();

  private JsonOutput() {}

  static String of(Name name, List<Reply> replies, int exitCode) {
    JsonOutput output = new JsonOutput();
    output.json.beginObject();
    output.json.key("schema").value(SCHEMA);
    output.json.key("name").value(name.toString());
    output.json.key("exitCode").value(exitCode);
    output.json.key("replies").beginArray();
    replies.forEach(output::reply);
    output.json.endArray().endObject();
    return output.json.toString();
  }

  private void reply(Reply reply) {
    json.beginObject();
    json.key("question").beginObject();
    head(reply.question());
    json.endObject();
    json.key("outcome").value(Outcome.of(reply).word());
    Source source = reply.source();
    json.key("source").beginObject();
    json.key("kind").value(source.kind().word());
    json.key("where").value(source.where());
    json.key("note").value(source.note());
    json.endObject();
    json.key("milliseconds").thousandths(TimeUnit.NANOSECONDS.toMicros(reply.nanos()));
    json.key("problem").value(reply.problem());
    json.key("response");
    Reply.Received received = reply.received();
    if (received == null) {
      json.nothing();
    } else {
      response(reply, received);
    }
    json.endObject();
  }

  private void response(Reply reply, Reply.Received received) {
    int rcode = received.message().getRcode();
    json.beginObject();
    json.key("status").value(Records.rcode(rcode));
    json.key("rcode").value(rcode);
    json.key("transport");
    transport(received.transport());
    json.key("octets").value(received.octets());
    json.key("flags").beginObject();
    Header header = received.message().getHeader();
    for (byte flag : new byte[] {Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD, Flags.CD}) {
      json.key(Flags.string(flag).toLowerCase(Locale.ROOT)).value(header.getFlag(flag));
    }
    json.endObject();
    section("answer", reply.section(Section.ANSWER));
    section("authority", reply.section(Section.AUTHORITY));
    section("additional", reply.section(Section.ADDITIONAL));
    json.key("negativeTtl");
    Outcome outcome = Outcome.of(reply);
    Reply.Negative negative = reply.negative();
    if (negative != null && (outcome == Outcome.NODATA || outcome == Outcome.NXDOMAIN)) {
      json.value(negative.ttl());
    } else {
      json.nothing();
    }
    json.key("extendedErrors").beginArray();
    for (ExtendedErrorCodeOption error : Records.extendedErrors(received.message())) {
      json.beginObject();
      json.key("code").value(error.getErrorCode());
      json.key("meaning").value(Records.meaning(error));
      json.key("text").value(Records.text(error));
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void transport(String words) {
    if (words.isEmpty()) {
      json.nothing();
    } else {
      json.value(words.startsWith("TCP") ? "tcp" : "udp");
    }
  }

  private void section(String key, List<Record> records) {
    json.key(key).beginArray();
    for (Record record : records) {
      if (record.getType() != Type.OPT) {
        json.beginObject();
        head(record);
        json.key("ttl").value(record.getTTL());
        json.key("data").value(Records.data(record));
        json.key("octets").value(Records.hex(record));
        json.endObject();
      }
    }
    json.endArray();
  }

  private void head(Record record) {
    json.key("name").value(record.getName().toString());
    json.key("type").value(Type.string(record.getType()));
    json.key("typeNumber").value(record.getType());
    json.key("class").value(DClass.string(record.getDClass()));
  }
}
