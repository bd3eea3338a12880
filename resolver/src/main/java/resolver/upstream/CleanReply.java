package resolver.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.wire.ResponseImage;

/**
 * What is left of a response when all is cut that does not belong to the question.
 *
 * <ul>
 *   <li>The answer section keeps the chain of aliases that starts at the name asked, and the
 *       records of the type asked at its end, with their signatures.
 *   <li>A negative answer keeps the SOA of a zone that its name lies in, which says how long it
 *       holds (RFC 2308 section 5).
 *   <li>The authority section keeps the signed proof that a name or type does not exist, which a
 *       wildcard's answer needs as well (RFC 4035 section 3.1.3.3).
 *   <li>The additional section keeps the addresses of SVCB's targets (RFC 9460 section 4.1). All
 *       else is dropped.
 *   <li>Every record of an RRset gets the lowest TTL among them (RFC 2181 section 5.2), within the
 *       limits; the answer lives as long as the lowest of its answer section.
 * </ul>
 *
 * @param plain the image without DNSSEC's records
 * @param signed the image with them
 * @param ttl how long the answer may be kept, in seconds
 */
record CleanReply(ResponseImage plain, ResponseImage signed, int ttl) {
  /** Nothing at all. */
  static final CleanReply EMPTY = new CleanReply(ResponseImage.EMPTY, ResponseImage.EMPTY, 0);

  /** Cleans a response. */
  static CleanReply of(Question question, WireReply reply, TtlLimits limits) {
    return new Cleaner(question, reply, limits).clean();
  }

  /** A record that stays, with the TTL that it gets. */
  private record Kept(WireRecord record, int ttl) {
    boolean isForDnssec() {
      return switch (record.type()) {
        case Type.RRSIG, Type.NSEC, Type.NSEC3 -> true;
        default -> false;
      };
    }
  }

  private record RrsetKey(Name owner, int type, int covered) {
    static RrsetKey of(WireRecord record) {
      return new RrsetKey(record.owner(), record.type(), record.coveredType());
    }
  }

  private static final class Cleaner {
    /** More than the 11 that are followed elsewhere; a loop ends here. */
    private static final int MOST_ALIASES = 16;

    private final Question question;
    private final TtlLimits limits;
    private final WireReply reply;
    private final Map<RrsetKey, Long> lowest = new HashMap<>();
    private final List<Name> chain = new ArrayList<>();
    private final List<Kept> answer = new ArrayList<>();
    private final List<Kept> authority = new ArrayList<>();
    private final List<Kept> additional = new ArrayList<>();

    Cleaner(Question question, WireReply reply, TtlLimits limits) {
      this.question = question;
      this.limits = limits;
      this.reply = reply.ofClass(question.dnsClass());
      for (WireRecord record : this.reply.answers()) {
        lowest.merge(RrsetKey.of(record), record.ttl(), Math::min);
      }
    }

    CleanReply clean() {
      Name end = keepChain();
      int life = answer.stream().mapToInt(Kept::ttl).min().orElse(Integer.MAX_VALUE);
      int held = isPositive(end) ? life : keepSoa(end, life);
      keepProof(held);
      // A proof that has run out proves nothing, so the answer goes with it.
      int ttl = authority.stream().mapToInt(Kept::ttl).reduce(held, Math::min);
      keepTargetAddresses(ttl);
      ResponseImage signed = render(true);
      ResponseImage plain = hasDnssec() ? render(false) : signed;
      return new CleanReply(plain, signed, ttl);
    }

    /**
     * Whether the chain ends in what was asked for, or in a name that cannot be (RFC 6672, 2.2).
     */
    private boolean isPositive(Name end) {
      if (reply.rcode() == Rcode.YXDOMAIN) {
        return !answer.isEmpty();
      }
      return answer.stream()
          .map(Kept::record)
          .anyMatch(record -> record.type() == question.type() && record.owner().equals(end));
    }

    private boolean hasDnssec() {
      return answer.stream().anyMatch(this::isHiddenInAnswer)
          || authority.stream().anyMatch(Kept::isForDnssec);
    }

    /** Whoever asks for a type of DNSSEC by name gets it (RFC 4035 section 3.2.1). */
    private boolean isHiddenInAnswer(Kept kept) {
      return kept.isForDnssec() && kept.record().type() != question.type();
    }

    /** Follows the aliases from the name asked, and returns where they end. */
    private Name keepChain() {
      Name owner = QueryRenderer.nameOf(question);
      for (int i = 0; i < MOST_ALIASES; i++) {
        chain.add(owner);
        Name next = has(owner, question.type()) ? null : keepAlias(owner);
        if (next == null) {
          keepAnswers(owner, question.type());
          return owner;
        }
        owner = next;
      }
      return owner;
    }

    private boolean has(Name owner, int type) {
      return lowest.containsKey(new RrsetKey(owner, type, 0));
    }

    /** Keeps the alias of a name, and returns where it leads; null where there is none. */
    private @Nullable Name keepAlias(Name owner) {
      for (WireRecord record : reply.answers()) {
        Name target = record.owner().equals(owner) ? record.alias() : null;
        if (target != null) {
          keepAnswers(owner, Type.CNAME);
          return target;
        }
      }
      return null;
    }

    /**
     * Keeps the DNAME that an alias was made from, or could not be (RFC 6672 sections 2.2, 3.1).
     */
    private void keepDnameAbove(Name owner) {
      for (WireRecord record : reply.answers()) {
        // Any number of records may claim one owner: what is kept is not looked for again.
        if (record.type() == Type.DNAME
            && has(record.owner(), Type.DNAME)
            && isBelow(owner, record.owner())) {
          keepRrset(record.owner(), Type.DNAME);
        }
      }
    }

    private static boolean isBelow(Name name, Name parent) {
      return name.labels() > parent.labels() && name.subdomain(parent);
    }

    private void keepAnswers(Name owner, int type) {
      if (reply.rcode() == Rcode.YXDOMAIN || (type == Type.CNAME && has(owner, type))) {
        keepDnameAbove(owner);
      }
      keepRrset(owner, type);
    }

    private void keepRrset(Name owner, int type) {
      for (WireRecord record : reply.answers()) {
        boolean wanted = record.type() == type || record.coveredType() == type;
        Long ttl = wanted && record.owner().equals(owner) ? ttlInRrset(record) : null;
        if (ttl != null) {
          answer.add(new Kept(record, limits.positive(ttl)));
        }
      }
      // Removing the keys makes sure that nothing is kept twice, however the aliases wind.
      lowest
          .keySet()
          .removeIf(k -> (k.type() == type || k.covered() == type) && k.owner().equals(owner));
    }

    private @Nullable Long ttlInRrset(WireRecord record) {
      return lowest.get(RrsetKey.of(record));
    }

    /** Keeps the SOA, and returns how long the answer holds: without one not at all. */
    private int keepSoa(Name name, int life) {
      for (WireRecord soa : reply.authorities()) {
        if (soa.type() == Type.SOA && name.subdomain(soa.owner())) {
          int ttl = Math.min(life, limits.negative(soa.ttl(), soa.soaMinimum()));
          for (WireRecord one : reply.authorities()) {
            boolean wanted = one.type() == Type.SOA || one.coveredType() == Type.SOA;
            if (wanted && one.owner().equals(soa.owner())) {
              authority.add(new Kept(one, ttl));
            }
          }
          return ttl;
        }
      }
      return 0;
    }

    private void keepProof(int ttl) {
      Set<RrsetKey> signed = signedAboveTheChain();
      for (WireRecord record : reply.authorities()) {
        int type = record.type() == Type.RRSIG ? record.coveredType() : record.type();
        boolean proof = type == Type.NSEC || type == Type.NSEC3;
        if (proof && signed.contains(new RrsetKey(record.owner(), type, 0))) {
          authority.add(new Kept(record, Math.min(ttl, limits.positive(record.ttl()))));
        }
      }
    }

    /** What is signed as such by a zone that a name of the chain lies in. */
    private Set<RrsetKey> signedAboveTheChain() {
      Set<RrsetKey> signed = new HashSet<>();
      for (WireRecord record : reply.authorities()) {
        Name owner = record.owner();
        Name signer = record.signer();
        if (signer != null
            && owner.subdomain(signer)
            && chain.stream().anyMatch(name -> name.subdomain(signer))) {
          signed.add(new RrsetKey(owner, record.coveredType(), 0));
        }
      }
      return signed;
    }

    /** Those that live as long as the answer; clients ask for others themselves. */
    private void keepTargetAddresses(int life) {
      Set<Name> targets = new HashSet<>();
      for (Kept one : answer) {
        Name service = one.record().service();
        if (service != null) {
          // The root stands for the owner (RFC 9460 section 2.5).
          targets.add(service.equals(Name.root) ? one.record().owner() : service);
        }
      }
      Map<RrsetKey, Long> shortest = new HashMap<>();
      for (WireRecord record : reply.additionals()) {
        shortest.merge(RrsetKey.of(record), record.ttl(), Math::min);
      }
      for (WireRecord record : reply.additionals()) {
        boolean address = record.type() == Type.A || record.type() == Type.AAAA;
        int ttl = limits.positive(shortest.getOrDefault(RrsetKey.of(record), 0L));
        if (address && ttl >= life && targets.contains(record.owner())) {
          additional.add(new Kept(record, ttl));
        }
      }
    }

    private ResponseImage render(boolean dnssec) {
      ImageWriter writer = new ImageWriter(question);
      for (Kept one : answer) {
        if (dnssec || !isHiddenInAnswer(one)) {
          writer.add(Section.ANSWER, one.record(), one.ttl());
        }
      }
      for (Kept one : authority) {
        if (dnssec || !one.isForDnssec()) {
          writer.add(Section.AUTHORITY, one.record(), one.ttl());
        }
      }
      for (Kept one : additional) {
        writer.add(Section.ADDITIONAL, one.record(), one.ttl());
      }
      return writer.image();
    }
  }
}
