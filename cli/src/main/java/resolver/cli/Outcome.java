package resolver.cli;

import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.settings.Spelling;

/** What a reply means for the one who asks. */
enum Outcome {
  /** There are records of the type asked for. */
  ANSWER,
  /** The name has no records of that type. */
  NODATA,
  /** The name does not exist. */
  NXDOMAIN,
  /** Other servers know; only without recursion. */
  REFERRAL,
  /** The server says that it failed, or refuses. */
  FAILURE,
  /** No response, or none that can be used. */
  NO_REPLY;

  static Outcome of(Reply reply) {
    Reply.Received received = reply.received();
    if (received == null) {
      return NO_REPLY;
    }
    int rcode = received.message().getRcode();
    if (rcode == Rcode.NXDOMAIN) {
      return NXDOMAIN;
    }
    if (rcode != Rcode.NOERROR) {
      return FAILURE;
    }
    if (!reply.data().isEmpty()) {
      return ANSWER;
    }
    boolean elsewhere =
        reply.negative() == null
            && reply.section(Section.ANSWER).isEmpty()
            && reply.section(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
    return elsewhere ? REFERRAL : NODATA;
  }

  /** As the JSON output says it. */
  String word() {
    return Spelling.word(this);
  }
}
