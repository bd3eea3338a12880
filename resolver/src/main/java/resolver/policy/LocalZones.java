package resolver.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.SuffixMap;
import resolver.wire.ExtendedError;

/**
 * The records and zones of the settings. Immutable; any thread may call.
 *
 * <ul>
 *   <li>The longest name that is known of the question's name is found. If it is the whole, that
 *       name is meant; if not, it is the closest encloser, and a wildcard below it is meant, where
 *       there is one (RFC 4592 section 3.3.1).
 *   <li>Of that name, the records of the type are the answer, or its alias leads on.
 *   <li>A name without records of the type is NODATA; one that a zone does not have is NXDOMAIN.
 *   <li>What lies in no zone and has no records is not answered here.
 * </ul>
 */
final class LocalZones {
  /** No records, no zones. */
  static final LocalZones NONE = of(List.of(), List.of());

  /** How many aliases are followed. */
  private static final int MOST_ALIASES = 11;

  private static final String FROM_RECORDS = "from local.records of the settings";

  private static final Answer ENDLESS =
      Answer.local(
          Rcode.SERVFAIL,
          Answer.Failure.NONE,
          new ExtendedError(
              ExtendedError.INVALID_DATA, "aliases of local.records lead too far, or in a circle"));

  private final SuffixMap<Node> nodes;

  /**
   * A name that is known.
   *
   * @param nameLength its length in octets
   * @param zone the zone that it lies in; null for none
   * @param rrsets its records by type; none where it only has names below it
   * @param alias where its CNAME record leads
   * @param wildcard the wildcard right below it
   */
  record Node(
      int nameLength,
      @Nullable Zone zone,
      Map<Integer, LocalImage.Rrset> rrsets,
      @Nullable Name alias,
      @Nullable Node wildcard) {
    /** Whether something is said of it: without a zone, only by records. */
    boolean isKnown() {
      return zone != null || !rrsets.isEmpty();
    }
  }

  /**
   * A zone.
   *
   * @param name where it begins
   * @param soa what its negative answers carry
   * @param why what is told beside its answers
   */
  record Zone(Name name, LocalImage.Rrset soa, ExtendedError why) {}

  LocalZones(SuffixMap<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Puts records and zones together.
   *
   * @throws resolver.settings.SettingException where they contradict one another
   */
  static LocalZones of(List<LocalRecord> records, List<Name> zones) {
    return new LocalZonesBuilder(records, zones).build();
  }

  /** The answer, or null where the question goes on its way. */
  @Nullable Answer answer(Question question) {
    Node closest = nodes.longest(question);
    if (closest == null || !found(closest, question)) {
      return null;
    }
    LocalImage image = new LocalImage();
    ExtendedError why = null;
    byte[] owner = null;
    Question current = question;
    for (int links = 0; links <= MOST_ALIASES; links++) {
      Node node = closest == null ? null : meant(closest, current);
      Zone zone = closest == null ? null : closest.zone();
      why = why == null ? whyOf(zone) : why;
      if (closest == null || !found(closest, current)) {
        // The alias leads out of what is known here.
        return Answer.local(Rcode.NOERROR, image.build(), why);
      }
      if (node == null) {
        return negative(Rcode.NXDOMAIN, image, owner, zone, why);
      }
      LocalImage.Rrset wanted = node.rrsets().get(current.type());
      if (wanted != null) {
        return Answer.local(Rcode.NOERROR, image.answer(owner, wanted).build(), why);
      }
      LocalImage.Rrset cname = node.rrsets().get(Type.CNAME);
      Name alias = node.alias();
      if (cname == null || alias == null) {
        return negative(Rcode.NOERROR, image, owner, node.zone(), why);
      }
      image.answer(owner, cname);
      owner = alias.toWire();
      current = Question.of(owner, question.type(), DClass.IN, false);
      closest = nodes.longest(current);
    }
    return ENDLESS;
  }

  /** Whether anything is said here of a question whose closest known name is given. */
  private static boolean found(Node closest, Question question) {
    Node node = meant(closest, question);
    return node == null ? closest.zone() != null : node.isKnown();
  }

  /** The node that a question means: the name itself or a wildcard; null for none. */
  private static @Nullable Node meant(Node closest, Question question) {
    return closest.nameLength() == question.nameLength() ? closest : closest.wildcard();
  }

  private static ExtendedError whyOf(@Nullable Zone zone) {
    return zone == null ? new ExtendedError(ExtendedError.OTHER, FROM_RECORDS) : zone.why();
  }

  private static Answer negative(
      int rcode,
      LocalImage image,
      byte @Nullable [] owner,
      @Nullable Zone zone,
      ExtendedError why) {
    if (zone != null) {
      image.authority(zone.name().toWire(), zone.soa());
    } else {
      image.authority(owner, LocalImage.soa(owner, Negatives.CHANGING));
    }
    return Answer.local(rcode, image.build(), why);
  }
}
