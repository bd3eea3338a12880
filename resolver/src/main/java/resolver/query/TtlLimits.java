package resolver.query;

/**
 * How long answers may live, in seconds.
 *
 * @param least no positive answer lives shorter, unless its TTL is zero
 * @param most no positive answer lives longer
 * @param mostNegative no negative answer lives longer
 */
public record TtlLimits(int least, int most, int mostNegative) {
  /** The TTL that a record of a positive answer is given. */
  public int positive(long ttl) {
    // A set top bit is no negative TTL: it counts as large, and is then capped (RFC 8767 section
    // 4).
    return ttl == 0 ? 0 : (int) Math.max(least, Math.min(most, ttl & 0xffffffffL));
  }

  /** The TTL that the SOA of a negative answer is given (RFC 2308 section 5). */
  public int negative(long soaTtl, long soaMinimum) {
    return (int) Math.min(mostNegative, Math.min(soaTtl & 0xffffffffL, soaMinimum & 0xffffffffL));
  }
}
