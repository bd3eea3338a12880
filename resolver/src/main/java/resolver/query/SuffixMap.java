package resolver.query;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resolver.wire.Names;

/**
 * Values for names and all names below them; the longest name that fits a question decides.
 * Immutable, so any thread may call; a look-up allocates nothing.
 *
 * <p>An open table keyed by the octets of whole names. A look-up tries the question's name, then
 * what is left without its first label, and so on to the root, but never more labels than the
 * longest key has. A small filter of the keys' last labels turns most names away before that.
 */
public final class SuffixMap<V> {
  private final byte[][] names;
  private final @Nullable Object[] values;
  private final int mostLabels;
  private final long tails;
  private final boolean empty;

  /**
   * A map of the given values.
   *
   * @param entries whole names as octets without compression, in whatever case, each once
   * @throws IllegalArgumentException where a name stands twice
   */
  public SuffixMap(Iterable<? extends Map.Entry<byte[], ? extends V>> entries) {
    int size = 0;
    for (Map.Entry<byte[], ? extends V> ignored : entries) {
      size++;
    }
    int slots = Math.max(2, Integer.highestOneBit(size * 2) * 2);
    names = new byte[slots][];
    values = new Object[slots];
    int most = 0;
    long seen = 0;
    for (Map.Entry<byte[], ? extends V> entry : entries) {
      byte[] name = entry.getKey().clone();
      for (int i = 0; i < name.length; i++) {
        name[i] = Names.fold(name[i]);
      }
      int slot = slotOf(name, 0, name.length);
      if (values[slot] != null) {
        throw new IllegalArgumentException("name twice: " + Arrays.toString(name));
      }
      names[slot] = name;
      values[slot] = entry.getValue();
      most = Math.max(most, labels(name, name.length));
      // Every name lies below the root.
      seen |= name.length == 1 ? -1 : 1L << tailBit(name, tailOf(name, name.length), name.length);
    }
    tails = seen;
    mostLabels = most;
    empty = size == 0;
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return empty;
  }

  /** The value of the longest name that the question's name is or lies below, or null. */
  public @Nullable V longest(Question question) {
    return empty ? null : longest(question.octets(), question.nameLength());
  }

  /** The value of the question's very name, or null. */
  @SuppressWarnings("unchecked") // Nothing but values of this type were put in.
  public @Nullable V exact(Question question) {
    byte[] octets = question.octets();
    int end = question.nameLength();
    return empty || !mayHaveTail(octets, tailOf(octets, end), end)
        ? null
        : (V) values[slotOf(octets, 0, end)];
  }

  @SuppressWarnings("unchecked") // Nothing but values of this type were put in.
  private @Nullable V longest(byte[] octets, int end) {
    if (!mayHaveTail(octets, tailOf(octets, end), end)) {
      return null;
    }
    int at = 0;
    for (int left = labels(octets, end); left > mostLabels; left--) {
      at += 1 + (octets[at] & 0xff);
    }
    while (true) {
      Object value = values[slotOf(octets, at, end)];
      if (value != null) {
        return (V) value;
      }
      if (octets[at] == 0) {
        return null;
      }
      at += 1 + (octets[at] & 0xff);
    }
  }

  /** Whether a name with this last label may be a key, or lie below one. */
  private boolean mayHaveTail(byte[] octets, int tail, int end) {
    return (tails & (1L << tailBit(octets, tail, end))) != 0;
  }

  /** Where the last label before the root begins; of the root itself, where it begins. */
  private static int tailOf(byte[] octets, int end) {
    int tail = 0;
    for (int at = 0; at < end && octets[at] != 0; at += 1 + (octets[at] & 0xff)) {
      tail = at;
    }
    return tail;
  }

  private static int tailBit(byte[] octets, int from, int end) {
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + octets[i];
    }
    return (hash ^ (hash >>> 7)) & 63;
  }

  private static int labels(byte[] octets, int end) {
    int labels = 0;
    for (int at = 0; at < end && octets[at] != 0; at += 1 + (octets[at] & 0xff)) {
      labels++;
    }
    return labels;
  }

  /** Where a name is, or would be. */
  private int slotOf(byte[] octets, int from, int end) {
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + octets[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (names.length - 1);
    while (values[slot] != null
        && !Arrays.equals(names[slot], 0, names[slot].length, octets, from, end)) {
      slot = (slot + 1) & (names.length - 1);
    }
    return slot;
  }
}
