package resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resolver.wire.QueryView.Verdict;

class QueryViewTest {
  private static final String HEADER = "abcd 0100 0001 0000 0000 0000";
  private static final String HEADER_WITH_ONE_MORE = "abcd 0100 0001 0000 0000 0001";
  private static final String QUESTION = "07 6578616d706c65 03 6f7267 00 0001 0001";
  private static final String OPT = "00 0029 04d0 00 00 8000 0000";

  private final QueryView view = new QueryView();

  @Test
  void aPlainQueryIsWellFormed() {
    assertThat(read(HEADER + QUESTION)).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.id()).isEqualTo(0xabcd);
    assertThat(view.recursionDesired()).isTrue();
    assertThat(view.checkingDisabled()).isFalse();
    assertThat(view.type()).isEqualTo(1);
    assertThat(view.dnsClass()).isEqualTo(1);
    assertThat(view.questionLength()).isEqualTo(17);
    assertThat(view.edns()).isFalse();
    assertThat(view.udpSize()).isEqualTo(512);
  }

  @Test
  void theOptRecordIsRead() {
    assertThat(read(HEADER_WITH_ONE_MORE + QUESTION + OPT)).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.edns()).isTrue();
    assertThat(view.udpSize()).isEqualTo(1232);
    assertThat(view.dnssecOk()).isTrue();
  }

  @Test
  void rfc6891Section623aSizeBelow512Means512() {
    read(HEADER_WITH_ONE_MORE + QUESTION + "00 0029 0064 00 00 0000 0000");
    assertThat(view.udpSize()).isEqualTo(512);
  }

  @Test
  void rfc6891Section613aHigherVersionIsBadvers() {
    assertThat(read(HEADER_WITH_ONE_MORE + QUESTION + "00 0029 04d0 00 01 0000 0000"))
        .isEqualTo(Verdict.BADVERS);
  }

  @Test
  void rfc6891Section611moreThanOneOptIsFormerr() {
    assertThat(read("abcd 0100 0001 0000 0000 0002" + QUESTION + OPT + OPT))
        .isEqualTo(Verdict.FORMERR);
  }

  @Test
  void anOptOutsideTheAdditionalSectionIsFormerr() {
    assertThat(read("abcd 0100 0001 0001 0000 0000" + QUESTION + OPT)).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void anOptWhoseOwnerIsNotTheRootIsFormerr() {
    assertThat(read(HEADER_WITH_ONE_MORE + QUESTION + "0161" + OPT)).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void optionsThatOverrunTheirRecordAreFormerr() {
    String opt = "00 0029 04d0 00 00 0000 0006 000a 0008 0102";
    assertThat(read(HEADER_WITH_ONE_MORE + QUESTION + opt)).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void unknownOptionsAndFlagsAreIgnored() {
    String opt = "00 0029 04d0 00 00 7fff 0006 fde9 0002 0102";
    assertThat(read(HEADER_WITH_ONE_MORE + QUESTION + opt)).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.dnssecOk()).isFalse();
  }

  @Test
  void rfc9619severalQuestionsAreFormerr() {
    assertThat(read("abcd 0100 0002 0000 0000 0000" + QUESTION + QUESTION))
        .isEqualTo(Verdict.FORMERR);
  }

  @Test
  void noQuestionIsFormerr() {
    assertThat(read("abcd 0100 0000 0000 0000 0000")).isEqualTo(Verdict.FORMERR);
    assertThat(view.questionLength()).isZero();
  }

  @Test
  void rfc7873Section54noQuestionButACookieIsNoMistake() {
    String opt = "00 0029 04d0 00 00 0000 000c 000a 0008 0102030405060708";
    assertThat(read("abcd 0100 0000 0000 0000 0001" + opt)).isEqualTo(Verdict.NO_QUESTION);
    assertThat(view.questionLength()).isZero();
    assertThat(view.cookieLength()).isEqualTo(8);
    assertThat(read("abcd 0100 0000 0000 0000 0001" + OPT)).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void rfc7873Section52ofSeveralCookiesTheFirstCounts() {
    String opt = "00 0029 04d0 00 00 0000 0015 fde9 0001 07 000a 0002 0102 000a 0006 030405060708";
    ByteBuf packet = Unpooled.wrappedBuffer(octets(HEADER_WITH_ONE_MORE + QUESTION + opt));
    assertThat(view.read(packet)).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.cookieLength()).isEqualTo(2);
    byte[] cookie = new byte[3];
    view.copyCookie(packet, cookie, 1, 2);
    assertThat(cookie).containsExactly(0, 1, 2);
    read(HEADER_WITH_ONE_MORE + QUESTION + OPT);
    assertThat(view.cookieLength()).as("none any more").isEqualTo(-1);
  }

  @Test
  void aResponseIsNoQuery() {
    assertThat(read("abcd 8100 0001 0000 0000 0000" + QUESTION)).isEqualTo(Verdict.NO_QUERY);
  }

  @Test
  void lessThanAHeaderIsNoQuery() {
    assertThat(read("abcd 0100 0001 0000 0000 00")).isEqualTo(Verdict.NO_QUERY);
    assertThat(read("")).isEqualTo(Verdict.NO_QUERY);
  }

  @Test
  void rfc8906OtherOpcodesAreNotimp() {
    for (int opcode = 1; opcode < 16; opcode++) {
      String flags = String.format("%04x", opcode << 11);
      assertThat(read("abcd" + flags + "0001 0000 0000 0000" + QUESTION)).isEqualTo(Verdict.NOTIMP);
      assertThat(view.opcode()).isEqualTo(opcode);
    }
  }

  @Test
  void aCompressedQnameIsFormerr() {
    assertThat(read(HEADER + "c00c 0001 0001")).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void labelsOf63OctetsPassAndReservedLabelTypesDoNot() {
    assertThat(read(HEADER + "3f" + "61".repeat(63) + "00 0001 0001"))
        .isEqualTo(Verdict.WELL_FORMED);
    assertThat(read(HEADER + "40" + "61".repeat(64) + "00 0001 0001")).isEqualTo(Verdict.FORMERR);
    assertThat(read(HEADER + "80" + "61".repeat(128) + "00 0001 0001")).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void namesOf255OctetsPassAndLongerOnesDoNot() {
    String label = "3f" + "61".repeat(63);
    String name255 = label + label + label + "3d" + "61".repeat(61) + "00";
    String name256 = label + label + label + "3e" + "61".repeat(62) + "00";
    assertThat(read(HEADER + name255 + "0001 0001")).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.questionLength()).isEqualTo(255 + 4);
    assertThat(read(HEADER + name256 + "0001 0001")).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void everyPrefixOfAQueryIsReadWithoutHarm() {
    byte[] whole = octets(HEADER_WITH_ONE_MORE + QUESTION + OPT);
    for (int length = 0; length < whole.length; length++) {
      ByteBuf packet = Unpooled.wrappedBuffer(whole, 0, length);
      assertThat(view.read(packet)).isIn(Verdict.NO_QUERY, Verdict.FORMERR);
    }
  }

  @Test
  void randomOctetsNeverThrow() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] base = octets(HEADER_WITH_ONE_MORE + QUESTION + OPT);
    for (int i = 0; i < 100_000; i++) {
      byte[] packet = base.clone();
      for (int change = random.nextInt(6); change >= 0; change--) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(packet.length + 1);
      Verdict verdict = view.read(Unpooled.wrappedBuffer(packet, 0, length));
      assertThat(verdict).as("seed %d, packet %d", seed, i).isNotNull();
      assertThat(view.questionLength()).as("seed %d, packet %d", seed, i).isBetween(0, 259);
    }
  }

  @Test
  void aPacketMayStartAnywhereInItsBuffer() {
    ByteBuf buffer = Unpooled.wrappedBuffer(octets("ffff" + HEADER + QUESTION));
    buffer.skipBytes(2);
    assertThat(view.read(buffer)).isEqualTo(Verdict.WELL_FORMED);
    assertThat(view.question(buffer)).isEqualTo(octets(QUESTION));
  }

  private Verdict read(String hex) {
    return view.read(Unpooled.wrappedBuffer(octets(hex)));
  }

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
