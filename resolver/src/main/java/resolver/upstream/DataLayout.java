package resolver.upstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/**
 * Where the data of a type has names that a message may have compressed. For all other types the
 * data is octets (RFC 3597 section 4).
 *
 * @param before octets before the first name, or {@link #NAPTR}
 * @param names how many names, one behind the other
 * @param compressible whether we may compress them, too: those of RFC 1035 alone
 */
record DataLayout(int before, int names, boolean compressible) {
  /** Two numbers of 16 bits and three strings come first. */
  static final int NAPTR = -1;

  private static final DataLayout NAME = new DataLayout(0, 1, true);

  private static final Map<Integer, DataLayout> LAYOUTS =
      Map.ofEntries(
          Map.entry(Type.NS, NAME),
          Map.entry(Type.MD, NAME),
          Map.entry(Type.MF, NAME),
          Map.entry(Type.CNAME, NAME),
          Map.entry(Type.MB, NAME),
          Map.entry(Type.MG, NAME),
          Map.entry(Type.MR, NAME),
          Map.entry(Type.PTR, NAME),
          Map.entry(Type.SOA, new DataLayout(0, 2, true)),
          Map.entry(Type.MINFO, new DataLayout(0, 2, true)),
          Map.entry(Type.MX, new DataLayout(2, 1, true)),
          Map.entry(Type.RP, new DataLayout(0, 2, false)),
          Map.entry(Type.AFSDB, new DataLayout(2, 1, false)),
          Map.entry(Type.RT, new DataLayout(2, 1, false)),
          Map.entry(Type.SIG, new DataLayout(18, 1, false)),
          Map.entry(Type.PX, new DataLayout(2, 2, false)),
          Map.entry(Type.NXT, new DataLayout(0, 1, false)),
          Map.entry(Type.NAPTR, new DataLayout(NAPTR, 1, false)),
          Map.entry(Type.SRV, new DataLayout(6, 1, false)));

  /** The layout of a type, or null where its data is octets. */
  static @Nullable DataLayout of(int type) {
    return LAYOUTS.get(type);
  }
}
