package resolver.policy;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.wire.ExtendedError;

/**
 * Names of one label, such as {@code nas}: a public server knows none that anybody means, and would
 * learn the names of the site. Only addresses are meant: {@code com NS} and the like are questions
 * about DNS itself, and go on. Immutable; any thread may call.
 */
final class SingleLabels {
  private static final Answer NONE =
      Negatives.nxdomain(
          null,
          Negatives.CHANGING,
          "names of one label are not forwarded to public servers (local.single-label)");
  private static final Answer REFUSED =
      Answer.local(
          Rcode.REFUSED,
          Answer.Failure.NONE,
          new ExtendedError(
              ExtendedError.BLOCKED, "names of one label are refused (local.single-label)"));
  private static final Answer LOCAL_ONLY =
      Negatives.nxdomain(
          null, Negatives.CHANGING, "names of one label are local alone (local.single-label)");

  private final SingleLabel mode;
  private final BooleanSupplier upstreamsArePrivate;

  SingleLabels(SingleLabel mode, BooleanSupplier upstreamsArePrivate) {
    this.mode = mode;
    this.upstreamsArePrivate = upstreamsArePrivate;
  }

  /** The answer, or null where the question goes on its way. */
  @Nullable Answer answer(Question question) {
    if (mode == SingleLabel.FORWARD || !question.isSingleLabel() || !asksForAddresses(question)) {
      return null;
    }
    return switch (mode) {
      case AUTO -> upstreamsArePrivate.getAsBoolean() ? null : NONE;
      case LOCAL_ONLY -> LOCAL_ONLY;
      case REFUSE -> REFUSED;
      case FORWARD -> null;
    };
  }

  private static boolean asksForAddresses(Question question) {
    return switch (question.type()) {
      case Type.A, Type.AAAA, Type.HTTPS -> true;
      default -> false;
    };
  }
}
