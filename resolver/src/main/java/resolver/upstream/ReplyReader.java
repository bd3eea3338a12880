package resolver.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.WireParseException;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;
import resolver.wire.ExtendedError;

/**
 * Turns the octets of a server's response into an answer: parses them, keeps what belongs to the
 * question, and renders that anew, once for clients without DNSSEC and once for those with. Any
 * thread may call.
 */
final class ReplyReader {
  private static final int AD = 0x20;

  private final Function<Question, TtlLimits> limits;
  private final Ticker ticker;

  ReplyReader(Function<Question, TtlLimits> limits, Ticker ticker) {
    this.limits = limits;
    this.ticker = ticker;
  }

  /** A response cannot be understood. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Reads a response of the most frequent kind, in no time worth mentioning.
   *
   * @return null where it is of another kind, for {@link #read}
   */
  @Nullable Answer readPlain(
      Question question, byte[] reply, Exchange exchange, int tries, int waiters) {
    CleanReply plain = PlainReply.read(question, reply, limits.apply(question));
    if (plain == null) {
      return null;
    }
    boolean authentic = (reply[3] & AD) != 0;
    return answer(Rcode.NOERROR, plain, authentic, false, List.of(), exchange, tries, waiters);
  }

  /**
   * Reads a response that is known to repeat the question.
   *
   * @param reply the whole message
   * @param tries how often the question was sent, for the answer's provenance
   * @param waiters how many wait for it, likewise
   * @throws Unreadable where the octets are no message, or one that cannot be rendered again
   */
  Answer read(Question question, byte[] reply, Exchange exchange, int tries, int waiters)
      throws Unreadable {
    try {
      return answer(question, WireReply.parse(reply), exchange, tries, waiters);
    } catch (WireParseException | RuntimeException e) {
      throw new Unreadable(e.toString(), e);
    }
  }

  private Answer answer(
      Question question, WireReply reply, Exchange exchange, int tries, int waiters) {
    int rcode = reply.rcode();
    boolean failed = !isAnswer(rcode);
    CleanReply clean =
        failed ? CleanReply.EMPTY : CleanReply.of(question, reply, limits.apply(question));
    List<ExtendedError> errors = new ArrayList<>(reply.errors());
    if (isReferral(reply, clean)) {
      failed = true;
      clean = CleanReply.EMPTY;
      rcode = Rcode.SERVFAIL;
      errors.add(0, trouble(exchange, "gave a referral: the server does not resolve"));
    } else if (!concernsTheClient(rcode)) {
      errors.add(0, trouble(exchange, "answered " + Rcode.string(rcode)));
      rcode = Rcode.SERVFAIL;
    }
    return answer(rcode, clean, reply.authentic(), failed, errors, exchange, tries, waiters);
  }

  private Answer answer(
      int rcode,
      CleanReply clean,
      boolean authentic,
      boolean failed,
      List<ExtendedError> errors,
      Exchange exchange,
      int tries,
      int waiters) {
    long now = ticker.nanos();
    Server server = exchange.server();
    Transport transport = exchange.transport();
    return Answer.of(
        rcode,
        clean.plain(),
        clean.signed(),
        now,
        clean.ttl(),
        authentic && server.isTrusted(),
        failed ? Answer.Failure.UPSTREAM_RCODE : Answer.Failure.NONE,
        errors,
        new Provenance(server.address(), transport, now - exchange.sentAt(), tries, waiters));
  }

  private static ExtendedError trouble(Exchange exchange, String what) {
    return new ExtendedError(ExtendedError.NETWORK_ERROR, exchange.server() + " " + what);
  }

  /** Whoever was told to resolve and names other servers instead has not answered. */
  private static boolean isReferral(WireReply reply, CleanReply clean) {
    return reply.rcode() == Rcode.NOERROR
        && clean.signed().answers() == 0
        && reply.namesOtherServers();
  }

  /** YXDOMAIN is one, too: the name would be too long with what a DNAME says (RFC 6672, 2.2). */
  private static boolean isAnswer(int rcode) {
    return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN || rcode == Rcode.YXDOMAIN;
  }

  /** FORMERR, BADVERS and their like are about our own query, and mean nothing to a client. */
  private static boolean concernsTheClient(int rcode) {
    return switch (rcode) {
      case Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.SERVFAIL, Rcode.REFUSED -> true;
      default -> false;
    };
  }
}
