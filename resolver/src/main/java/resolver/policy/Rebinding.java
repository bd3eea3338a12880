package resolver.policy;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.query.SuffixMap;
import resolver.wire.ExtendedError;
import resolver.wire.Octets;

/**
 * Finds private addresses in answers of public servers. With one, whoever owns a name in DNS can
 * make a browser take a machine of the site for his own, past every border (DNS rebinding).
 * Immutable; any thread may call.
 */
final class Rebinding {
  private static final int IPV4HINT = 4;
  private static final int IPV6HINT = 6;

  private final boolean enabled;
  private final SuffixMap<Boolean> allowed;

  Rebinding(PolicySettings settings) {
    enabled = settings.rebindingProtection();
    List<Map.Entry<byte[], Boolean>> names = new ArrayList<>();
    for (Name name : settings.rebindingAllow()) {
      names.add(Map.entry(name.toWire(), true));
    }
    allowed = new SuffixMap<>(names);
  }

  /** What is answered instead, or null where the answer may go out. */
  @Nullable Answer refusal(Question question, Answer answer) {
    Provenance from = answer.provenance();
    if (!enabled || from == null || PrivateAddresses.contain(from.server().getAddress())) {
      return null;
    }
    byte[] found = firstPrivate(answer);
    if (found == null || allowed.longest(question) != null) {
      return null;
    }
    return Answer.local(
        Rcode.REFUSED,
        Answer.Failure.NONE,
        new ExtendedError(
            ExtendedError.FILTERED,
            "rebinding protection: "
                + NetUtil.bytesToIpAddress(found)
                + " is a private address; see policy.rebinding-allow"));
  }

  private static byte @Nullable [] firstPrivate(Answer answer) {
    byte[][] found = new byte[1][];
    // All that is in the plain image is in the signed one too.
    boolean any =
        answer
            .image(true)
            .anyRecord(
                (type, octets, at, length) -> {
                  byte[] address = privateAddress(type, octets, at, length);
                  if (address == null) {
                    return false;
                  }
                  found[0] = address;
                  return true;
                });
    return any ? found[0] : null;
  }

  /** The first private address in the data of a record. */
  private static byte @Nullable [] privateAddress(int type, byte[] octets, int at, int length) {
    return switch (type) {
      case Type.A -> addressOf(octets, at, length, 4);
      case Type.AAAA -> addressOf(octets, at, length, 16);
      case Type.SVCB, Type.HTTPS -> hint(octets, at, at + length);
      default -> null;
    };
  }

  private static byte @Nullable [] addressOf(byte[] octets, int at, int length, int expected) {
    return length == expected && PrivateAddresses.contain(octets, at, length)
        ? Arrays.copyOfRange(octets, at, at + length)
        : null;
  }

  /** Looks at the addresses that a service's record hints at (RFC 9460 sections 2.2 and 7.3). */
  private static byte @Nullable [] hint(byte[] octets, int at, int end) {
    int here = at + 2;
    // The target's name has no compression here.
    while (here < end && octets[here] > 0) {
      here += 1 + octets[here];
    }
    here++;
    while (here + 4 <= end) {
      int key = Octets.u16(octets, here);
      int valueAt = here + 4;
      here = valueAt + Octets.u16(octets, here + 2);
      int size = key == IPV4HINT ? 4 : key == IPV6HINT ? 16 : 0;
      for (int i = valueAt; size != 0 && i + size <= Math.min(here, end); i += size) {
        byte[] address = addressOf(octets, i, size, size);
        if (address != null) {
          return address;
        }
      }
    }
    return null;
  }
}
