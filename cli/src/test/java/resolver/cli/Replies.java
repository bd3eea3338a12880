package resolver.cli;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import resolver.fixtures.StubScript;

/** Replies with fixed contents. */
final class Replies {
  static final Source DAEMON = Source.daemon("127.0.0.1:5300");
  static final String SOA = "example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";

  private Replies() {}

  static Reply answer(String name, String type, String... records) {
    Message query = Message.newQuery(question(name, type));
    List<Record> parsed = StubScript.parse(records);
    return reply(type, StubScript.reply(query, Rcode.NOERROR, parsed, Section.ANSWER));
  }

  static Reply negative(String name, String type, int rcode) {
    Message query = Message.newQuery(question(name, type));
    List<Record> soa = StubScript.parse(SOA);
    return reply(type, StubScript.reply(query, rcode, soa, Section.AUTHORITY));
  }

  static Reply referral(String name, String type, String... servers) {
    Message query = Message.newQuery(question(name, type));
    List<Record> parsed = StubScript.parse(servers);
    return reply(type, StubScript.reply(query, Rcode.NOERROR, parsed, Section.AUTHORITY));
  }

  static Reply failure(String name, String type, int rcode, ExtendedErrorCodeOption... errors) {
    Message query = Message.newQuery(question(name, type));
    Message message = StubScript.reply(query, rcode, List.of(), Section.ANSWER);
    message.addRecord(new OPTRecord(1232, rcode >> 4, 0, 0, errors), Section.ADDITIONAL);
    return reply(type, message);
  }

  static Reply none(String name, String type) {
    return Reply.none(question(name, type), DAEMON, millis(5000), "silent for 5s over UDP");
  }

  static Reply from(Source source, String transport, Reply like) {
    Reply.Received received = like.received();
    if (received == null) {
      throw new AssertionError("a reply without response");
    }
    return Reply.of(
        like.question(),
        source,
        new Reply.Received(received.message(), received.octets(), transport, received.nanos()));
  }

  private static Reply reply(String type, Message message) {
    message.getHeader().unsetFlag(Flags.AD);
    Record question = message.getQuestion();
    if (!Type.string(question.getType()).equals(type)) {
      throw new AssertionError(type);
    }
    return Reply.of(question, DAEMON, new Reply.Received(message, 77, "UDP", millis(12)));
  }

  private static Record question(String name, String type) {
    try {
      return Record.newRecord(Name.fromString(name), Type.value(type), DClass.IN);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
