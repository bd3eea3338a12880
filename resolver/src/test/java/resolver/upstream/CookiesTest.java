package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import resolver.fixtures.ManualClock;
import resolver.settings.Addresses;

/** RFC 7873 section 5.3, and what it leaves open. */
class CookiesTest {
  private static final byte[] SERVERS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  private static final InetAddress HERE = Addresses.parse("192.0.2.10", 53).getAddress();
  private static final InetAddress THERE = Addresses.parse("198.51.100.10", 53).getAddress();

  private final Cookies cookies = new Cookies(0x0102030405060708L);

  @Test
  void theFirstQueryHasOurCookieAlone() {
    assertThat(written()).containsExactly(0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void theCookieOfTheServerGoesBackToIt() {
    assertThat(judge(cookie(8, SERVERS))).isEqualTo(Cookies.Verdict.GOOD);
    byte[] written = written();
    assertThat(written).hasSize(4 + 8 + 16).startsWith(0, 10, 0, 24, 1, 2).endsWith(SERVERS);
  }

  @Test
  void aNewCookieReplacesTheOneBefore() {
    judge(cookie(8, SERVERS));
    judge(cookie(8, Arrays.copyOf(SERVERS, 8)));
    assertThat(written()).hasSize(4 + 8 + 8);
  }

  @Test
  void anErrorTellsTheCookieToo() {
    Message badCookie = cookie(8, SERVERS);
    badCookie.getHeader().setRcode(23 & 15);
    badCookie.removeRecord(badCookie.getOPT(), Section.ADDITIONAL);
    badCookie.addRecord(new OPTRecord(1232, 1, 0, 0, option(ours(8), SERVERS)), Section.ADDITIONAL);
    assertThat(judge(badCookie)).isEqualTo(Cookies.Verdict.GOOD);
    assertThat(cookies.rcode()).isEqualTo(23);
    assertThat(written()).endsWith(SERVERS);
  }

  @Test
  void anotherCookieThanOursIsForeignAndTeachesNothing() {
    byte[] wrong = ours(8);
    wrong[7] ^= 1;
    assertThat(judge(message(option(wrong, SERVERS)))).isEqualTo(Cookies.Verdict.FOREIGN);
    assertThat(written()).hasSize(12);
  }

  @Test
  void anIllegalLengthIsForeign() {
    assertThat(judge(message(new GenericEDNSOption(10, ours(7)))))
        .isEqualTo(Cookies.Verdict.FOREIGN);
    assertThat(judge(cookie(8, new byte[7]))).isEqualTo(Cookies.Verdict.FOREIGN);
    assertThat(judge(cookie(8, new byte[33]))).isEqualTo(Cookies.Verdict.FOREIGN);
    assertThat(judge(cookie(8, new byte[32]))).isEqualTo(Cookies.Verdict.GOOD);
  }

  @Test
  void aServerWithoutCookiesIsGood() {
    for (int i = 0; i < 3; i++) {
      assertThat(judge(message())).isEqualTo(Cookies.Verdict.GOOD);
    }
  }

  @Test
  void ofWhoGivesOursBackAloneNothingIsExpected() {
    assertThat(judge(cookie(8, new byte[0]))).isEqualTo(Cookies.Verdict.GOOD);
    assertThat(judge(message())).isEqualTo(Cookies.Verdict.GOOD);
  }

  @Test
  void whoHasSentOneAndSendsNoneIsNotBelieved() {
    judge(cookie(8, SERVERS));
    for (int i = 0; i < 3; i++) {
      assertThat(judge(message())).isEqualTo(Cookies.Verdict.BARE);
    }
    assertThat(written()).endsWith(SERVERS);
  }

  @Test
  void afterManyInARowNoneIsExpected() {
    judge(cookie(8, SERVERS));
    for (int i = 0; i < Cookies.MOST_BARE; i++) {
      assertThat(judge(message())).isEqualTo(Cookies.Verdict.BARE);
      cookies.wasBare();
    }
    assertThat(judge(message())).isEqualTo(Cookies.Verdict.GOOD);
    assertThat(written()).hasSize(12);
  }

  @Test
  void oneWithACookieInBetweenCountsForAll() {
    judge(cookie(8, SERVERS));
    for (int i = 0; i < 3 * Cookies.MOST_BARE; i++) {
      judge(cookie(8, SERVERS));
      for (int k = 1; k < Cookies.MOST_BARE; k++) {
        cookies.wasBare();
      }
    }
    assertThat(judge(message())).isEqualTo(Cookies.Verdict.BARE);
  }

  @Test
  void eachSourceAddressHasACookieOfItsOwnForADay() {
    ManualClock clock = new ManualClock();
    CookieJar jar = new CookieJar(new RandomPool());
    Cookies first = jar.from(HERE, clock.nanos());
    assertThat(jar.from(HERE, clock.nanos())).isSameAs(first);
    Cookies elsewhere = jar.from(THERE, clock.nanos());
    assertThat(written(elsewhere)).isNotEqualTo(written(first));
    assertThat(written(jar.from(HERE, clock.nanos()))).isNotEqualTo(written(first));
    Cookies today = jar.from(HERE, clock.nanos());
    clock.advance(Duration.ofHours(23));
    assertThat(jar.from(HERE, clock.nanos())).isSameAs(today);
    clock.advance(Duration.ofHours(2));
    assertThat(jar.from(HERE, clock.nanos())).isNotSameAs(today);
  }

  private Cookies.Verdict judge(Message message) {
    return cookies.judge(Unpooled.wrappedBuffer(message.toWire()));
  }

  private byte[] written() {
    return written(cookies);
  }

  private static byte[] written(Cookies cookies) {
    ByteBuf out = Unpooled.buffer();
    cookies.write(out);
    assertThat(out.readableBytes()).isEqualTo(cookies.written());
    return ByteBufUtil.getBytes(out);
  }

  private static Message cookie(int length, byte[] servers) {
    return message(option(ours(length), servers));
  }

  private static byte[] ours(int length) {
    return Arrays.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, length);
  }

  private static GenericEDNSOption option(byte[] ours, byte[] servers) {
    byte[] all = Arrays.copyOf(ours, ours.length + servers.length);
    System.arraycopy(servers, 0, all, ours.length, servers.length);
    return new GenericEDNSOption(Cookies.OPTION, all);
  }

  private static Message message(GenericEDNSOption... options) {
    Message message = new Message(1);
    message.addRecord(new OPTRecord(1232, 0, 0, 0, options), Section.ADDITIONAL);
    return message;
  }
}
