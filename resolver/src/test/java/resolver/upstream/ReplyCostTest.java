package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.fixtures.Answers;
import resolver.fixtures.StubScript;

class ReplyCostTest {
  private static final int ENOUGH = 1_000_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.b.example. 1 IN A 192.0.2.1                        | 3",
        "a.b.example. 1 IN CNAME c.d.e.example.               | 7",
        "a.b.example. 1 IN MX 10 mail.example.                | 5",
        "a.b.example. 1 IN SOA ns.example. root.x.example. 1 2 3 4 5 | 8",
        "a.b.example. 1 IN SRV 1 2 3 host.example.            | 5",
        "a.b.example. 1 IN TXT \"no name. at. all\"         | 3",
        "a.b.example. 1 IN HTTPS 1 svc.example. alpn=h2       | 5",
        "a.b.example. 1 IN RRSIG A 13 3 1 20300101000000 20200101000000 7 b.example. AAAA | 5",
      })
  void theLabelsOfOwnersAndDataAreCounted(String record, int labels) {
    // The question has three more.
    assertThat(ReplyCost.labels(message(record.strip()), ENOUGH)).isEqualTo(3 + labels);
  }

  @Test
  void compressionDoesNotHideLabels() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add("a.b.example. 1 IN NS n" + i + ".a.b.example.");
    }
    assertThat(ReplyCost.labels(message(records.toArray(String[]::new)), ENOUGH))
        .isEqualTo(3 + 100 * 7);
  }

  @Test
  void theCountEndsSoonBehindTheLimit() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      records.add("a.b.example. 1 IN NS a.b.example.");
    }
    assertThat(ReplyCost.labels(message(records.toArray(String[]::new)), 50)).isBetween(51, 60);
  }

  @Test
  void aPointerInACircleEnds() {
    ByteBuf message = header(1);
    // A label, then a pointer to it: dnsjava takes that up to 255 octets, and so must the count.
    message.writeByte(1).writeByte('a').writeShort(0xc00c).writeInt(0x00010001);
    assertThat(ReplyCost.labels(octets(message), ENOUGH)).isBetween(100, 130);
  }

  @Test
  void aPointerIntoALabelIsFollowedAsAParserDoes() {
    ByteBuf message = header(1);
    // At 12 a label of three octets that are themselves "a" and a root, then one pointing inside.
    message.writeByte(3).writeByte(1).writeByte('a').writeByte(0).writeShort(0xc00d);
    message.writeInt(0x00010001);
    assertThat(ReplyCost.labels(octets(message), ENOUGH)).isEqualTo(2);
  }

  @Test
  void brokenMessagesAreCountedToTheBreak() {
    byte[] whole = message("a.b.example. 1 IN SOA ns.example. root.x.example. 1 2 3 4 5");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThat(ReplyCost.labels(cut, ENOUGH)).isBetween(0, 11);
    }
  }

  /** Whatever a parser gets through must have been counted in full. */
  @Test
  void noMessageThatCanBeParsedIsCountedTooLow() {
    Random random = new Random(11);
    byte[] base =
        message(
            "a.b.example. 1 IN CNAME c.d.e.example.",
            "c.d.e.example. 1 IN MX 10 mail.c.d.example.",
            "x.example. 1 IN SRV 1 2 3 host.a.b.example.",
            "x.example. 1 IN TXT \"\\001a\\001b\\192\\012\"");
    int parsed = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] mutant = base.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        mutant[4 + random.nextInt(mutant.length - 4)] = (byte) random.nextInt(256);
      }
      int seen = labelsAsParsed(mutant);
      if (seen >= 0) {
        parsed++;
        assertThat(ReplyCost.labels(mutant, ENOUGH)).isGreaterThanOrEqualTo(seen);
      }
    }
    assertThat(parsed).isGreaterThan(10_000);
  }

  /** The labels of all owners, or -1 where the message cannot be parsed. */
  private static int labelsAsParsed(byte[] message) {
    Message parsed;
    try {
      parsed = new Message(message);
    } catch (java.io.IOException | RuntimeException e) {
      return -1;
    }
    int labels = 0;
    for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
      for (Record record : parsed.getSection(section)) {
        labels += record.getName().labels() - 1;
      }
    }
    return labels;
  }

  private static byte[] message(String... records) {
    Message message = new Message(0);
    message.addRecord(Record.newRecord(Answers.name("a.b.example"), 1, 1), Section.QUESTION);
    StubScript.parse(records).forEach(record -> message.addRecord(record, Section.ANSWER));
    return message.toWire();
  }

  private static ByteBuf header(int questions) {
    return Unpooled.buffer().writeInt(0).writeShort(questions).writeZero(6);
  }

  private static byte[] octets(ByteBuf message) {
    return ByteBufUtil.getBytes(message);
  }
}
