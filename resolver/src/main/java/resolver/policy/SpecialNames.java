package resolver.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.policy.LocalImage.Rrset;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.SuffixMap;
import resolver.wire.ExtendedError;

/**
 * The names that mean something else than what DNS says of them (RFC 6761), and the reverse zones
 * of addresses that mean something within one site alone (RFC 6303). Immutable; any thread may
 * call.
 *
 * <p>Names that a site may use go to the upstream servers where all of these are private, for they
 * are the site's own then.
 *
 * <p>Not here: {@code example} and the like are no special case for a resolver (RFC 6761 section
 * 6.5), and {@code ipv4only.arpa} is none for one that makes no DNS64 answers: it is forwarded, so
 * that a DNS64 upstream can tell its prefix (RFC 8880 section 7.1).
 */
final class SpecialNames {
  /** The top names that do not exist, and who says so. */
  private static final Map<String, String> NOWHERE =
      Map.of(
          "test.", "RFC 6761 section 6.2",
          "invalid.", "RFC 6761 section 6.4",
          "local.", "RFC 6762 section 22.1: multicast DNS alone",
          "onion.", "RFC 7686: Tor alone",
          "alt.", "RFC 9476: not in DNS");

  /** Reverse zones of one machine or link, which no server can know better. */
  private static final List<String> OWN_REVERSE =
      List.of(
          // RFC 6303 section 4.2: this network, loopback, link-local, broadcast.
          "0.in-addr.arpa.",
          "127.in-addr.arpa.",
          "254.169.in-addr.arpa.",
          "255.255.255.255.in-addr.arpa.",
          // RFC 6303 section 4.3: the unspecified and the loopback address.
          zero('0'),
          zero('1'),
          // RFC 6303 section 4.5: link-local, which is multicast DNS's (RFC 6762 section 22.1).
          "8.e.f.ip6.arpa.",
          "9.e.f.ip6.arpa.",
          "a.e.f.ip6.arpa.",
          "b.e.f.ip6.arpa.");

  /** Reverse zones that a site may have its own names in. */
  private static final List<String> SITE_REVERSE =
      List.of(
          // RFC 6303 section 4.1; 172.16.0.0/12 and 100.64.0.0/10 are added below.
          "10.in-addr.arpa.",
          "168.192.in-addr.arpa.",
          // RFC 6303 sections 4.2 and 4.6: addresses for documentation.
          "2.0.192.in-addr.arpa.",
          "100.51.198.in-addr.arpa.",
          "113.0.203.in-addr.arpa.",
          "8.b.d.0.1.0.0.2.ip6.arpa.",
          // RFC 6303 section 4.4: unique local addresses.
          "d.f.ip6.arpa.");

  private static final String LOCALHOST = "localhost.";
  private static final byte[] LOCALHOST_OCTETS = LocalImage.wire(LOCALHOST);
  private static final byte[] LOOPBACK_FOUR = {127, 0, 0, 1};
  private static final byte[] LOOPBACK_SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private static final SuffixMap<Rule> RULES = new SuffixMap<>(allRules());

  private final BooleanSupplier upstreamsArePrivate;

  /**
   * What holds for a name and those below it.
   *
   * @param nameLength of the name, in octets
   * @param isOfTheSite whether private upstream servers know better
   * @param isZone whether it is a zone that is served here, so that DS is its parent's
   * @param atName what of the name itself has an answer, by type
   * @param nameElse the answer to all other questions for the name itself
   * @param below what of the names below has an answer, by type
   * @param belowElse the answer to all other questions below
   */
  private record Rule(
      int nameLength,
      boolean isOfTheSite,
      boolean isZone,
      Map<Integer, Answer> atName,
      Answer nameElse,
      Map<Integer, Answer> below,
      Answer belowElse) {}

  /** The special names, beside upstream servers that are all private or not. */
  SpecialNames(BooleanSupplier upstreamsArePrivate) {
    this.upstreamsArePrivate = upstreamsArePrivate;
  }

  /** The answer, or null where the question goes on its way. */
  @Nullable Answer answer(Question question) {
    Rule rule = RULES.longest(question);
    if (rule == null || (rule.isOfTheSite() && upstreamsArePrivate.getAsBoolean())) {
      return null;
    }
    boolean atName = rule.nameLength() == question.nameLength();
    if (atName && rule.isZone() && question.type() == Type.DS) {
      // The parent's data: whoever validates needs the proof that the zone is not signed (RFC 8375
      // section 4, RFC 4035 section 3.1.4.1).
      return null;
    }
    Answer known = (atName ? rule.atName() : rule.below()).get(question.type());
    if (known != null) {
      return known;
    }
    return atName ? rule.nameElse() : rule.belowElse();
  }

  private static List<Map.Entry<byte[], Rule>> allRules() {
    List<Map.Entry<byte[], Rule>> rules = new ArrayList<>();
    add(rules, LOCALHOST, SpecialNames::localhost);
    NOWHERE.forEach((name, why) -> add(rules, name, octets -> nowhere(octets, name, why)));
    OWN_REVERSE.forEach(name -> add(rules, name, octets -> reverse(octets, name, false)));
    SITE_REVERSE.forEach(name -> add(rules, name, octets -> reverse(octets, name, true)));
    for (int i = 16; i < 32; i++) {
      String name = i + ".172.in-addr.arpa.";
      add(rules, name, octets -> reverse(octets, name, true));
    }
    for (int i = 64; i < 128; i++) {
      // RFC 7793: addresses behind a carrier's NAT.
      String name = i + ".100.in-addr.arpa.";
      add(rules, name, octets -> reverse(octets, name, true));
    }
    add(rules, "home.arpa.", octets -> zone(octets, true, "home.arpa (RFC 8375)", Map.of()));
    add(rules, "resolver.arpa.", SpecialNames::resolver);
    add(rules, "1.0.0.127.in-addr.arpa.", SpecialNames::loopback);
    return rules;
  }

  private static void add(
      List<Map.Entry<byte[], Rule>> rules,
      String name,
      java.util.function.Function<byte[], Rule> make) {
    byte[] octets = LocalImage.wire(name);
    rules.add(Map.entry(octets, make.apply(octets)));
  }

  /** RFC 6761 section 6.3: addresses are the loopback ones, and there is nothing else. */
  private static Rule localhost(byte[] name) {
    String why = "localhost is this machine (RFC 6761 section 6.3)";
    Map<Integer, Answer> addresses =
        Map.of(
            Type.A, positive(Rrset.of(Type.A, Negatives.LASTING, LOOPBACK_FOUR), why),
            Type.AAAA, positive(Rrset.of(Type.AAAA, Negatives.LASTING, LOOPBACK_SIX), why));
    Answer nodata = Negatives.nodata(name, Negatives.LASTING, why);
    return new Rule(name.length, false, false, addresses, nodata, addresses, nodata);
  }

  private static Rule nowhere(byte[] name, String text, String source) {
    String why = text.substring(0, text.length() - 1) + " is not resolved here (" + source + ")";
    Answer nxdomain = Negatives.nxdomain(name, Negatives.CHANGING, why);
    return new Rule(name.length, false, false, Map.of(), nxdomain, Map.of(), nxdomain);
  }

  private static Rule reverse(byte[] name, String text, boolean isOfTheSite) {
    String why = text.substring(0, text.length() - 1) + " is a private zone (RFC 6303)";
    boolean loopback = text.equals(zero('1'));
    return zone(name, isOfTheSite, why, loopback ? Map.of(Type.PTR, pointer(why)) : Map.of());
  }

  /** A zone with nothing in it but what a zone must have (RFC 6303 section 3). */
  private static Rule zone(
      byte[] name, boolean isOfTheSite, String why, Map<Integer, Answer> more) {
    int ttl = isOfTheSite ? Negatives.CHANGING : Negatives.LASTING;
    Map<Integer, Answer> own = new java.util.HashMap<>(more);
    own.put(Type.SOA, positive(LocalImage.soa(name, ttl), why));
    own.put(Type.NS, positive(Rrset.of(Type.NS, ttl, name), why));
    return new Rule(
        name.length,
        isOfTheSite,
        true,
        Map.copyOf(own),
        Negatives.nodata(name, ttl, why),
        Map.of(),
        Negatives.nxdomain(name, ttl, why));
  }

  /**
   * RFC 9462 section 6.4: questions for the resolver itself are never forwarded. As long as there
   * is no encrypted way to ask this one, there is nothing to tell of it either.
   */
  private static Rule resolver(byte[] name) {
    Answer nodata =
        Negatives.nodata(
            name, Negatives.CHANGING, "resolver.arpa is about this resolver (RFC 9462)");
    return new Rule(name.length, false, true, Map.of(), nodata, Map.of(), nodata);
  }

  private static Rule loopback(byte[] name) {
    byte[] zone = LocalImage.wire("127.in-addr.arpa.");
    String why = "127.0.0.1 is this machine";
    return new Rule(
        name.length,
        false,
        false,
        Map.of(Type.PTR, pointer(why)),
        Negatives.nodata(zone, Negatives.LASTING, why),
        Map.of(),
        Negatives.nxdomain(zone, Negatives.LASTING, why));
  }

  private static Answer pointer(String why) {
    return positive(Rrset.of(Type.PTR, Negatives.LASTING, LOCALHOST_OCTETS), why);
  }

  private static Answer positive(Rrset rrset, String why) {
    return Answer.local(
        Rcode.NOERROR,
        new LocalImage().answer(null, rrset).build(),
        new ExtendedError(ExtendedError.OTHER, why));
  }

  /** The reverse name of the IPv6 address that is zero but for its last half octet. */
  private static String zero(char last) {
    return last + ".0".repeat(31) + ".ip6.arpa.";
  }
}
