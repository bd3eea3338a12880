package resolver.control;

import java.util.Locale;
import org.xbill.DNS.Type;
import resolver.query.Question;
import resolver.settings.DomainNames;

/** Words of requests, and of replies. */
final class Words {
  private Words() {}

  /**
   * A name as octets, letters small.
   *
   * @throws ControlException where it is none
   */
  static byte[] name(String word) {
    try {
      return DomainNames.parse(word).toWireCanonical();
    } catch (IllegalArgumentException e) {
      throw new ControlException("\"" + word + "\" (expected: " + e.getMessage() + ")");
    }
  }

  /**
   * A type of records by its mnemonic, or as {@code TYPE65280}.
   *
   * @throws ControlException where it is none
   */
  static int type(String word) {
    int type = Type.value(word.toUpperCase(Locale.ROOT));
    if (type <= 0) {
      throw new ControlException(
          "\"" + word + "\" (expected: a type such as A, AAAA, MX or TYPE65280)");
    }
    return type;
  }

  /** The type of a question; "any type" where it stands for every one of the name. */
  static String typeOf(Question question) {
    return question.type() == Question.EVERY_TYPE ? "*" : Type.string(question.type());
  }

  /** The spelling of a constant in JSON: {@code RECEIVED_UDP} becomes {@code receivedUdp}. */
  static String camel(Enum<?> constant) {
    StringBuilder text = new StringBuilder();
    boolean upper = false;
    String name = constant.name();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        text.append(upper ? c : Character.toLowerCase(c));
        upper = false;
      }
    }
    return text.toString();
  }

  /** Nanoseconds as milliseconds, to the microsecond. */
  static double millis(long nanos) {
    long micros = nanos / 1000;
    return micros / 1000.0;
  }

  /** Nanoseconds as seconds, to the millisecond. */
  static double seconds(long nanos) {
    long millis = nanos / 1_000_000;
    return millis / 1000.0;
  }
}
