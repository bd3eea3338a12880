package resolver.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;
import resolver.settings.Addresses;
import resolver.wire.ResponseImage;

/**
 * Any octets as the response of a server: either they are refused as unreadable, or the answer has
 * images that are messages, that hold nothing which does not belong to the question, that stay the
 * same when they are cleaned again, and whose cost was known before.
 */
public final class ReplyFuzz {
  private static final Server SERVER = new Server(Addresses.parse("192.0.2.53", 53));
  private static final TtlLimits LIMITS = new TtlLimits(0, 86_400, 900);
  private static final ReplyReader READER = new ReplyReader(q -> LIMITS, new ManualClock());
  private static final QueryRenderer RENDERER = new QueryRenderer(1232);
  private static final Question USUAL = Answers.question("www.example.org", "A");

  /** As a lookup has it: what costs more is not parsed. */
  private static final int TOO_LONG = 65_536;

  private static final int LONGEST_LABEL = 64;

  private ReplyFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    int cost = ReplyCost.labels(data, TOO_LONG);
    Message message = parse(data);
    if (message != null && cost <= TOO_LONG) {
      assertCostWasKnown(message, data.length, cost);
    }
    if (cost > TOO_LONG) {
      return;
    }
    Question question = question(message);
    Answer answer = read(question, data);
    if (answer != null) {
      assertThat(message).isNotNull();
      check(question, answer);
      if (answer.failure() == Answer.Failure.NONE) {
        assertStaysTheSame(question, answer);
      }
    }
  }

  /** The question that a response is for: a lookup takes no other, where it can be asked at all. */
  static Question question(@Nullable Message message) {
    Record asked = message == null ? null : message.getQuestion();
    return asked == null || asked.getDClass() != DClass.IN || isMeta(asked.getType())
        ? USUAL
        : Question.of(asked.getName().toWire(), asked.getType(), asked.getDClass(), false);
  }

  private static boolean isMeta(int type) {
    return type == Question.EVERY_TYPE || type == Type.OPT || (type >= 249 && type <= 255);
  }

  /** The answer that octets give, or null where they are no response to the question. */
  static @Nullable Answer read(Question question, byte[] reply) {
    byte[] query = RENDERER.render(question, true);
    Exchange exchange = new Exchange(SERVER, Transport.UDP, query, true, 0, new NobodyListens());
    try {
      return exchange.offer(Unpooled.wrappedBuffer(reply))
          ? READER.read(question, reply, exchange, 1, 1)
          : null;
    } catch (ReplyReader.Unreadable e) {
      return null;
    }
  }

  /** What an answer must be, whatever it was made from. */
  static void check(Question question, Answer answer) {
    assertThat(answer.ttl()).isBetween(0, LIMITS.most());
    for (boolean dnssecOk : new boolean[] {false, true}) {
      ResponseImage image = answer.image(dnssecOk);
      Message message = message(question, image, 0);
      assertThat(message.getSection(Section.ANSWER)).hasSize(image.answers());
      assertThat(message.getSection(Section.AUTHORITY)).hasSize(image.authorities());
      assertThat(message.getSection(Section.ADDITIONAL)).hasSize(image.additionals());
      assertBelongs(question, message, dnssecOk);
      assertThat(message.getSection(Section.ANSWER))
          .allSatisfy(r -> assertThat(r.getTTL()).isBetween((long) answer.ttl(), 86_400L));
      for (Record record : message(question, image, Integer.MAX_VALUE).getSection(Section.ANSWER)) {
        assertThat(record.getTTL()).isZero();
      }
    }
  }

  private static void assertStaysTheSame(Question question, Answer answer) {
    Message signed = message(question, answer.image(true), 0);
    signed.getHeader().setRcode(answer.rcode());
    signed.getHeader().setFlag(Flags.QR);
    Answer again = requireNonNull(read(question, signed.toWire()), "what was cleaned is readable");
    for (boolean dnssecOk : new boolean[] {true, false}) {
      assertThat(message(question, again.image(dnssecOk), 0).toString())
          .as("cleaned again")
          .isEqualTo(message(question, answer.image(dnssecOk), 0).toString());
      assertThat(again.image(dnssecOk)).isEqualTo(answer.image(dnssecOk));
    }
    assertThat(again.ttl()).isEqualTo(answer.ttl());
  }

  private static void assertBelongs(Question question, Message message, boolean dnssecOk) {
    Set<Name> reached = reached(question, message);
    for (Record record : message.getSection(Section.ANSWER)) {
      Name owner = record.getName();
      boolean parent =
          isOf(record, Type.DNAME) && reached.stream().anyMatch(name -> name.subdomain(owner));
      assertThat(parent || reached.contains(owner)).as("%s", record).isTrue();
      assertThat(isOf(record, question.type()) || isOf(record, Type.CNAME) || parent)
          .as("%s", record)
          .isTrue();
      assertThat(record.getDClass()).isEqualTo(question.dnsClass());
    }
    for (Record record : message.getSection(Section.AUTHORITY)) {
      assertThat(isOf(record, Type.SOA) || isOf(record, Type.NSEC) || isOf(record, Type.NSEC3))
          .as("%s", record)
          .isTrue();
    }
    for (Record record : message.getSection(Section.ADDITIONAL)) {
      assertThat(record.getType()).isIn(Type.A, Type.AAAA);
    }
    List<Record> all = new ArrayList<>(message.getSection(Section.ANSWER));
    all.addAll(message.getSection(Section.AUTHORITY));
    for (Record record : dnssecOk ? List.<Record>of() : all) {
      assertThat(record.getType() == question.type() || !isForDnssec(record.getType()))
          .as("%s", record)
          .isTrue();
    }
  }

  private static Set<Name> reached(Question question, Message message) {
    Set<Name> reached = new HashSet<>();
    reached.add(QueryRenderer.nameOf(question));
    for (int before = 0; before < reached.size(); ) {
      before = reached.size();
      for (Record record : message.getSection(Section.ANSWER)) {
        if (record instanceof CNAMERecord alias && reached.contains(alias.getName())) {
          reached.add(alias.getTarget());
        }
      }
    }
    return reached;
  }

  private static boolean isOf(Record record, int type) {
    return record.getType() == type
        || (record instanceof RRSIGRecord signature && signature.getTypeCovered() == type);
  }

  private static boolean isForDnssec(int type) {
    return type == Type.RRSIG || type == Type.NSEC || type == Type.NSEC3;
  }

  /** Undoing the compression of names must not make more octets than their labels account for. */
  private static void assertCostWasKnown(Message message, int length, int cost) {
    long whole = 12;
    for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
      for (Record record : message.getSection(section)) {
        whole += record.getName().length() + 4;
        whole += section == Section.QUESTION ? 0 : 6 + dataLength(record);
      }
    }
    assertThat(whole)
        .as("octets in full")
        .isLessThanOrEqualTo(length + (long) LONGEST_LABEL * cost);
  }

  /** The length without compression, or 0 where dnsjava has read what it cannot write. */
  private static int dataLength(Record record) {
    try {
      return record.rdataToWireCanonical().length;
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private static Message message(Question question, ResponseImage image, int age) {
    try {
      return Images.message(QueryRenderer.questionRecord(question), image, age);
    } catch (IOException e) {
      throw new AssertionError("an image that is no message", e);
    }
  }

  private static @Nullable Message parse(byte[] octets) {
    try {
      return new Message(octets);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static final class NobodyListens implements Exchange.Listener {
    @Override
    public void answered(Exchange exchange, ByteBuf reply) {}

    @Override
    public void failed(Exchange exchange, String why) {}
  }
}
