package resolver.tests;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.Type;
import resolver.tests.Difference.Part;

/**
 * What may differ between the answer of a server and ours, all of it, each with its reason. One
 * that nothing needs any more is an error, too.
 */
enum Permitted {
  /** Unbound turns them at every answer. */
  ORDER_OF_RECORDS("an RRset is a set (RFC 2181 section 5)", Part.ORDER),

  /** Here each signature is held to be of another RRset, for its place behind what it signs. */
  ORDER_OF_SIGNATURES("so are the signatures, where they are what was asked for", Part.CHAIN) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return pair.question().type() == Type.RRSIG && pair.sameInSmallLetters();
    }
  },

  /** Unbound fills the packet as far as it goes, and we leave it empty. */
  CUT_TO_NOTHING(
      "of a cut response a client is to use nothing (RFC 2181 section 9)",
      Part.CHAIN,
      Part.ANSWER,
      Part.AUTHORITY) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return pair.bothCut() && pair.ours().answer().isEmpty() && pair.ours().authority().isEmpty();
    }
  },

  /** Unbound adds them to NS records. */
  NO_ADDITIONAL_ADDRESSES(
      "they are an offer, and nobody vouches for them (RFC 2181 section 5.4.1)", Part.ADDITIONAL) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return pair.ours().additional().isEmpty();
    }
  },

  /** Unbound 1.17 gives none of its own accord. */
  EXTENDED_ERRORS("they may be added to any response (RFC 8914 section 3)", Part.OPTIONS) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return difference.direct().isEmpty() && difference.ours().startsWith("000f");
    }
  },

  LETTERS_OF_NAMES_IN_RDATA(
      "compression may lend a name the letters of another (RFC 4343 section 4.1)",
      Part.CHAIN,
      Part.ANSWER) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return pair.respelled() && pair.sameInSmallLetters();
    }
  },

  LIFE_OF_AN_ALIAS_THAT_ENDS_IN_NOTHING(
      "the whole is kept under one question, no longer than its first part to fade", Part.TTL) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      long shortest = pair.ours().answer().stream().mapToLong(Rr::ttl).min().orElse(-1);
      return !has(pair.ours().answer(), pair.question().type())
          && pair.ours().authority().stream().allMatch(record -> record.ttl() == shortest);
    }
  },

  ANY_IN_SHORT(
      "a question for ANY need not be answered with all (RFC 8482 section 4.2)",
      Part.RCODE,
      Part.TC,
      Part.CHAIN,
      Part.ANSWER,
      Part.AUTHORITY,
      Part.ADDITIONAL,
      Part.TTL) {
    @Override
    boolean covers(Difference difference, Pair pair) {
      return pair.question().type() == Type.ANY
          && pair.ours().answer().size() == 1
          && has(pair.ours().answer(), Type.HINFO);
    }
  };

  private final String reason;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable.
  private final Set<Part> parts;

  Permitted(String reason, Part... parts) {
    this.reason = reason;
    this.parts = Set.of(parts);
  }

  /** Who permits a difference, if anybody does. */
  static Optional<Permitted> by(Difference difference, Pair pair) {
    return Stream.of(values())
        .filter(permitted -> permitted.parts.contains(difference.part()))
        .filter(permitted -> permitted.covers(difference, pair))
        .findFirst();
  }

  /** Whether it holds here; the part fits already. */
  boolean covers(Difference difference, Pair pair) {
    return true;
  }

  private static boolean has(List<Rr> section, int type) {
    return section.stream().anyMatch(record -> record.type() == type);
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
