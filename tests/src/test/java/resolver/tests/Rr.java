package resolver.tests;

import java.io.IOException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * A record as it came.
 *
 * @param owner as a zone file would spell it, in the case that it came in
 * @param ttl in seconds
 * @param rdata the octets in hexadecimal, names in them uncompressed
 */
record Rr(String owner, int type, int dclass, long ttl, String rdata) {
  /** Any order, so that two sets can be compared. */
  static final Comparator<Rr> ORDER = Comparator.comparing(rr -> rr.rrset() + " " + rr.rdata());

  /** What the records of an RRset have in common; signatures are apart by the type they sign. */
  String rrset() {
    String signs = type == Type.RRSIG ? " " + Type.string(signedType()) : "";
    return owner + " " + Type.string(type) + signs + (dclass == 1 ? "" : " CLASS" + dclass);
  }

  /** The type that a signature signs. */
  int signedType() {
    return Integer.parseInt(rdata.substring(0, 4), 16);
  }

  /** The same with small letters, in whatever is a letter. */
  Rr inSmallLetters() {
    byte[] octets = HexFormat.of().parseHex(rdata);
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) Character.toLowerCase(octets[i] & 0xff);
    }
    return new Rr(
        owner.toLowerCase(Locale.ROOT), type, dclass, 0, HexFormat.of().formatHex(octets));
  }

  @Override
  public String toString() {
    Record parsed = parsed();
    return parsed == null
        ? owner + " " + ttl + " " + Type.string(type) + " \\# " + rdata
        : parsed.toString().replaceAll("\\s+", " ");
  }

  /** Null where it is not well-formed. */
  private @Nullable Record parsed() {
    try {
      byte[] octets = HexFormat.of().parseHex(rdata);
      return Record.newRecord(Name.fromString(owner), type, dclass, ttl, octets);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
