package resolver.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SVCBBase;
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
  static CleanReply of(Question question, Message message, TtlLimits limits) {
    return new Cleaner(question, message, limits).clean();
  }

  /** A record that stays, with the TTL that it gets. */
  private record Kept(Record record, int ttl) {
    boolean isForDnssec(int asked) {
      int type = record.getType();
      boolean dnssec = type == Type.RRSIG || type == Type.NSEC || type == Type.NSEC3;
      return dnssec && type != asked;
    }
  }

  private record RrsetKey(Name owner, int type, int covered) {
    static RrsetKey of(Record record) {
      return new RrsetKey(record.getName(), record.getType(), coveredType(record));
    }
  }

  /** The type that a signature signs, and 0 for what is no signature. */
  private static int coveredType(Record record) {
    return record instanceof RRSIGRecord signature ? signature.getTypeCovered() : 0;
  }

  private static final class Cleaner {
    /** More than the 11 that are followed elsewhere; a loop ends here. */
    private static final int MOST_ALIASES = 16;

    private final Question question;
    private final TtlLimits limits;
    private final List<Record> answers;
    private final List<Record> authorities;
    private final List<Record> additionals;
    private final Map<RrsetKey, Long> lowest = new HashMap<>();
    private final List<Name> chain = new ArrayList<>();
    private final List<Kept> answer = new ArrayList<>();
    private final List<Kept> authority = new ArrayList<>();
    private final List<Kept> additional = new ArrayList<>();

    Cleaner(Question question, Message message, TtlLimits limits) {
      this.question = question;
      this.limits = limits;
      this.answers = ofTheClassAsked(message, Section.ANSWER);
      this.authorities = ofTheClassAsked(message, Section.AUTHORITY);
      this.additionals = ofTheClassAsked(message, Section.ADDITIONAL);
      for (Record record : answers) {
        lowest.merge(RrsetKey.of(record), record.getTTL() & 0xffffffffL, Math::min);
      }
    }

    private List<Record> ofTheClassAsked(Message message, int section) {
      return message.getSection(section).stream()
          .filter(record -> record.getDClass() == question.dnsClass())
          .toList();
    }

    CleanReply clean() {
      Name end = keepChain();
      boolean positive = answer.stream().anyMatch(k -> k.record().getType() == question.type());
      int life = answer.stream().mapToInt(Kept::ttl).min().orElse(Integer.MAX_VALUE);
      int ttl = positive ? life : keepSoa(end, life);
      keepProof(ttl);
      keepTargetAddresses();
      ResponseImage signed = render(k -> true);
      ResponseImage plain =
          answer.stream().anyMatch(k -> k.isForDnssec(question.type()))
                  || authority.stream().anyMatch(k -> k.isForDnssec(question.type()))
              ? render(k -> !k.isForDnssec(question.type()))
              : signed;
      return new CleanReply(plain, signed, ttl);
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

    /** Keeps the alias of a name, with the DNAME that it was made from (RFC 6672 section 3.1). */
    private @Nullable Name keepAlias(Name owner) {
      for (Record record : answers) {
        if (record instanceof CNAMERecord alias && alias.getName().equals(owner)) {
          for (Record other : answers) {
            if (other instanceof DNAMERecord && isBelow(owner, other.getName())) {
              keepAnswers(other.getName(), Type.DNAME);
            }
          }
          keepAnswers(owner, Type.CNAME);
          return alias.getTarget();
        }
      }
      return null;
    }

    private static boolean isBelow(Name name, Name parent) {
      return name.labels() > parent.labels() && name.subdomain(parent);
    }

    private void keepAnswers(Name owner, int type) {
      // Removing the key makes sure that no RRset is kept twice, however the aliases wind.
      boolean data = lowest.containsKey(new RrsetKey(owner, type, 0));
      for (Record record : answers) {
        boolean wanted = record.getType() == type || coveredType(record) == type;
        Long ttl = wanted && record.getName().equals(owner) ? ttlInRrset(record) : null;
        if (ttl != null) {
          answer.add(new Kept(record, limits.positive(ttl)));
        }
      }
      if (data) {
        lowest.keySet().removeIf(k -> k.owner().equals(owner) && k.type() == type);
      }
    }

    private @Nullable Long ttlInRrset(Record record) {
      return lowest.get(RrsetKey.of(record));
    }

    /** Keeps the SOA, and returns how long the answer holds: without one not at all. */
    private int keepSoa(Name name, int life) {
      for (Record record : authorities) {
        if (record instanceof SOARecord soa && name.subdomain(soa.getName())) {
          int ttl = Math.min(life, limits.negative(soa.getTTL(), soa.getMinimum()));
          for (Record one : authorities) {
            boolean wanted = one.getType() == Type.SOA || coveredType(one) == Type.SOA;
            if (wanted && one.getName().equals(soa.getName())) {
              authority.add(new Kept(one, ttl));
            }
          }
          return ttl;
        }
      }
      return 0;
    }

    private void keepProof(int ttl) {
      for (Record record : authorities) {
        int type = record.getType() == Type.RRSIG ? coveredType(record) : record.getType();
        boolean proof = type == Type.NSEC || type == Type.NSEC3;
        if (proof && isSignedAboveTheChain(record.getName(), type)) {
          authority.add(new Kept(record, Math.min(ttl, limits.positive(record.getTTL()))));
        }
      }
    }

    /** Whether the owner's proof is signed by a zone that a name of the chain lies in. */
    private boolean isSignedAboveTheChain(Name owner, int type) {
      for (Record record : authorities) {
        if (record instanceof RRSIGRecord signature
            && signature.getTypeCovered() == type
            && signature.getName().equals(owner)
            && owner.subdomain(signature.getSigner())
            && chain.stream().anyMatch(name -> name.subdomain(signature.getSigner()))) {
          return true;
        }
      }
      return false;
    }

    private void keepTargetAddresses() {
      Set<Name> targets = new HashSet<>();
      for (Kept one : answer) {
        if (one.record() instanceof SVCBBase service) {
          // The root stands for the owner (RFC 9460 section 2.5).
          boolean own = service.getTargetName().equals(Name.root);
          targets.add(own ? service.getName() : service.getTargetName());
        }
      }
      for (Record record : additionals) {
        boolean address = record instanceof ARecord || record instanceof AAAARecord;
        if (address && targets.contains(record.getName())) {
          additional.add(new Kept(record, limits.positive(record.getTTL())));
        }
      }
    }

    private ResponseImage render(Predicate<Kept> wanted) {
      Message message = new Message(0);
      message.addRecord(QueryRenderer.questionRecord(question), Section.QUESTION);
      int[] ttls = new int[answer.size() + authority.size() + additional.size()];
      int count = 0;
      count = add(message, Section.ANSWER, answer, wanted, ttls, count);
      count = add(message, Section.AUTHORITY, authority, wanted, ttls, count);
      count = add(message, Section.ADDITIONAL, additional, wanted, ttls, count);
      if (count == 0) {
        return ResponseImage.EMPTY;
      }
      int[] inOrder = Arrays.copyOf(ttls, count);
      return ResponseImage.of(message.toWire(), i -> inOrder[i]);
    }

    private static int add(
        Message message,
        int section,
        List<Kept> from,
        Predicate<Kept> wanted,
        int[] ttls,
        int before) {
      int count = before;
      for (Kept one : from) {
        if (wanted.test(one)) {
          message.addRecord(one.record(), section);
          ttls[count++] = one.ttl();
        }
      }
      return count;
    }
  }
}
