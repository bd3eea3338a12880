package resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseImageTest {
  private static final String QUESTION = "01 61 00 0001 0001";
  private static final String ADDRESS = "c00c 0001 0001 00000e10 0004 c0000201";
  private static final String MAIL = "c00c 000f 0001 00000e10 0004 000a c00c";

  @Test
  void recordsAreWrittenAsTheyWere() {
    ResponseImage image = image("0000 8180 0001 0001 0000 0000", ADDRESS);
    assertThat(image.answers()).isEqualTo(1);
    assertThat(image.authorities()).isZero();
    assertThat(image.additionals()).isZero();
    assertThat(written(image, 0)).isEqualTo(hex(ADDRESS));
    assertThat(image.length()).isEqualTo(16);
  }

  @Test
  void everyTtlIsCountedDownAndNothingElse() {
    ResponseImage image = image("0000 8180 0001 0001 0001 0000", ADDRESS + MAIL);
    assertThat(written(image, 0x10))
        .isEqualTo(
            hex("c00c 0001 0001 00000e00 0004 c0000201 c00c 000f 0001 00000e00 0004 000a c00c"));
  }

  @Test
  void aTtlNeverFallsBelowZero() {
    ResponseImage image = image("0000 8180 0001 0001 0000 0000", ADDRESS);
    assertThat(written(image, 1_000_000)).isEqualTo(hex("c00c 0001 0001 00000000 0004 c0000201"));
  }

  @Test
  void writingLeavesTheImageAsItWas() {
    ResponseImage image = image("0000 8180 0001 0001 0000 0000", ADDRESS);
    written(image, 100);
    assertThat(written(image, 0)).isEqualTo(hex(ADDRESS));
  }

  @Test
  void ttlsAreGivenByTheMaker() {
    byte[] message = octets("0000 8180 0001 0001 0001 0000" + QUESTION + ADDRESS + MAIL);
    ResponseImage image = ResponseImage.of(message, i -> i == 0 ? 5 : 7);
    assertThat(written(image, 0))
        .isEqualTo(
            hex("c00c 0001 0001 00000005 0004 c0000201 c00c 000f 0001 00000007 0004 000a c00c"));
  }

  @Test
  void aMessageThatEndsTooSoonOrTooLateIsRefused() {
    byte[] whole = octets("0000 8180 0001 0001 0000 0000" + QUESTION + ADDRESS);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      assertThatIllegalArgumentException().isThrownBy(() -> ResponseImage.of(part, i -> 0));
    }
    byte[] more = java.util.Arrays.copyOf(whole, whole.length + 1);
    assertThatIllegalArgumentException().isThrownBy(() -> ResponseImage.of(more, i -> 0));
  }

  /** Places are numbers of 16 bits, and an OPT record shall have room behind the records. */
  @Test
  void aMessageThatIsTooLongForAStreamIsRefused() {
    String text = "c00c 0010 0001 00000e10 0100 ff" + "61".repeat(255);
    int records = 65_535 / hex(text).length() * 2;
    byte[] fits =
        octets(
            "0000 8180 0001 %04x 0000 0000".formatted(records - 1)
                + QUESTION
                + text.repeat(records - 1));
    assertThat(ResponseImage.of(fits, i -> 0).answers()).isEqualTo(records - 1);
    byte[] tooLong =
        octets(
            "0000 8180 0001 %04x 0000 0000".formatted(records + 1)
                + QUESTION
                + text.repeat(records + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> ResponseImage.of(tooLong, i -> 0));
  }

  /** An OPT of 11 octets, and in it a COOKIE option of 28. */
  @Test
  void theLongestImageLeavesRoomForAnOptWithACookie() {
    int before = octets("0000 8180 0001 0001 0000 0000" + QUESTION).length;
    int most = 65_535 - 11 - 28;
    assertThat(ofLength(most).length()).isEqualTo(most - before);
    assertThatIllegalArgumentException().isThrownBy(() -> ofLength(most + 1));
  }

  /** An image of a message of so many octets, with one record. */
  private static ResponseImage ofLength(int length) {
    String fixed = "0000 8180 0001 0001 0000 0000" + QUESTION + "c00c ff00 0001 00000e10";
    int data = length - octets(fixed).length - 2;
    return ResponseImage.of(octets(fixed + "%04x".formatted(data) + "00".repeat(data)), i -> 0);
  }

  @Test
  void anOptIsRefused() {
    byte[] message =
        octets("0000 8180 0001 0000 0000 0001" + QUESTION + "00 0029 04d0 00000000 0000");
    assertThatIllegalArgumentException().isThrownBy(() -> ResponseImage.of(message, i -> 0));
  }

  @Test
  void recordsAreTestedInTheirOrderUntilOnePasses() {
    ResponseImage image = image("0000 8180 0001 0001 0001 0001", ADDRESS + MAIL + ADDRESS);
    List<String> seen = new ArrayList<>();
    assertThat(image.anyRecord((type, o, at, length) -> !seen.add(told(type, o, at, length))))
        .isFalse();
    assertThat(seen).containsExactly("1 c0000201", "15 000ac00c", "1 c0000201");
    seen.clear();
    assertThat(image.anyRecord((type, o, at, n) -> seen.add(told(type, o, at, n)) && type == 15))
        .isTrue();
    assertThat(seen).hasSize(2);
    assertThat(ResponseImage.EMPTY.anyRecord((type, o, at, length) -> true)).isFalse();
  }

  /** Owner names may be of any length, and data may be empty. */
  @Test
  void aRecordIsFoundBehindAWholeName() {
    ResponseImage image =
        image(
            "0000 8180 0001 0002 0000 0000",
            "00 000a 0001 00000e10 0000 0161 00 0001 0001 00000e10 0004 c0000202");
    List<String> seen = new ArrayList<>();
    image.anyRecord((type, octets, at, length) -> !seen.add(told(type, octets, at, length)));
    assertThat(seen).containsExactly("10 ", "1 c0000202");
  }

  private static String told(int type, byte[] octets, int at, int length) {
    return type + " " + HexFormat.of().formatHex(octets, at, at + length);
  }

  @Test
  void noRecordsMakeTheEmptyImage() {
    assertThat(image("0000 8183 0001 0000 0000 0000", "")).isSameAs(ResponseImage.EMPTY);
    assertThat(written(ResponseImage.EMPTY, 5)).isEmpty();
  }

  private static ResponseImage image(String header, String records) {
    return ResponseImage.of(octets(header + QUESTION + records), i -> 0xe10);
  }

  private static String written(ResponseImage image, int age) {
    ByteBuf out = Unpooled.buffer().writeZero(3);
    image.writeTo(out, age);
    return ByteBufUtil.hexDump(out, 3, out.readableBytes() - 3);
  }

  private static String hex(String spaced) {
    return spaced.replace(" ", "");
  }

  private static byte[] octets(String spaced) {
    return HexFormat.of().parseHex(hex(spaced));
  }
}
