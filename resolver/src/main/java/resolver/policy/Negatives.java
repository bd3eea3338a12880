package resolver.policy;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.query.Answer;
import resolver.wire.ExtendedError;

/** Negative answers of our own, with an SOA so that whoever asks can keep them (RFC 2308). */
final class Negatives {
  /**
   * In seconds: for what the settings, the hosts file or another network may change, so that nobody
   * waits long for a name that has come.
   */
  static final int CHANGING = 60;

  /** In seconds: for what stays as it is (RFC 6303 section 3). */
  static final int LASTING = 10_800;

  private Negatives() {}

  /** The name does not exist; the zone is null where it is the name itself. */
  static Answer nxdomain(byte @Nullable [] zone, int ttl, String why) {
    return of(Rcode.NXDOMAIN, zone, ttl, why);
  }

  /** The name has no records of the type; the zone is null where it is the name itself. */
  static Answer nodata(byte @Nullable [] zone, int ttl, String why) {
    return of(Rcode.NOERROR, zone, ttl, why);
  }

  private static Answer of(int rcode, byte @Nullable [] zone, int ttl, String why) {
    return Answer.local(
        rcode,
        new LocalImage().authority(zone, LocalImage.soa(zone, ttl)).build(),
        new ExtendedError(ExtendedError.OTHER, why));
  }
}
