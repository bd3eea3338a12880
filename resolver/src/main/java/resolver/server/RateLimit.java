package resolver.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.security.SecureRandom;
import resolver.settings.Network;
import resolver.wire.SipHash;

/**
 * How many lookups each client network has caused of late, against how many it may: an account for
 * each network that is filled up with time, and pays for every lookup.
 *
 * <ul>
 *   <li>All that is known of an account is when it will be full again; one that is full needs no
 *       place.
 *   <li>The places are as many as they are, in sets of eight; a secret key decides which set an
 *       account belongs to, so that nobody can aim at another one's.
 *   <li>Where a set is full, the account that lacks the least makes room, and begins as full again.
 *       Whoever comes from ever new networks so drives out his own first, and drives out one that
 *       has spent a lot only by having spent as much himself.
 *   <li>A network has two accounts: one for those who prove that they have their addresses, by TCP
 *       or a cookie, and one for all others. So nobody's account is spent by a forger of his
 *       address.
 * </ul>
 *
 * <p>Any thread may call, and none waits. Where several meet at one account at the same instant,
 * each may see it before the other has paid; where two meet at one place, a lookup may go unpaid.
 */
final class RateLimit {
  /** Of a client that is not counted. */
  static final long EXEMPT = 0;

  private static final long FREE = 0;
  private static final int WAYS = 8;
  private static final int SETS = 1 << 12;
  private static final long SECOND = 1_000_000_000L;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long key0;
  private final long key1;
  private final int prefixV4;
  private final int prefixV6;
  private final long interval;
  private final long most;

  /** The account that has a place, by its name. */
  private final long[] names = new long[SETS * WAYS];

  /** When it will be full again, in the ticker's nanoseconds. */
  private final long[] fullAt = new long[SETS * WAYS];

  /** A limit as the settings say, whose rate is not 0. */
  RateLimit(ClientSettings settings) {
    SecureRandom random = new SecureRandom();
    key0 = random.nextLong();
    key1 = random.nextLong();
    prefixV4 = settings.ratePrefixV4();
    prefixV6 = settings.ratePrefixV6();
    interval = SECOND / settings.rate();
    most = interval * settings.rateBurst();
  }

  /**
   * The name of the account that a client's lookups are paid from; {@link #EXEMPT} for loopback,
   * behind which is the whole machine.
   *
   * @param proven whether the client has proved that the address is its own
   */
  long accountOf(InetAddress client, boolean proven) {
    if (client.isLoopbackAddress()) {
      return EXEMPT;
    }
    byte[] address = client.getAddress();
    Network.mask(address, address.length == 4 ? prefixV4 : prefixV6);
    long hash = SipHash.of(key0, key1, address, 0, address.length);
    // Both accounts of a network are in one set; neither is called as one that there is not.
    return ((hash | 2) & ~1L) | (proven ? 1 : 0);
  }

  /** Whether an account cannot pay for a lookup. */
  boolean isSpent(long account, long now) {
    if (account == EXEMPT) {
      return false;
    }
    int set = setOf(account);
    for (int i = set; i < set + WAYS; i++) {
      if ((long) CELL.getOpaque(names, i) == account) {
        return lacking(i, now) + interval > most;
      }
    }
    return false;
  }

  /** An account pays for a lookup. */
  void charge(long account, long now) {
    if (account == EXEMPT) {
      return;
    }
    int set = setOf(account);
    int place = set;
    long owner = FREE;
    long least = Long.MAX_VALUE;
    for (int i = set; i < set + WAYS; i++) {
      long name = (long) CELL.getOpaque(names, i);
      if (name == account) {
        pay(i, now);
        return;
      }
      long lacking = name == FREE ? -1 : lacking(i, now);
      if (lacking < least) {
        place = i;
        owner = name;
        least = lacking;
      }
    }
    if (CELL.compareAndSet(names, place, owner, account)) {
      CELL.setOpaque(fullAt, place, now + interval);
    }
  }

  private void pay(int place, long now) {
    long before;
    long after;
    do {
      before = (long) CELL.getOpaque(fullAt, place);
      after = (before - now > 0 ? before : now) + interval;
    } while (!CELL.weakCompareAndSetPlain(fullAt, place, before, after));
  }

  /** What an account lacks, as the time until it is full again. */
  private long lacking(int place, long now) {
    return Math.max(0, (long) CELL.getOpaque(fullAt, place) - now);
  }

  private static int setOf(long account) {
    return (int) (account >>> 40) % SETS * WAYS;
  }
}
