package resolver.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
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
      return answer(question, new Message(reply), exchange, tries, waiters);
    } catch (WireParseException e) {
      throw new Unreadable(String.valueOf(e.getMessage()), e);
    } catch (java.io.IOException | RuntimeException e) {
      // dnsjava throws all kinds of exceptions at odd records.
      throw new Unreadable(e.toString(), e);
    }
  }

  private Answer answer(
      Question question, Message message, Exchange exchange, int tries, int waiters) {
    long now = ticker.nanos();
    Server server = exchange.server();
    Transport transport = exchange.transport();
    int rcode = message.getRcode();
    boolean failed = rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN;
    CleanReply clean =
        failed ? CleanReply.EMPTY : CleanReply.of(question, message, limits.apply(question));
    List<ExtendedError> errors = errors(message.getOPT());
    if (!concernsTheClient(rcode)) {
      String what = server + " answered " + Rcode.string(rcode);
      errors.add(0, new ExtendedError(ExtendedError.NETWORK_ERROR, what));
      rcode = Rcode.SERVFAIL;
    }
    return Answer.of(
        rcode,
        clean.plain(),
        clean.signed(),
        now,
        ticker.wallMillis(),
        clean.ttl(),
        message.getHeader().getFlag(Flags.AD) && server.isTrusted(),
        failed ? Answer.Failure.UPSTREAM_RCODE : Answer.Failure.NONE,
        errors,
        new Provenance(server.address(), transport, now - exchange.sentAt(), tries, waiters));
  }

  /** FORMERR, BADVERS and their like are about our own query, and mean nothing to a client. */
  private static boolean concernsTheClient(int rcode) {
    return switch (rcode) {
      case Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.SERVFAIL, Rcode.REFUSED -> true;
      default -> false;
    };
  }

  /** Extended errors are passed on, marked as the server's own words (RFC 8914 section 3). */
  private static List<ExtendedError> errors(@Nullable OPTRecord opt) {
    List<ExtendedError> errors = new ArrayList<>();
    if (opt != null) {
      for (EDNSOption option : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
        if (option instanceof ExtendedErrorCodeOption error && errors.size() < 4) {
          String text = error.getText();
          errors.add(
              new ExtendedError(
                  error.getErrorCode(),
                  text == null || text.isEmpty() ? "upstream" : "upstream: " + text));
        }
      }
    }
    return errors;
  }
}
