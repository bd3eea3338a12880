package resolver.tests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/**
 * Something in which our response is not the one that the upstream server itself gives.
 *
 * @param direct what the server says
 * @param ours what we say
 */
record Difference(Part part, String direct, String ours) {
  /** Parts of a response, each compared by itself. */
  enum Part {
    RCODE,
    /** QR, opcode, RD, RA, Z and the bits without a name here. */
    FLAGS,
    AA,
    TC,
    AD,
    CD,
    /** To the octet, so in the spelling of the client too. */
    QUESTION,
    /** The RRsets of the answer section, from one alias to the next. */
    CHAIN,
    /** The records of an RRset of the answer section, in any order. */
    ANSWER,
    /** The order of the records of an RRset. */
    ORDER,
    /** The RRsets of the authority section and their records, in any order. */
    AUTHORITY,
    /** The same for the additional section. */
    ADDITIONAL,
    TTL,
    /** Whether there is EDNS, its version and its flags. */
    EDNS,
    UDP_SIZE,
    /** The options of EDNS. */
    OPTIONS
  }

  private static final int AD = 0x0020;
  private static final int CD = 0x0010;
  private static final int NAMED = Reply.AA | Reply.TC | AD | CD;

  /** All differences between two responses to one question, but for those of their TTLs. */
  static List<Difference> between(Reply direct, Reply ours) {
    Finder finder = new Finder();
    finder.compare(Part.RCODE, Rcode.string(direct.rcode()), Rcode.string(ours.rcode()));
    finder.compare(Part.FLAGS, direct.flags() & ~NAMED, ours.flags() & ~NAMED);
    finder.compare(Part.AA, direct.has(Reply.AA), ours.has(Reply.AA));
    finder.compare(Part.TC, direct.has(Reply.TC), ours.has(Reply.TC));
    finder.compare(Part.AD, direct.has(AD), ours.has(AD));
    finder.compare(Part.CD, direct.has(CD), ours.has(CD));
    finder.compare(Part.QUESTION, direct.question(), ours.question());
    finder.compareAnswers(rrsets(direct.answer()), rrsets(ours.answer()));
    finder.compare(Part.AUTHORITY, inAnyOrder(direct.authority()), inAnyOrder(ours.authority()));
    finder.compare(Part.ADDITIONAL, inAnyOrder(direct.additional()), inAnyOrder(ours.additional()));
    finder.compareOpts(direct.opt(), ours.opt());
    return finder.found;
  }

  /**
   * The differences between the TTLs of the RRsets that both responses have.
   *
   * @param atLeast by how many seconds ours must be lower; below zero, how much higher they may be
   * @param atMost by how many seconds they may be lower
   */
  static List<Difference> ofTtls(Reply direct, Reply ours, long atLeast, long atMost) {
    Finder finder = new Finder();
    finder.compareTtls(direct.answer(), ours.answer(), atLeast, atMost);
    finder.compareTtls(direct.authority(), ours.authority(), atLeast, atMost);
    finder.compareTtls(direct.additional(), ours.additional(), atLeast, atMost);
    return finder.found;
  }

  /** The RDATA by RRset, both in the order in which they came. */
  private static Map<String, List<String>> rrsets(List<Rr> section) {
    Map<String, List<String>> rrsets = new LinkedHashMap<>();
    for (Rr record : section) {
      rrsets.computeIfAbsent(record.rrset(), key -> new ArrayList<>()).add(record.rdata());
    }
    return rrsets;
  }

  private static List<String> inAnyOrder(List<Rr> section) {
    return section.stream().map(record -> record.rrset() + " " + record.rdata()).sorted().toList();
  }

  private static final class Finder {
    private final List<Difference> found = new ArrayList<>();

    void compare(Part part, Object direct, Object ours) {
      if (!direct.equals(ours)) {
        found.add(new Difference(part, direct.toString(), ours.toString()));
      }
    }

    void compareAnswers(Map<String, List<String>> direct, Map<String, List<String>> ours) {
      compare(Part.CHAIN, List.copyOf(direct.keySet()), List.copyOf(ours.keySet()));
      ours.forEach(
          (rrset, records) -> {
            List<String> others = direct.getOrDefault(rrset, records);
            if (!sorted(others).equals(sorted(records))) {
              compare(Part.ANSWER, rrset + " " + others, rrset + " " + records);
            } else {
              compare(Part.ORDER, others, records);
            }
          });
    }

    private static List<String> sorted(Collection<String> records) {
      return records.stream().sorted().toList();
    }

    void compareTtls(List<Rr> direct, List<Rr> ours, long atLeast, long atMost) {
      Map<String, Set<Long>> theirs = ttls(direct);
      ttls(ours)
          .forEach(
              (rrset, mine) -> {
                Set<Long> others = theirs.getOrDefault(rrset, Set.of());
                if (!others.isEmpty()) {
                  long ttl = Collections.min(others);
                  // Each counts whole seconds from a moment of its own, and we may have learned it
                  // from the chain of another question before.
                  long highest = Math.max(0, ttl - atLeast) + 1;
                  long lowest = Math.max(0, ttl - atMost);
                  if (Collections.min(mine) < lowest || Collections.max(mine) > highest) {
                    String expected = " (expected: " + lowest + " to " + highest + ")";
                    compare(Part.TTL, rrset + " " + others, rrset + " " + mine + expected);
                  }
                }
              });
    }

    /** The TTLs of each RRset; one, if all is well. */
    private static Map<String, Set<Long>> ttls(List<Rr> section) {
      Map<String, Set<Long>> ttls = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (Rr record : section) {
        ttls.computeIfAbsent(record.rrset(), key -> new TreeSet<>()).add(record.ttl());
      }
      return ttls;
    }

    void compareOpts(@Nullable Rr direct, @Nullable Rr ours) {
      if (direct == null || ours == null) {
        compare(Part.EDNS, Objects.toString(direct), Objects.toString(ours));
        return;
      }
      compare(Part.EDNS, direct.owner() + ednsOf(direct), ours.owner() + ednsOf(ours));
      compare(Part.UDP_SIZE, direct.dclass(), ours.dclass());
      compare(Part.OPTIONS, direct.rdata(), ours.rdata());
    }

    /** Version and flags, for those of RCODE have been seen already. */
    private static long ednsOf(Rr opt) {
      return opt.ttl() & 0xffffff;
    }
  }

  @Override
  public String toString() {
    return "  " + part + " of unbound: " + direct + "\n  " + part + " of ours: " + ours;
  }
}
