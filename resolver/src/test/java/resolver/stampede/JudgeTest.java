package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;

class JudgeTest {
  private final RoundName name = RoundName.of(1, 7);
  private final Message response = DnsClient.query(name.toString(), "A");

  @BeforeEach
  void answer() throws UnknownHostException {
    response.getHeader().setID(4711);
    response.getHeader().setFlag(Flags.QR);
    add(name.toString(), name.address());
  }

  @Test
  void whatRepeatsTheQuestionAndTellsTheAddressIsRight() {
    assertThat(verdict()).isEqualTo(Verdict.RIGHT);
    assertThat(verdict().isGood()).isTrue();
  }

  @Test
  void onlyAResponseWithTheIdIsForTheClient() {
    ByteBuf octets = octets();
    assertThat(Judge.isFor(octets, 4711)).isTrue();
    assertThat(Judge.isFor(octets, 4712)).isFalse();
    assertThat(Judge.isFor(octets.slice(0, 11), 4711)).isFalse();
    response.getHeader().unsetFlag(Flags.QR);
    assertThat(Judge.isFor(octets(), 4711)).isFalse();
  }

  @Test
  void anotherAddressOrNoneIsWrong() throws UnknownHostException {
    response.removeAllRecords(Section.ANSWER);
    assertThat(verdict()).isEqualTo(Verdict.OTHER_ADDRESS);
    add(name.toString(), name.address() + 1);
    assertThat(verdict()).isEqualTo(Verdict.OTHER_ADDRESS);
    assertThat(verdict().isWrong()).isTrue();
  }

  @Test
  void anotherNameOrSpellingIsWrong() {
    byte[] spelt = name.question();
    spelt[1] = (byte) (spelt[1] - 32);
    assertThat(Judge.judge(octets(), spelt, name.address(), 512)).isEqualTo(Verdict.OTHER_QUESTION);
    assertThat(Judge.judge(octets(), RoundName.of(2, 7).question(), name.address(), 512))
        .isEqualTo(Verdict.OTHER_QUESTION);
  }

  @Test
  void aFailureIsOne() {
    response.getHeader().setRcode(Rcode.SERVFAIL);
    assertThat(verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void anAnswerOfAnotherRoundIsToldFromOneThatIsSpeltOtherwise() {
    assertThat(Judge.isOfAnotherRound(octets(), name)).isFalse();
    assertThat(Judge.isOfAnotherRound(octets(), RoundName.of(2, 7))).isTrue();
    byte[] spelt = response.toWire();
    spelt[13] = (byte) (spelt[13] - 32);
    assertThat(Judge.isOfAnotherRound(Unpooled.wrappedBuffer(spelt), name)).isFalse();
    byte[] foreign = response.toWire();
    foreign[13] = 'x';
    assertThat(Judge.isOfAnotherRound(Unpooled.wrappedBuffer(foreign), name)).isFalse();
    for (int length = 12; length < 12 + name.question().length; length++) {
      ByteBuf cut = Unpooled.wrappedBuffer(response.toWire(), 0, length);
      assertThat(Judge.isOfAnotherRound(cut, RoundName.of(2, 7))).isFalse();
    }
  }

  @Test
  void anotherRcodeIsNeverTheUpstreamsOwn() {
    for (int rcode : new int[] {Rcode.FORMERR, Rcode.NXDOMAIN, Rcode.REFUSED}) {
      response.getHeader().setRcode(rcode);
      assertThat(verdict()).isEqualTo(Verdict.OTHER_RCODE);
    }
  }

  @Test
  void aFailureOfAnotherQuestionIsAnAnswerToAnotherQuestion() {
    response.getHeader().setRcode(Rcode.SERVFAIL);
    assertThat(Judge.judge(octets(), RoundName.of(2, 7).question(), name.address(), 512))
        .isEqualTo(Verdict.OTHER_QUESTION);
  }

  @Test
  void whatIsCutOrTooLargeIsWrong() {
    assertThat(Judge.judge(octets(), name.question(), name.address(), 50))
        .isEqualTo(Verdict.TOO_LARGE);
    response.getHeader().setFlag(Flags.TC);
    assertThat(verdict()).isEqualTo(Verdict.TRUNCATED);
  }

  @Test
  void noOctetThatIsMissingOrAmissThrows() {
    byte[] whole = response.toWire();
    for (int length = 12; length < whole.length; length++) {
      ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
      assertThat(Judge.judge(cut, name.question(), name.address(), 512))
          .as("cut to %s", length)
          .isNotEqualTo(Verdict.RIGHT);
    }
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] = (byte) ~changed[i];
      assertThat(Judge.judge(Unpooled.wrappedBuffer(changed), name.question(), 1, 512))
          .as("octet %s", i)
          .isNotEqualTo(Verdict.RIGHT);
    }
  }

  private Verdict verdict() {
    return Judge.judge(octets(), name.question(), name.address(), 512);
  }

  private ByteBuf octets() {
    return Unpooled.wrappedBuffer(response.toWire());
  }

  private void add(String owner, int address) throws UnknownHostException {
    Name of = Answers.name(owner);
    byte[] octets = {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    };
    response.addRecord(
        new ARecord(of, DClass.IN, 60, InetAddress.getByAddress(octets)), Section.ANSWER);
  }
}
