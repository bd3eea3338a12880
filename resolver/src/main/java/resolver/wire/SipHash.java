package resolver.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4: a hash of octets with a secret key, whose values nobody can foresee who does not
 * know the key. Makes no objects.
 */
public final class SipHash {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private SipHash() {}

  /**
   * The hash of some octets. As octets, its lowest comes first.
   *
   * @param key0 the first eight octets of the key, the lowest first
   * @param key1 the other eight
   */
  public static long of(long key0, long key1, byte[] octets, int from, int length) {
    // "somepseudorandomlygeneratedbytes", as the algorithm has it.
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int whole = length & ~7;
    // One round more for the octets left over with the length, and two for the end.
    for (int at = 0; at <= whole + 8; at += 8) {
      boolean end = at > whole;
      long word = 0;
      if (at < whole) {
        word = (long) WORD.get(octets, from + at);
      } else if (!end) {
        word = rest(octets, from, length);
      }
      v3 ^= word;
      v2 ^= end ? 0xff : 0;
      for (int round = end ? 0 : 2; round < 4; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** What is left behind the last whole word, with the length in the top octet. */
  private static long rest(byte[] octets, int from, int length) {
    long rest = (long) length << 56;
    for (int i = length & ~7; i < length; i++) {
      rest |= (octets[from + i] & 0xffL) << (8 * (i & 7));
    }
    return rest;
  }
}
