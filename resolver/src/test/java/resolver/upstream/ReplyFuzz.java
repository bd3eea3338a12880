package resolver.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;
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
  private static final Server SERVER = Server.plain(Addresses.parse("192.0.2.53", 53));
  private static final TtlLimits LIMITS = new TtlLimits(0, 86_400, 900);
  private static final ReplyReader READER = new ReplyReader(q -> LIMITS, new ManualClock());
  private static final QueryRenderer RENDERER = new QueryRenderer(1232);
  private static final Question USUAL = Answers.question("www.example.org", "A");
  private static final int HEADER = 12;

  /** As a lookup has it: what costs more is not parsed. */
  private static final int TOO_LONG = 65_536;

  private ReplyFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    int cost = ReplyCost.labels(data, TOO_LONG);
    if (cost > TOO_LONG) {
      return;
    }
    assertCostWasKnown(data, cost);
    Question question = question(data);
    Answer answer = read(question, data);
    if (answer != null) {
      check(question, answer);
      assertImagesAreAsSound(question, answer, data);
      if (answer.failure() == Answer.Failure.NONE) {
        assertStaysTheSame(question, answer);
      }
    }
  }

  /** The question that a response repeats, where one like it can be asked at all. */
  static Question question(byte[] reply) {
    try {
      Message message = new Message(alone(reply));
      Record asked = message.getQuestion();
      return asked == null || asked.getDClass() != DClass.IN || isMeta(asked.getType())
          ? USUAL
          : Question.of(asked.getName().toWire(), asked.getType(), DClass.IN, false);
    } catch (IOException | RuntimeException e) {
      return USUAL;
    }
  }

  /** A message whose header says that there is one question, and nothing else. */
  private static byte[] alone(byte[] message) {
    byte[] other = message.clone();
    Arrays.fill(other, Math.min(4, other.length), Math.min(HEADER, other.length), (byte) 0);
    if (other.length >= HEADER) {
      other[5] = 1;
    }
    return other;
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
      WireReply reply = parse(octets(question, image, 0));
      assertThat(reply.answers()).hasSize(image.answers());
      assertThat(reply.authorities()).hasSize(image.authorities());
      assertThat(reply.additionals()).hasSize(image.additionals());
      assertBelongs(question, reply);
      for (WireRecord record : records(reply)) {
        assertThat(record.ttl()).isBetween((long) answer.ttl(), (long) LIMITS.most());
        assertThat(record.dnsClass()).isEqualTo(question.dnsClass());
        boolean hidden = isForDnssec(record.type()) && record.type() != question.type();
        assertThat(hidden && !dnssecOk).as("DNSSEC's record, unasked").isFalse();
      }
      for (WireRecord record : records(parse(octets(question, image, Integer.MAX_VALUE)))) {
        assertThat(record.ttl()).isZero();
      }
    }
  }

  private static void assertBelongs(Question question, WireReply reply) {
    Set<Name> reached = reached(question, reply);
    for (WireRecord record : reply.answers()) {
      boolean parent =
          isOf(record, Type.DNAME) && reached.stream().anyMatch(n -> n.subdomain(record.owner()));
      assertThat(parent || reached.contains(record.owner())).as("belongs").isTrue();
      assertThat(parent || isOf(record, question.type()) || isOf(record, Type.CNAME))
          .as("type %d", record.type())
          .isTrue();
    }
    for (WireRecord record : reply.authorities()) {
      assertThat(isOf(record, Type.SOA) || isOf(record, Type.NSEC) || isOf(record, Type.NSEC3))
          .as("type %d", record.type())
          .isTrue();
    }
    for (WireRecord record : reply.additionals()) {
      assertThat(record.type()).isIn(Type.A, Type.AAAA);
    }
  }

  private static Set<Name> reached(Question question, WireReply reply) {
    Set<Name> reached = new HashSet<>();
    reached.add(QueryRenderer.nameOf(question));
    for (int before = 0; before < reached.size(); ) {
      before = reached.size();
      for (WireRecord record : reply.answers()) {
        Name target = record.alias();
        if (target != null && reached.contains(record.owner())) {
          reached.add(target);
        }
      }
    }
    return reached;
  }

  private static boolean isOf(WireRecord record, int type) {
    return record.type() == type || record.coveredType() == type;
  }

  private static boolean isForDnssec(int type) {
    return type == Type.RRSIG || type == Type.NSEC || type == Type.NSEC3;
  }

  /**
   * A parser that understands the response must understand what we make of it, but for types whose
   * names no server may compress: where one does, its pointers are passed on as they came.
   */
  private static void assertImagesAreAsSound(Question question, Answer answer, byte[] data) {
    byte[] whole = data.clone();
    // With TC the parser forgives whatever comes too soon.
    whole[2] &= (byte) 0xfd;
    byte[] plain = octets(question, answer.image(false), 0);
    if (isSound(whole) && records(parse(plain)).stream().allMatch(ReplyFuzz::mayBeCompressed)) {
      assertThat(isSound(plain)).as("sound image").isTrue();
    }
  }

  private static boolean mayBeCompressed(WireRecord record) {
    int type = record.type();
    boolean nameless = type == Type.A || type == Type.AAAA || type == Type.TXT;
    return nameless || DataLayout.of(type) != null;
  }

  private static void assertStaysTheSame(Question question, Answer answer) {
    byte[] signed = octets(question, answer.image(true), 0);
    signed[2] = (byte) 0x80;
    signed[3] = (byte) answer.rcode();
    Answer again = requireNonNull(read(question, signed), "what was cleaned is readable");
    assertThat(again.ttl()).isEqualTo(answer.ttl());
    for (boolean dnssecOk : new boolean[] {true, false}) {
      assertThat(octets(question, again.image(dnssecOk), 0))
          .as("cleaned again")
          .isEqualTo(octets(question, answer.image(dnssecOk), 0));
    }
  }

  /** Parsing must not find more labels than were foretold. */
  private static void assertCostWasKnown(byte[] data, int cost) {
    try {
      List<WireRecord> records = records(WireReply.parse(data));
      boolean oneQuestion = data[4] == 0 && data[5] == 1;
      int labels = oneQuestion ? ReplyCost.labels(alone(data), TOO_LONG) : 0;
      for (WireRecord record : records) {
        labels += record.owner().labels() - 1;
        for (Name name : record.names()) {
          labels += name.labels() - 1;
        }
      }
      assertThat(labels).isLessThanOrEqualTo(cost);
    } catch (WireParseException | RuntimeException e) {
      // What cannot be parsed is refused.
    }
  }

  private static List<WireRecord> records(WireReply reply) {
    List<WireRecord> all = new ArrayList<>();
    Stream.of(reply.answers(), reply.authorities(), reply.additionals()).forEach(all::addAll);
    return all;
  }

  private static byte[] octets(Question question, ResponseImage image, int age) {
    return Images.octets(question, image, age);
  }

  private static WireReply parse(byte[] octets) {
    try {
      return WireReply.parse(octets);
    } catch (WireParseException e) {
      throw new AssertionError("an image that is no message", e);
    }
  }

  private static boolean isSound(byte[] octets) {
    try {
      return new Message(octets).getHeader() != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static final class NobodyListens implements Exchange.Listener {
    @Override
    public void answered(Exchange exchange, ByteBuf reply) {}

    @Override
    public void failed(Exchange exchange, String why) {}
  }
}
