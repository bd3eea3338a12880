package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import resolver.fixtures.Answers;
import resolver.fixtures.StubScript;

/** What is read and changed in messages that stay octets. */
class MessageScanTest {
  private final QueryRenderer renderer = new QueryRenderer(1232);

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 56, 57, 58, 62, 63})
  void paddingFillsUpToAMultipleOf128(int label) throws Exception {
    byte[] query = renderer.render(Answers.question("x".repeat(label) + ".example.org", "A"), true);
    ByteBuf buffer = Unpooled.buffer().writeShort(7).writeBytes(query);
    Padding.pad(buffer, 2, false);
    assertThat((buffer.readableBytes() - 2) % 128).isZero();
    Message padded =
        new Message(Arrays.copyOfRange(ByteBufUtil.getBytes(buffer), 2, buffer.readableBytes()));
    assertThat(padded.getQuestion()).isEqualTo(new Message(query).getQuestion());
    assertThat(padded.getOPT().getOptions(12)).hasSize(1);
    assertThat(padded.getOPT().getPayloadSize()).isEqualTo(1232);
  }

  @Test
  void aQueryWithoutEdnsIsNotPadded() {
    byte[] query = renderer.render(Answers.question("www.example.org", "A"), false);
    ByteBuf buffer = Unpooled.buffer().writeBytes(query);
    Padding.pad(buffer, 0, true);
    assertThat(ByteBufUtil.getBytes(buffer)).isEqualTo(query);
  }

  @Test
  void otherOptionsArePaddedAround() throws Exception {
    Message query = new Message(renderer.render(Answers.question("www.example.org", "A"), false));
    query.addRecord(
        new OPTRecord(1232, 0, 0, 0, List.of(new TcpKeepaliveOption(9))), Section.ADDITIONAL);
    ByteBuf buffer = Unpooled.buffer().writeBytes(query.toWire());
    Padding.pad(buffer, 0, false);
    assertThat(buffer.readableBytes()).isEqualTo(128);
    assertThat(new Message(ByteBufUtil.getBytes(buffer)).getOPT().getOptions()).hasSize(2);
    assertThat(MessageScan.idleTime(buffer)).isEqualTo(9);
  }

  @Test
  void ageCountsDownEveryTtlButThatOfTheOptRecord() throws Exception {
    Message query = new Message(renderer.render(Answers.question("www.example.org", "A"), true));
    Message reply =
        StubScript.reply(
            query,
            0,
            StubScript.parse(
                "www.example.org. 300 IN A 192.0.2.1", "www.example.org. 10 IN A 192.0.2.2"),
            Section.ANSWER);
    ByteBuf buffer = Unpooled.buffer().writeBytes(reply.toWire());
    byte[] before = ByteBufUtil.getBytes(buffer);
    MessageScan.age(buffer, 0);
    assertThat(ByteBufUtil.getBytes(buffer)).isEqualTo(before);
    MessageScan.age(buffer, 20);
    Message aged = new Message(ByteBufUtil.getBytes(buffer));
    assertThat(aged.getSection(Section.ANSWER))
        .extracting(record -> record.getTTL())
        .containsExactly(280L, 0L);
    assertThat(MessageScan.idleTime(buffer)).isEqualTo(-1);
  }

  /** Whatever a server sends, nothing is read beyond it. */
  @Test
  void noOctetsMakeItThrow() {
    Random random = new Random(20_260_712);
    byte[] whole =
        RawNameServer.answer(renderer.render(Answers.question("www.example.org", "A"), true));
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = Arrays.copyOf(whole, random.nextInt(whole.length + 20));
      for (int flips = random.nextInt(8); flips > 0 && octets.length > 0; flips--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      ByteBuf buffer = Unpooled.wrappedBuffer(octets);
      assertThatCode(
              () -> {
                MessageScan.idleTime(buffer);
                MessageScan.age(buffer, 5);
              })
          .doesNotThrowAnyException();
    }
  }
}
