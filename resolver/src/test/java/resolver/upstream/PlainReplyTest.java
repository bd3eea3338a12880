package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;
import resolver.fixtures.Answers;
import resolver.fixtures.StubScript;
import resolver.query.Question;
import resolver.query.TtlLimits;

/** The law of the short way: what it gives is what the long way gives. */
class PlainReplyTest {
  private static final TtlLimits LIMITS = new TtlLimits(10, 86_400, 900);
  private static final String[] ANSWERS = {
    "%s 300 IN A 192.0.2.1",
    "%s 300 IN A 192.0.2.1",
    "%s 20 IN A 192.0.2.2",
    "%s 0 IN A 192.0.2.3",
    "%s 300 IN AAAA 2001:db8::1",
    "%s 300 IN TXT \"text\" \"more text\"",
    "%s 300 IN CAA 0 issue \"ca.example\"",
    "%s 300 IN MX 10 mail.example.org.",
    "%s 300 IN CNAME other.example.org.",
    "other.example.org. 300 IN A 192.0.2.4",
    "%s 300 IN HTTPS 1 . alpn=h2",
    "%s 300 IN RRSIG A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA",
  };
  private static final String[] AUTHORITIES = {
    "example.org. 300 IN NS ns.example.org.",
    "example.org. 300 IN NS ns2.example.net.",
    "example.org. 300 IN SOA ns.example.org. h.example.org. 1 2 3 4 5",
    "a.example.org. 300 IN NSEC b.example.org. A RRSIG NSEC",
  };
  private static final String[] ADDITIONALS = {
    "ns.example.org. 300 IN A 192.0.2.53", "ns.example.org. 300 IN AAAA 2001:db8::53",
  };
  private static final String[] NAMES = {
    "www.example.org.", "WWW.Example.org.", "a.b.c.d.e.f.example.org.", "org.", "."
  };
  private static final String[] TYPES = {
    "A", "A", "A", "AAAA", "TXT", "CAA", "MX", "HTTPS", "CNAME"
  };

  private int plain;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itGivesWhatTheLongWayGives(long seed) throws WireParseException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 5000; i++) {
      Question question = Answers.question(any(NAMES, random), any(TYPES, random));
      byte[] reply = reply(question, random);
      check(question, reply);
      for (int broken = 0; broken < 4; broken++) {
        check(question, damaged(reply, 12 + question.length(), random));
      }
    }
    assertThat(plain).isGreaterThan(1000);
  }

  @Test
  void theUsualResponseIsPlain() throws WireParseException {
    Question question = Answers.question("www.example.org", "A");
    Message message = question(question);
    add(message, Section.ANSWER, "www.example.org. 300 IN A 192.0.2.1");
    add(message, Section.ANSWER, "www.example.org. 200 IN A 192.0.2.2");
    add(message, Section.AUTHORITY, AUTHORITIES[0]);
    add(message, Section.ADDITIONAL, ADDITIONALS[0]);
    message.addRecord(new OPTRecord(1232, 0, 0, 0x8000), Section.ADDITIONAL);
    check(question, message.toWire());
    assertThat(plain).isOne();
  }

  @Test
  void aMessageOfManyOctetsIsNot() throws WireParseException {
    Question question = Answers.question("www.example.org", "TXT");
    Message message = question(question);
    for (int i = 0; i < 20; i++) {
      add(message, Section.ANSWER, "www.example.org. 300 IN TXT " + i + "x".repeat(240));
    }
    check(question, message.toWire());
    assertThat(plain).isZero();
  }

  private void check(Question question, byte[] reply) throws WireParseException {
    CleanReply shortWay = PlainReply.read(question, reply, LIMITS);
    if (shortWay != null) {
      plain++;
      WireReply parsed = WireReply.parse(reply);
      assertThat(parsed.rcode()).isZero();
      assertThat(parsed.errors()).isEmpty();
      assertThat(shortWay).isEqualTo(CleanReply.of(question, parsed, LIMITS));
    }
  }

  private static byte[] reply(Question question, SplittableRandom random) {
    Message message = question(question);
    int answers = random.nextInt(4);
    for (int i = 0; i < answers; i++) {
      boolean fitting = random.nextInt(3) != 0;
      String record = fitting ? fitting(question) : any(ANSWERS, random);
      add(message, Section.ANSWER, String.format(record, Answers.nameOf(question)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      add(message, Section.AUTHORITY, any(AUTHORITIES, random));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      add(message, Section.ADDITIONAL, any(ADDITIONALS, random));
    }
    if (random.nextBoolean()) {
      ExtendedErrorCodeOption error = new ExtendedErrorCodeOption(random.nextInt(30), "words");
      OPTRecord opt =
          random.nextInt(4) == 0
              ? new OPTRecord(1232, 0, 0, 0, error)
              : new OPTRecord(1232, 0, 0, 0x8000);
      message.addRecord(opt, Section.ADDITIONAL);
    }
    return message.toWire();
  }

  private static String fitting(Question question) {
    return Arrays.stream(ANSWERS)
        .filter(record -> record.contains(" " + org.xbill.DNS.Type.string(question.type()) + " "))
        .findFirst()
        .orElseThrow();
  }

  /** Octets behind the question are changed, or cut off, or there are more. */
  private static byte[] damaged(byte[] reply, int from, SplittableRandom random) {
    byte[] other =
        random.nextInt(10) == 0
            ? Arrays.copyOf(reply, from + random.nextInt(reply.length - from + 3))
            : reply.clone();
    for (int i = random.nextInt(3); i > 0 && other.length > from; i--) {
      int at = random.nextInt(8) == 0 ? 4 + random.nextInt(8) : from;
      at = at == from ? from + random.nextInt(other.length - from) : at;
      other[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : other[at] + 1);
    }
    return other;
  }

  private static Message question(Question question) {
    Message message = new Message(0);
    message.getHeader().setFlag(Flags.QR);
    message.addRecord(QueryRenderer.questionRecord(question), Section.QUESTION);
    return message;
  }

  private static void add(Message message, int section, String record) {
    for (Record each : StubScript.parse(record)) {
      message.addRecord(each, section);
    }
  }

  private static String any(String[] all, SplittableRandom random) {
    return all[random.nextInt(all.length)];
  }
}
