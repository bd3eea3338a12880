package resolver.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The records of a response as they stand on the wire behind the question, with the places of their
 * TTLs. Immutable, so that any number of clients can be answered from one image at once.
 *
 * <p>Compression pointers in it count from the start of a message whose question has the name, type
 * and class of the one it was made for, in whatever case.
 */
public final class ResponseImage {
  /** No records at all. */
  public static final ResponseImage EMPTY = new ResponseImage(new byte[0], 0, 0, 0);

  private static final int HEADER = 12;
  private static final int QUESTION_TAIL = 4;
  private static final int OPT = 41;

  /** An OPT record without options (RFC 6891 section 6.1.2). */
  private static final int BARE_OPT = 11;

  /** A COOKIE option: its header, the client's part and the server's (RFC 9018 section 4). */
  private static final int COOKIE = 4 + 8 + 16;

  /**
   * What a stream carries (RFC 1035 section 4.2.2), less what a response has behind the records
   * whatever the answer: its OPT record with the client's cookie. Extended errors give way.
   */
  private static final int MOST_OCTETS = 65_535 - BARE_OPT - COOKIE;

  /** The records, then the place of each TTL within them in two octets. */
  private final byte[] octets;

  private final char answers;
  private final char authorities;
  private final char additionals;

  private ResponseImage(byte[] octets, int answers, int authorities, int additionals) {
    this.octets = octets;
    this.answers = (char) answers;
    this.authorities = (char) authorities;
    this.additionals = (char) additionals;
  }

  /**
   * Makes an image of a whole message: a header, one question, and records without an OPT. The TTLs
   * of the message are overwritten.
   *
   * @param ttlOf tells the TTL in seconds that a record shall have, from its index in the message
   * @throws IllegalArgumentException where the octets are no such message
   */
  public static ResponseImage of(byte[] message, IntUnaryOperator ttlOf) {
    return read(message, ttlOf);
  }

  private static ResponseImage read(byte[] message, @Nullable IntUnaryOperator ttlOf) {
    if (message.length < HEADER || Octets.u16(message, 4) != 1) {
      throw new IllegalArgumentException(
          "message of " + message.length + " octets (expected: a header and one question)");
    }
    if (message.length > MOST_OCTETS) {
      throw new IllegalArgumentException(
          "message of " + message.length + " octets (expected: at most " + MOST_OCTETS + ")");
    }
    int start = Names.skip(message, HEADER) + QUESTION_TAIL;
    int answers = Octets.u16(message, 6);
    int authorities = Octets.u16(message, 8);
    int additionals = Octets.u16(message, 10);
    int records = answers + authorities + additionals;
    if (records == 0) {
      return EMPTY;
    }
    int[] ttls = new int[records];
    int at = start;
    for (int i = 0; i < records; i++) {
      at = at < HEADER ? -1 : Names.skip(message, at);
      if (at < 0 || at + 10 > message.length || Octets.u16(message, at) == OPT) {
        throw new IllegalArgumentException("record " + i + " (expected: a whole one, not OPT)");
      }
      ttls[i] = at + 4 - start;
      if (ttlOf != null) {
        Octets.putI32(message, at + 4, ttlOf.applyAsInt(i));
      }
      at += 10 + Octets.u16(message, at + 8);
    }
    if (at != message.length) {
      throw new IllegalArgumentException(
          "records end at " + at + " (expected: " + message.length + ")");
    }
    int length = at - start;
    byte[] octets = Arrays.copyOf(Arrays.copyOfRange(message, start, at), length + 2 * records);
    for (int i = 0; i < records; i++) {
      Octets.putU16(octets, length + 2 * i, ttls[i]);
    }
    return new ResponseImage(octets, answers, authorities, additionals);
  }

  /**
   * Makes an image of records in the answer section alone.
   *
   * @param octets the records, then the place of each TTL within them in two octets; becomes the
   *     image's own
   * @param recordsLength the octets of the records
   * @param answers how many they are
   */
  public static ResponseImage ofAnswers(byte[] octets, int recordsLength, int answers) {
    if (octets.length != recordsLength + 2 * answers || recordsLength > MOST_OCTETS) {
      throw new IllegalArgumentException(
          octets.length + " octets (expected: " + recordsLength + " and 2 for each answer)");
    }
    return new ResponseImage(octets, answers, 0, 0);
  }

  /**
   * Makes an image of a whole message, as {@link #of(byte[], IntUnaryOperator)} does, with the TTLs
   * that it has.
   */
  public static ResponseImage of(byte[] message) {
    return read(message, null);
  }

  /** Records in the answer section. */
  public int answers() {
    return answers;
  }

  /** Records in the authority section. */
  public int authorities() {
    return authorities;
  }

  /** Records in the additional section, not counting an OPT. */
  public int additionals() {
    return additionals;
  }

  /** The octets that {@link #writeTo} writes. */
  public int length() {
    return octets.length - 2 * (answers + authorities + additionals);
  }

  /** Judges one record of an image. */
  @FunctionalInterface
  public interface RecordTest {
    /**
     * Judges the data of a record.
     *
     * @param type the record's type
     * @param octets where its data stand, among others; not to be written to
     * @param at where they begin
     * @param length how many octets they are; they lie within {@code octets}
     */
    boolean test(int type, byte[] octets, int at, int length);
  }

  /** Whether a record of any section passes a test; those behind it are not tested any more. */
  public boolean anyRecord(RecordTest test) {
    for (int i = length(); i < octets.length; i += 2) {
      int ttlAt = Octets.u16(octets, i);
      int type = Octets.u16(octets, ttlAt - 4);
      if (test.test(type, octets, ttlAt + 6, Octets.u16(octets, ttlAt + 4))) {
        return true;
      }
    }
    return false;
  }

  /** What this image weighs in memory, in octets by estimate, objects included. */
  public int weight() {
    return 24 + 16 + ((octets.length + 7) & ~7);
  }

  /**
   * Appends the records with their TTLs counted down.
   *
   * @param age how long ago the answer came, in seconds; a TTL never falls below zero
   */
  public void writeTo(ByteBuf out, int age) {
    int base = out.writerIndex();
    int records = length();
    out.writeBytes(octets, 0, records);
    for (int i = records; age != 0 && i < octets.length; i += 2) {
      int at = Octets.u16(octets, i);
      out.setInt(base + at, Math.max(0, Octets.i32(octets, at) - age));
    }
  }

  /** The same records, each with the given TTL in seconds. */
  public ResponseImage withTtl(int ttl) {
    byte[] other = octets.clone();
    for (int i = length(); i < other.length; i += 2) {
      Octets.putI32(other, Octets.u16(other, i), ttl);
    }
    return new ResponseImage(other, answers, authorities, additionals);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResponseImage that
        && answers == that.answers
        && authorities == that.authorities
        && additionals == that.additionals
        && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }
}
