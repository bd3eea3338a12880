package resolver.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * What is told beside the records, each line behind a semicolon as a comment of a zone file: one
 * status line (RCODE, time, who was asked) where it holds for all questions, else one for each;
 * then in words what is negative, failed or told by extended errors.
 */
final class StatusLines {
  private final List<Reply> replies;
  private final Paint paint;

  StatusLines(List<Reply> replies, Paint paint) {
    this.replies = replies;
    this.paint = paint;
  }

  List<String> lines() {
    Set<String> statuses = new LinkedHashSet<>();
    long longest = 0;
    for (Reply reply : replies) {
      statuses.add(status(reply, 0));
      longest = Math.max(longest, reply.nanos());
    }
    Set<String> lines = new LinkedHashSet<>();
    if (statuses.size() == 1) {
      lines.add(status(replies.get(0), longest));
    } else {
      for (Reply reply : replies) {
        String type = Type.string(reply.question().getType());
        lines.add(faint(type + ": ") + status(reply, reply.nanos()));
      }
    }
    replies.forEach(reply -> lines.addAll(details(reply)));
    List<String> comments = new ArrayList<>();
    for (String line : lines) {
      comments.add(faint("; ") + line);
    }
    return comments;
  }

  private String status(Reply reply, long nanos) {
    Reply.Received received = reply.received();
    if (received == null) {
      return paint.bad("NO REPLY")
          + faint(" in " + millis(nanos) + " " + Safe.text(reply.source().describe("")));
    }
    String rcode = Records.rcode(received.message().getRcode());
    String authentic = received.message().getHeader().getFlag(Flags.AD) ? " with AD" : "";
    String painted =
        switch (Outcome.of(reply)) {
          case ANSWER -> paint.good(rcode);
          case NODATA, NXDOMAIN, REFERRAL -> paint.middling(rcode);
          case FAILURE, NO_REPLY -> paint.bad(rcode);
        };
    String where = Safe.text(reply.source().describe(received.transport()));
    return painted + faint(authentic + " in " + millis(nanos) + " " + where);
  }

  private String faint(String text) {
    return paint.faint(text);
  }

  private static String millis(long nanos) {
    double millis = nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
  }

  private List<String> details(Reply reply) {
    List<String> details = new ArrayList<>();
    String type = Type.string(reply.question().getType());
    String target = Records.name(reply.target());
    switch (Outcome.of(reply)) {
      case NODATA -> details.add("NODATA: " + target + " has no " + type + " record" + kept(reply));
      case NXDOMAIN -> details.add("NXDOMAIN: " + target + " does not exist" + kept(reply));
      case REFERRAL ->
          details.add("referral: the server does not know, and names the servers that do");
      case FAILURE -> details.add(failure(reply));
      case ANSWER, NO_REPLY -> {}
    }
    details.removeIf(String::isEmpty);
    Reply.Received received = reply.received();
    if (received != null) {
      for (ExtendedErrorCodeOption error : Records.extendedErrors(received.message())) {
        details.add(extendedError(error));
      }
    }
    return details;
  }

  private static String kept(Reply reply) {
    Reply.Negative negative = reply.negative();
    return negative == null
        ? ""
        : "; this holds for "
            + negative.ttl()
            + " s (SOA of "
            + Records.name(negative.zone())
            + ")";
  }

  private static String failure(Reply reply) {
    Reply.Received received = reply.received();
    return switch (received == null ? -1 : received.message().getRcode()) {
      case Rcode.SERVFAIL -> "SERVFAIL: the server could not find the answer";
      case Rcode.REFUSED -> "REFUSED: the server does not answer this question, or not to us";
      case Rcode.FORMERR -> "FORMERR: the server did not understand the query";
      case Rcode.NOTIMP -> "NOTIMP: the server does not know this kind of query";
      default -> "";
    };
  }

  private static String extendedError(ExtendedErrorCodeOption error) {
    String text = Safe.text(Records.text(error));
    return "extended error "
        + error.getErrorCode()
        + " ("
        + Records.meaning(error)
        + ")"
        + (text.isEmpty() ? "" : ": " + text);
  }
}
