package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.clock.Ticker;
import resolver.server.ClientCookie.Verdict;
import resolver.wire.QueryView;

/** Cookies alone: octets of a query in, octets of the option that goes back out. */
class ServerCookieTest {
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final String OLD_SECRET = "dd3bdf9344b678b185a6f5cb60fca715";
  private static final String NEW_SECRET = "445536bcd2513298075a5d379663c962";
  private static final String CLIENT = "192.0.2.7";

  private final WallClock clock = new WallClock();
  private final QueryView view = new QueryView();
  private final ClientCookie cookie = new ClientCookie(view);

  private static final class WallClock implements Ticker {
    private long millis;

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public long wallMillis() {
      return millis;
    }
  }

  /** RFC 9018 appendix A: what is asked with, from where, when, and what comes back. */
  @ParameterizedTest
  @CsvSource({
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 2464c4abcf10c957, 198.51.100.100, 1559731985, NEW,"
        + " 2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 2464c4abcf10c957010000005cf79f111f8130c3eee29480,"
        + " 198.51.100.100, 1559734385, VALID, 2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
    "445536bcd2513298075a5d379663c962 dd3bdf9344b678b185a6f5cb60fca715,"
        + " 22681ab97d52c298010000005cf7c57926556bd0934c72f8,"
        + " 2001:db8:220:1:59de:d0f4:8769:82b8, 1559741961, VALID,"
        + " 22681ab97d52c298010000005cf7c609a6bb79d16625507a",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, fc93fc62807ddb86, 203.0.113.203, 1559734700, NEW,"
        + " fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
    "445536bcd2513298075a5d379663c962, 22681ab97d52c298010000005cf7c57926556bd0934c72f8,"
        + " 2001:db8:220:1:59de:d0f4:8769:82b8, 1559741961, INVALID,"
        + " 22681ab97d52c298010000005cf7c609a6bb79d16625507a"
  })
  void rfc9018AppendixA(
      String secrets, String asked, String client, long seconds, Verdict verdict, String told) {
    setWall(seconds);
    assertThat(read(new ServerCookies(CookieSecrets.parse(secrets)), asked, client))
        .isEqualTo(verdict);
    assertThat(option()).isEqualTo("000a0018" + told);
  }

  @Test
  void rfc9018AppendixA3reservedOctetsAreHashedAsTheyCome() {
    ServerCookies cookies = new ServerCookies(CookieSecrets.parse(SECRET));
    String asked = "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5";
    setWall(0x5cf78f71);
    assertThat(read(cookies, asked, "203.0.113.203")).isEqualTo(Verdict.VALID);
    setWall(1559734700);
    assertThat(read(cookies, asked, "203.0.113.203")).isEqualTo(Verdict.INVALID);
    assertThat(option()).isEqualTo("000a0018fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e");
  }

  @ParameterizedTest
  @CsvSource({
    "-301, INVALID, true",
    "-300, VALID, false",
    "0, VALID, false",
    "1799, VALID, false",
    "1800, VALID, true",
    "3600, VALID, true",
    "3601, INVALID, true"
  })
  void rfc9018Section43timesOfACookie(int age, Verdict verdict, boolean renewed) {
    ServerCookies cookies = new ServerCookies(CookieSecrets.parse(SECRET));
    // The number of 32 bits begins anew in between.
    setWall((1L << 32) - 5);
    String first = made(cookies, "0102030405060708");
    setWall((1L << 32) - 5 + age);
    assertThat(read(cookies, first, CLIENT)).isEqualTo(verdict);
    assertThat(option().equals("000a0018" + first)).isEqualTo(!renewed);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 9, 15, 41, 64})
  void rfc7873Section522lengthsThatNoCookieHas(int length) {
    ServerCookies cookies = new ServerCookies(CookieSecrets.NONE);
    assertThat(read(cookies, "00".repeat(length), CLIENT)).isEqualTo(Verdict.BROKEN);
    assertThat(option()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 23, 25, 40})
  void cookiesOfOtherServersAreNoneOfOurs(int length) {
    ServerCookies cookies = new ServerCookies(CookieSecrets.NONE);
    assertThat(read(cookies, "01".repeat(length), CLIENT)).isEqualTo(Verdict.INVALID);
    assertThat(option()).startsWith("000a0018" + "01".repeat(8) + "01000000");
  }

  @Test
  void withoutTheOptionOrWithoutCookiesThereIsNone() {
    ServerCookies cookies = new ServerCookies(CookieSecrets.NONE);
    assertThat(read(cookies, "00".repeat(8), CLIENT)).isEqualTo(Verdict.NEW);
    assertThat(read(null, "00".repeat(8), CLIENT)).isEqualTo(Verdict.ABSENT);
    assertThat(option()).isEmpty();
  }

  @Test
  void aCookieIsOfOneAddressAndOneSecret() {
    ServerCookies cookies = new ServerCookies(CookieSecrets.parse(SECRET));
    String ours = made(cookies, "0102030405060708");
    assertThat(read(cookies, ours, CLIENT)).isEqualTo(Verdict.VALID);
    assertThat(read(cookies, ours, "192.0.2.8")).isEqualTo(Verdict.INVALID);
    assertThat(read(cookies, ours, "2001:db8::1")).isEqualTo(Verdict.INVALID);
    assertThat(read(new ServerCookies(CookieSecrets.NONE), ours, CLIENT))
        .isEqualTo(Verdict.INVALID);
  }

  @Test
  void aSecretRollsOverInThreeStepsWithoutAVoidCookie() {
    String old = made(new ServerCookies(CookieSecrets.parse(OLD_SECRET)), "0102030405060708");
    ServerCookies ready = new ServerCookies(CookieSecrets.parse(OLD_SECRET + " " + NEW_SECRET));
    ServerCookies turned = new ServerCookies(CookieSecrets.parse(NEW_SECRET + "  " + OLD_SECRET));
    assertThat(read(ready, old, CLIENT)).isEqualTo(Verdict.VALID);
    assertThat(option()).as("still the same").isEqualTo("000a0018" + old);
    assertThat(read(turned, old, CLIENT)).isEqualTo(Verdict.VALID);
    String renewed = option().substring(8);
    assertThat(renewed).isNotEqualTo(old);
    assertThat(read(ready, renewed, CLIENT)).as("of a sibling").isEqualTo(Verdict.VALID);
    assertThat(read(new ServerCookies(CookieSecrets.parse(NEW_SECRET)), renewed, CLIENT))
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void noOctetOfACookieMayBeAnother() {
    ServerCookies cookies = new ServerCookies(CookieSecrets.NONE);
    long seed = new Random().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] client = new byte[8];
      random.nextBytes(client);
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(address);
      String from = NetUtil.bytesToIpAddress(address);
      read(cookies, HexFormat.of().formatHex(client), from);
      byte[] ours = HexFormat.of().parseHex(option().substring(8));
      assertThat(read(cookies, HexFormat.of().formatHex(ours), from))
          .as("seed %d", seed)
          .isEqualTo(Verdict.VALID);
      ours[random.nextInt(ours.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(read(cookies, HexFormat.of().formatHex(ours), from))
          .as("seed %d", seed)
          .isEqualTo(Verdict.INVALID);
      assertThat(HexFormat.of().formatHex(cookie.option())).as("seed %d", seed).isEqualTo(option());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e5e973e5a6b2a43f48e7dc849e37bfc",
        "e5e973e5a6b2a43f48e7dc849e37bfcg",
        "e5e973e5a6b2a43f48e7dc849e37bfcf,dd3bdf9344b678b185a6f5cb60fca715",
        "00000000000000000000000000000000 00000000000000000000000000000000"
            + " 00000000000000000000000000000000"
      })
  void otherTextsAreNoSecrets(String text) {
    assertThatThrownBy(() -> CookieSecrets.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 hexadecimal digits");
  }

  @Test
  void aSecretIsNotTold() {
    assertThat(CookieSecrets.parse(SECRET)).hasToString("CookieSecrets[keys=[a secret]]");
  }

  private void setWall(long seconds) {
    clock.millis = seconds * 1000 + 999;
  }

  private String made(ServerCookies cookies, String client) {
    read(cookies, client, CLIENT);
    return option().substring(8);
  }

  private Verdict read(@Nullable ServerCookies cookies, String asked, String client) {
    int length = asked.length() / 2;
    String opt = String.format("00002904d000000000%04x000a%04x", length + 4, length) + asked;
    byte[] octets =
        HexFormat.of().parseHex("abcd01000001000000000001076578616d706c65000001" + "0001" + opt);
    // Not at the beginning of its buffer.
    ByteBuf packet = Unpooled.wrappedBuffer(new byte[3], octets).skipBytes(3);
    assertThat(view.read(packet)).isEqualTo(QueryView.Verdict.WELL_FORMED);
    return cookie.read(packet, address(client), cookies, clock);
  }

  private String option() {
    ByteBuf out = Unpooled.buffer();
    cookie.writeOption(out);
    assertThat(out.readableBytes()).isEqualTo(cookie.optionLength());
    return ByteBufUtil.hexDump(out);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
