package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.fixtures.StubScript;

class ReplyOptionsTest {
  private static final int OURS = 65_001;

  private final ReplyOptions options = new ReplyOptions();

  @Test
  void theOptionIsFoundBehindRecordsOfAllSections() {
    ByteBuf reply = bufferOf(message(3, new GenericEDNSOption(OURS, new byte[] {1, 2, 3})));
    options.read(reply);
    int at = options.find(reply, OURS);
    assertThat(reply.getUnsignedShort(at - 2)).isEqualTo(3);
    assertThat(reply.getByte(at + 2)).isEqualTo((byte) 3);
    assertThat(reply.readerIndex()).isZero();
  }

  @Test
  void theFirstOfSeveralCounts() {
    ByteBuf reply =
        bufferOf(
            message(
                0,
                new GenericEDNSOption(OURS - 1, new byte[5]),
                new GenericEDNSOption(OURS, new byte[] {7}),
                new GenericEDNSOption(OURS, new byte[] {8})));
    options.read(reply);
    assertThat(reply.getByte(options.find(reply, OURS))).isEqualTo((byte) 7);
    assertThat(options.find(reply, OURS + 1)).isNegative();
  }

  @Test
  void theExtendedBitsBelongToTheRcode() {
    options.read(bufferOf(message(23)));
    assertThat(options.rcode()).isEqualTo(23);
  }

  @Test
  void withoutAnOptThereAreNone() {
    Message plain = message(3);
    plain.removeRecord(plain.getOPT(), Section.ADDITIONAL);
    ByteBuf reply = bufferOf(plain);
    options.read(reply);
    assertThat(options.rcode()).isEqualTo(3);
    assertThat(options.find(reply, OURS)).isNegative();
  }

  @Test
  void anOptOutsideTheAdditionalSectionIsNone() {
    Message odd = message(0);
    Record opt = odd.getOPT();
    odd.removeRecord(opt, Section.ADDITIONAL);
    odd.addRecord(new OPTRecord(1232, 0, 0, 0, new GenericEDNSOption(OURS, new byte[2])), 1);
    ByteBuf reply = bufferOf(odd);
    options.read(reply);
    assertThat(options.find(reply, OURS)).isNegative();
  }

  @Test
  void whateverComesItEnds() {
    byte[] sound = message(0, new GenericEDNSOption(OURS, new byte[12])).toWire();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = sound.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      int length = 12 + random.nextInt(broken.length - 11);
      ByteBuf reply = Unpooled.wrappedBuffer(broken, 0, length);
      options.read(reply);
      int at = options.find(reply, OURS);
      if (at >= 0) {
        assertThat(at + reply.getUnsignedShort(at - 2))
            .as("seed " + seed)
            .isLessThanOrEqualTo(length);
      }
    }
  }

  private static ByteBuf bufferOf(Message message) {
    return Unpooled.wrappedBuffer(message.toWire());
  }

  private static Message message(int rcode, EDNSOption... option) {
    Message message = new Message(1);
    message.getHeader().setRcode(rcode & 15);
    Name name = Name.fromConstantString("www.example.org.");
    message.addRecord(Record.newRecord(name, 1, 1), Section.QUESTION);
    add(message, Section.ANSWER, "www.example.org. 300 IN CNAME web.example.org.");
    add(message, Section.ANSWER, "web.example.org. 300 IN A 192.0.2.1");
    add(message, Section.AUTHORITY, "example.org. 300 IN NS ns.example.org.");
    add(message, Section.ADDITIONAL, "ns.example.org. 300 IN A 192.0.2.2");
    message.addRecord(new OPTRecord(1232, rcode >> 4, 0, 0, option), Section.ADDITIONAL);
    return message;
  }

  private static void add(Message message, int section, String record) {
    StubScript.parse(record).forEach(each -> message.addRecord(each, section));
  }
}
