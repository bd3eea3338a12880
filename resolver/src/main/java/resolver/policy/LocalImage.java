package resolver.policy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.wire.Octets;
import resolver.wire.ResponseImage;

/**
 * Makes the image of an answer out of records of our own. The only pointers in it point to the name
 * of the question, wherever that ends, so that one image fits questions of any name.
 */
final class LocalImage {
  private static final int HEADER = 12;

  /** A pointer to the name of the question. */
  private static final byte[] QNAME = {(byte) 0xc0, HEADER};

  /** A mailbox that nobody has (RFC 6303 section 3). */
  private static final byte[] NOBODY = wire("nobody.invalid.");

  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private final List<Integer> ttls = new ArrayList<>();
  private int answers;
  private int authorities;

  /**
   * Records of one name and type.
   *
   * @param ttl in seconds
   * @param data one for each, without compression
   */
  record Rrset(int type, int ttl, List<byte[]> data) {
    /** A single record. */
    static Rrset of(int type, int ttl, byte[] data) {
      return new Rrset(type, ttl, List.of(data));
    }
  }

  /**
   * Adds to the answer section.
   *
   * @param owner a whole name; null for the name of the question
   */
  LocalImage answer(byte @Nullable [] owner, Rrset rrset) {
    answers += add(owner, rrset);
    return this;
  }

  /** Adds to the authority section; the owner is told as to {@link #answer}. */
  LocalImage authority(byte @Nullable [] owner, Rrset rrset) {
    authorities += add(owner, rrset);
    return this;
  }

  /**
   * Makes the image.
   *
   * @throws IllegalArgumentException where it is too long for a message
   */
  ResponseImage build() {
    // Any question does: the image depends on none.
    byte[] head = new byte[HEADER + 1 + 4];
    Octets.putU16(head, 4, 1);
    Octets.putU16(head, 6, answers);
    Octets.putU16(head, 8, authorities);
    byte[] message = new byte[head.length + records.size()];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(records.toByteArray(), 0, message, head.length, records.size());
    return ResponseImage.of(message, ttls::get);
  }

  private int add(byte @Nullable [] owner, Rrset rrset) {
    byte[] name = owner == null ? QNAME : owner;
    for (byte[] data : rrset.data()) {
      byte[] fixed = new byte[10];
      Octets.putU16(fixed, 0, rrset.type());
      Octets.putU16(fixed, 2, DClass.IN);
      Octets.putU16(fixed, 8, data.length);
      records.writeBytes(name);
      records.writeBytes(fixed);
      records.writeBytes(data);
      ttls.add(rrset.ttl());
    }
    return rrset.data().size();
  }

  /**
   * The SOA of a zone that is made up here, with the values of RFC 6303 section 3 but for the TTL.
   *
   * @param zone the zone's name; null for the name of the question
   * @param ttl how long a negative answer may be kept, in seconds
   */
  static Rrset soa(byte @Nullable [] zone, int ttl) {
    byte[] primary = zone == null ? QNAME : zone;
    byte[] data = new byte[primary.length + NOBODY.length + 20];
    System.arraycopy(primary, 0, data, 0, primary.length);
    System.arraycopy(NOBODY, 0, data, primary.length, NOBODY.length);
    int at = primary.length + NOBODY.length;
    for (int value : new int[] {1, 3600, 1200, 604_800, ttl}) {
      Octets.putI32(data, at, value);
      at += 4;
    }
    return Rrset.of(Type.SOA, ttl, data);
  }

  /** The data of a record as octets, names in their own case and without compression. */
  static byte[] dataOf(Record record) {
    byte[] whole = record.toWire(Section.ANSWER);
    int at = record.getName().length() + 10;
    return java.util.Arrays.copyOfRange(whole, at, whole.length);
  }

  /** A name as octets. */
  static byte[] wire(String absolute) {
    return Name.fromConstantString(absolute).toWire();
  }
}
