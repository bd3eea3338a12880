package resolver.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.xbill.DNS.Type;

/** A type of records as a person writes it: {@code mx}, {@code TYPE65280}, {@code 28}. */
final class TypeWord {
  private TypeWord() {}

  /** Whether this is a mnemonic, {@code TYPE} with a number, or a number. */
  static boolean isType(String word) {
    return number(word) >= 0;
  }

  /**
   * Reads one.
   *
   * @return 1 to 65535
   * @throws UsageException where it is none, or none that a question may have
   */
  static int parse(String word) {
    int type = number(word);
    if (type < 0) {
      String nearest = Nearest.of(word, mnemonics());
      String hint = nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
      throw new UsageException(
          "\""
              + Safe.text(word)
              + "\" is no type of records"
              + hint
              + " (expected: a type such as A, AAAA, MX or TXT, a number, or TYPE65280)");
    }
    String whyNot =
        switch (type) {
          case 0 -> "type 0 is reserved";
          case Type.OPT, Type.TSIG, Type.TKEY -> "it belongs to the protocol and is not asked for";
          case Type.AXFR, Type.IXFR -> "zone transfers are not offered here";
          default -> type > 0xffff ? "the largest number is 65535" : "";
        };
    if (!whyNot.isEmpty()) {
      throw new UsageException("\"" + word + "\" cannot be asked: " + whyNot);
    }
    return type;
  }

  /** The mnemonics of all types that have one. */
  static List<String> mnemonics() {
    return IntStream.rangeClosed(1, 0xffff)
        .mapToObj(Type::string)
        .filter(name -> !name.startsWith("TYPE"))
        .toList();
  }

  /** The number; above 65535 where the digits say more, and -1 where the word is no type. */
  private static int number(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    String digits = upper.startsWith("TYPE") ? upper.substring(4) : upper;
    if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
    return Type.value(upper);
  }
}
