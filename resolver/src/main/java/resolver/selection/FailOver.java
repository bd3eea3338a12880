package resolver.selection;

import java.util.Collection;

/** RCODEs with which a server may send us to the next one. */
public enum FailOver {
  SERVFAIL(2),
  NXDOMAIN(3),
  NOTIMP(4),
  REFUSED(5);

  private final int rcode;

  FailOver(int rcode) {
    this.rcode = rcode;
  }

  /** Those of a collection as a set of bits, each at its number. */
  public static int bits(Collection<FailOver> codes) {
    return codes.stream().mapToInt(code -> 1 << code.rcode).reduce(0, (a, b) -> a | b);
  }

  /** Whether it is for the settings to say what an RCODE means. */
  public static boolean isOptional(int rcode) {
    return rcode >= 2 && rcode <= 5;
  }
}
