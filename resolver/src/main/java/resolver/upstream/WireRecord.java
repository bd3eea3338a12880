package resolver.upstream;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import resolver.wire.Octets;

/**
 * A record as it came, its data being octets that nobody here needs to understand (RFC 3597): what
 * a signature covers must leave as it came. Of the data only those names are taken apart that a
 * message may compress.
 */
final class WireRecord {
  private static final int SIGNER_AT = 18;
  private static final int TARGET_AT = 2;

  private final Name owner;
  private final int type;
  private final int dnsClass;
  private final long ttl;
  private final List<Name> names;
  private final byte[] data;

  /**
   * A record.
   *
   * @param ttl as an unsigned number of 32 bits
   * @param names those of the data that may be compressed, in their order
   * @param data all of the data, without compression; becomes this record's own
   */
  WireRecord(Name owner, int type, int dnsClass, long ttl, List<Name> names, byte[] data) {
    this.owner = owner;
    this.type = type;
    this.dnsClass = dnsClass;
    this.ttl = ttl;
    this.names = names;
    this.data = data;
  }

  Name owner() {
    return owner;
  }

  int type() {
    return type;
  }

  int dnsClass() {
    return dnsClass;
  }

  long ttl() {
    return ttl;
  }

  List<Name> names() {
    return names;
  }

  /** The data without compression; not to be written to. */
  byte[] data() {
    return data;
  }

  /** The type that a signature signs, and 0 for what is no signature (RFC 4034 section 3.1.1). */
  int coveredType() {
    return type == Type.RRSIG && data.length >= SIGNER_AT ? Octets.u16(data, 0) : 0;
  }

  /** The zone that has made a signature, or null for what is none (RFC 4034 section 3.1.7). */
  @Nullable Name signer() {
    return type == Type.RRSIG ? nameAt(SIGNER_AT) : null;
  }

  /** Where a CNAME leads to, or null for what is none. */
  @Nullable Name alias() {
    return type == Type.CNAME ? names.get(0) : null;
  }

  /** The target of SVCB and HTTPS, or null for what is none (RFC 9460 section 2.1). */
  @Nullable Name service() {
    return type == Type.SVCB || type == Type.HTTPS ? nameAt(TARGET_AT) : null;
  }

  /** The last field of an SOA: for how long a negative answer holds (RFC 2308 section 4). */
  long soaMinimum() {
    return Octets.i32(data, data.length - 4) & 0xffffffffL;
  }

  private @Nullable Name nameAt(int offset) {
    if (offset >= data.length) {
      return null;
    }
    try {
      DNSInput input = new DNSInput(data);
      input.jump(offset);
      return new Name(input);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
