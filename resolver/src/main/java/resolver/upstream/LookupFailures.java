package resolver.upstream;

import org.xbill.DNS.Rcode;
import resolver.query.Answer;
import resolver.wire.ExtendedError;

/** The answers of lookups that no server has answered. */
final class LookupFailures {
  static final Answer TOO_BUSY = shortage("too many large responses at a time");

  private LookupFailures() {}

  /** This process is short of something, and the servers are not to blame. */
  static Answer shortage(String text) {
    return Answer.local(
        Rcode.SERVFAIL, Answer.Failure.LIMIT, new ExtendedError(ExtendedError.OTHER, text));
  }

  /** There was nobody to ask. */
  static Answer nobody(Group group) {
    String text =
        group.isRest()
            ? "no upstream server is known"
            : "no server of the route " + group.title() + " can be asked";
    return of(Answer.Failure.NETWORK, text);
  }

  /** Nobody has said anything. */
  static Answer silence(Group group, Answer.Failure kind) {
    int others = group.servers().size() - 1;
    String more = others == 0 ? "" : " and " + others + " more";
    return of(kind, "no response from " + group.servers().get(0) + more);
  }

  static Answer of(Answer.Failure kind, String text) {
    int code =
        kind == Answer.Failure.TIMEOUT
            ? ExtendedError.NO_REACHABLE_AUTHORITY
            : ExtendedError.NETWORK_ERROR;
    return Answer.local(Rcode.SERVFAIL, kind, new ExtendedError(code, text));
  }
}
