package resolver.policy;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.wire.ExtendedError;
import resolver.wire.Octets;
import resolver.wire.ResponseImage;

/** Answers the questions that no upstream server is asked. Has no state. */
public final class LocalRules {
  private static final int HEADER = 12;

  /** Long enough to keep a client from asking again, short as RFC 8482 section 4.2 asks for. */
  private static final int ANY_TTL = 300;

  /** A pointer to the question's name, HINFO, IN, the TTL, and "RFC8482" beside an empty string. */
  private static final byte[] HINFO = {
    (byte) 0xc0,
    HEADER,
    0,
    Type.HINFO,
    0,
    DClass.IN,
    0,
    0,
    0,
    0,
    0,
    9,
    7,
    'R',
    'F',
    'C',
    '8',
    '4',
    '8',
    '2',
    0
  };

  /** The answer by rule, or null where the question goes on its way. */
  public @Nullable Answer answer(Question question) {
    if (question.dnsClass() != DClass.IN) {
      return refused("only class IN is answered here");
    }
    return switch (question.type()) {
      case Type.ANY -> Answer.local(Rcode.NOERROR, hinfo(question));
      case Type.AXFR, Type.IXFR -> refused("zone transfers are not answered here");
      case Type.MAILA, Type.MAILB, Type.TSIG, Type.TKEY ->
          Answer.local(
              Rcode.NOTIMP,
              Answer.Failure.NONE,
              new ExtendedError(ExtendedError.NOT_SUPPORTED, "this type is not supported"));
      case Question.EVERY_TYPE, Type.OPT ->
          Answer.local(
              Rcode.FORMERR,
              Answer.Failure.NONE,
              new ExtendedError(ExtendedError.OTHER, "this type cannot be asked for"));
      default -> null;
    };
  }

  private static Answer refused(String why) {
    return Answer.local(
        Rcode.REFUSED, Answer.Failure.NONE, new ExtendedError(ExtendedError.NOT_SUPPORTED, why));
  }

  /** The short answer to ANY (RFC 8482 section 4.2). */
  private static ResponseImage hinfo(Question question) {
    int recordAt = HEADER + question.nameLength() + 4;
    byte[] message = new byte[recordAt + HINFO.length];
    message[5] = 1;
    message[7] = 1;
    System.arraycopy(question.name(), 0, message, HEADER, question.nameLength());
    Octets.putU16(message, recordAt - 4, question.type());
    Octets.putU16(message, recordAt - 2, question.dnsClass());
    System.arraycopy(HINFO, 0, message, recordAt, HINFO.length);
    return ResponseImage.of(message, i -> ANY_TTL);
  }
}
