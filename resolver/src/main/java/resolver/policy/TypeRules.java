package resolver.policy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.wire.ExtendedError;

/** Answers, by class and type alone, the questions that nobody is asked. Has no state. */
final class TypeRules {
  /** Long enough to keep a client from asking again, short as RFC 8482 section 4.2 asks for. */
  private static final int ANY_TTL = 300;

  /** "RFC8482" beside an empty string, each behind its length. */
  private static final byte[] HINFO = "\7RFC8482\0".getBytes(StandardCharsets.US_ASCII);

  /** The short answer to ANY (RFC 8482 section 4.2). */
  private static final Answer ANY =
      Answer.local(
          Rcode.NOERROR,
          new LocalImage().answer(null, LocalImage.Rrset.of(Type.HINFO, ANY_TTL, HINFO)).build());

  private static final Answer OTHER_CLASS = refused("only class IN is answered here");
  private static final Answer TRANSFER = refused("zone transfers are not answered here");
  private static final Answer UNSUPPORTED =
      Answer.local(
          Rcode.NOTIMP,
          Answer.Failure.NONE,
          new ExtendedError(ExtendedError.NOT_SUPPORTED, "this type is not supported"));
  private static final Answer UNASKABLE =
      Answer.local(
          Rcode.FORMERR,
          Answer.Failure.NONE,
          new ExtendedError(ExtendedError.OTHER, "this type cannot be asked for"));

  private TypeRules() {}

  /** The answer by rule, or null where the question goes on its way. */
  static @Nullable Answer answer(Question question) {
    if (question.dnsClass() != DClass.IN) {
      return OTHER_CLASS;
    }
    return switch (question.type()) {
      case Type.ANY -> ANY;
      case Type.AXFR, Type.IXFR -> TRANSFER;
      case Type.MAILA, Type.MAILB, Type.TSIG, Type.TKEY -> UNSUPPORTED;
      case Question.EVERY_TYPE, Type.OPT -> UNASKABLE;
      default -> null;
    };
  }

  private static Answer refused(String why) {
    return Answer.local(
        Rcode.REFUSED, Answer.Failure.NONE, new ExtendedError(ExtendedError.NOT_SUPPORTED, why));
  }
}
