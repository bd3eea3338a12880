package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int RATE = 10;
  private static final int BURST = 5;

  /** Any; the machine's own clock may begin anywhere, below zero too. */
  private long now = -77 * SECOND;

  private final RateLimit limit = new RateLimit(settings(RATE, BURST));

  @Test
  void afterTheBurstOneForEachFractionOfASecond() {
    long account = limit.accountOf(address("192.0.2.7"), false);
    assertThat(takes(limit, account, 100)).isEqualTo(BURST);
    now += SECOND / RATE - 1;
    assertThat(takes(limit, account, 100)).isZero();
    now += 1;
    assertThat(takes(limit, account, 100)).isEqualTo(1);
    now += SECOND;
    assertThat(takes(limit, account, 100)).isEqualTo(BURST);
  }

  @Test
  void loopbackIsExempt() {
    for (String each : List.of("127.0.0.1", "127.1.2.3", "::1")) {
      long account = limit.accountOf(address(each), false);
      assertThat(account).isEqualTo(RateLimit.EXEMPT);
      assertThat(takes(limit, account, 100)).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.7, 192.0.2.7, true",
    "2001:db8::1, 2001:db8::ffff:1, true",
    "2001:db8::1, 2001:db8:0:1::1, false",
    "0.0.0.7, ::7, false"
  })
  void theClientsOfOneNetworkHaveOneAccount(String one, String other, boolean same) {
    assertThat(limit.accountOf(address(one), true) == limit.accountOf(address(other), true))
        .isEqualTo(same);
  }

  @Test
  void prefixesAreThoseOfTheSettings() {
    RateLimit wide = new RateLimit(settings(RATE, BURST, 23, 57));
    assertThat(wide.accountOf(address("192.0.2.7"), true))
        .isEqualTo(wide.accountOf(address("192.0.3.200"), true))
        .isNotEqualTo(wide.accountOf(address("192.0.4.7"), true));
    assertThat(wide.accountOf(address("2001:db8:0:7f::"), true))
        .isEqualTo(wide.accountOf(address("2001:db8::1"), true))
        .isNotEqualTo(wide.accountOf(address("2001:db8:0:80::"), true));
  }

  @Test
  void aForgerSpendsNobodysAccountWhoProvesHisAddress() {
    takes(limit, limit.accountOf(address("192.0.2.7"), false), 1000);
    assertThat(takes(limit, limit.accountOf(address("192.0.2.7"), true), 100)).isEqualTo(BURST);
  }

  /** Three hundred thousand networks with a lookup each, while one has spent all that it had. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFloodOfNetworksDrivesOutNobodyWhoHasSpentMore(long seed) {
    RateLimit slow = new RateLimit(settings(1, BURST));
    List<Long> spent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long account = slow.accountOf(address("192.0.2." + i), false);
      takes(slow, account, 100);
      spent.add(account);
    }
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stranger = new byte[16];
    for (int i = 0; i < 300_000; i++) {
      random.nextBytes(stranger);
      stranger[0] = 0x20;
      slow.charge(slow.accountOf(address(stranger), false), now);
    }
    assertThat(spent).allMatch(account -> slow.isSpent(account, now));
  }

  @Test
  void threadsTogetherGetNoMoreThanOneEachBeyondIt() throws Exception {
    int threads = 4;
    RateLimit shared = new RateLimit(settings(1, 10_000));
    long account = shared.accountOf(address("192.0.2.7"), true);
    // The first lookup takes the place, which nobody may race for here.
    shared.charge(account, now);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(pool.submit(() -> takes(shared, account, 100_000)));
    }
    int taken = 1;
    for (Future<Integer> each : all) {
      taken += each.get();
    }
    pool.shutdown();
    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).isBetween(10_000, 10_000 + threads - 1);
  }

  private int takes(RateLimit from, long account, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      if (!from.isSpent(account, now)) {
        from.charge(account, now);
        taken++;
      }
    }
    return taken;
  }

  private static ClientSettings settings(int rate, int burst) {
    ClientSettings d = ClientSettings.DEFAULTS;
    return settings(rate, burst, d.ratePrefixV4(), d.ratePrefixV6());
  }

  private static ClientSettings settings(int rate, int burst, int prefixV4, int prefixV6) {
    return new ClientSettings(rate, burst, prefixV4, prefixV6, CookieUse.OFF, CookieSecrets.NONE);
  }

  private static InetAddress address(String text) {
    return address(NetUtil.createByteArrayFromIpAddressString(text));
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
