package resolver.cli;

import java.net.IDN;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Address;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TextParseException;

/**
 * A name as a person writes it.
 *
 * @param name absolute, with or without a last dot: no search list is applied
 * @param reverse whether it was an IP address; then the name is the one that its PTR record has
 */
record NameWord(Name name, boolean reverse) {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*).*");
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.*[^:]):\\d*");
  private static final Pattern FOUR_NUMBERS = Pattern.compile("\\d+(\\.\\d+){3}");

  /**
   * Reads one.
   *
   * @throws UsageException where it is none; the message says why and what to do
   */
  static NameWord parse(String word) {
    byte @Nullable [] address = address(word);
    if (address != null) {
      return new NameWord(ReverseMap.fromAddress(address), true);
    }
    refuseWhatIsNoName(word);
    try {
      return new NameWord(Name.fromString(toAscii(word), Name.root), false);
    } catch (TextParseException e) {
      throw wrong(word, why(word, String.valueOf(e.getMessage())));
    }
  }

  private static byte @Nullable [] address(String word) {
    String bare =
        word.startsWith("[") && word.endsWith("]") ? word.substring(1, word.length() - 1) : word;
    byte[] four = Address.toByteArray(bare, Address.IPv4);
    return four != null || bare.indexOf(':') < 0 ? four : Address.toByteArray(bare, Address.IPv6);
  }

  private static void refuseWhatIsNoName(String word) {
    if (word.isEmpty()) {
      throw new UsageException("the name is empty (the root of all names is \".\")");
    }
    Matcher url = URL.matcher(word);
    if (url.matches()) {
      throw wrong(word, "it is a URL; ask for its host: resolve " + Safe.text(url.group(1)));
    }
    if (word.startsWith("+")) {
      throw wrong(word, "options begin with --, see resolve --help");
    }
    if (FOUR_NUMBERS.matcher(word).matches()) {
      throw wrong(word, "it looks like an IP address and is none (a name ends in a dot then)");
    }
    if (word.indexOf('%') >= 0 && address(word.substring(0, word.indexOf('%'))) != null) {
      throw wrong(word, "an IP address is asked without its zone, the part from % on");
    }
    if (word.indexOf('/') >= 0 && address(word.substring(0, word.indexOf('/'))) != null) {
      throw wrong(word, "it is a network; ask for one address");
    }
    Matcher port = HOST_AND_PORT.matcher(word);
    if (port.matches() && port.group(1).indexOf(':') < 0) {
      throw wrong(word, "a name has no port; ask for resolve " + Safe.text(port.group(1)));
    }
    if (word.indexOf('@') > 0 && word.charAt(word.indexOf('@') - 1) != '\\') {
      throw wrong(
          word,
          "the server stands in a word of its own, as in: resolve example.org @192.0.2.1"
              + " (an @ within a name is written \\@)");
    }
    if (word.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw wrong(word, "it has a space or a control character (a space is written \\032)");
    }
  }

  /** Names with other letters than ASCII's become what is registered for them (RFC 3490). */
  private static String toAscii(String word) {
    if (word.chars().allMatch(c -> c < 0x80)) {
      return word;
    }
    if (word.indexOf('\\') >= 0) {
      throw wrong(word, "escapes and letters beyond ASCII do not go together");
    }
    try {
      return IDN.toASCII(word, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      throw wrong(word, "its letters beyond ASCII make no valid name: " + e.getMessage());
    }
  }

  private static String why(String word, String parserSays) {
    if (parserSays.contains("empty label")) {
      return "a label is empty: there is a dot too many";
    }
    if (parserSays.contains("label too long")) {
      return "a label is longer than 63 octets";
    }
    if (parserSays.contains("bad escape")) {
      return "behind a backslash stands the character itself or three digits up to 255";
    }
    return parserSays.contains("too long") || word.length() > 255
        ? "it is longer than 255 octets"
        : parserSays;
  }

  private static UsageException wrong(String word, String why) {
    return new UsageException("\"" + Safe.text(word) + "\" is no name: " + why);
  }
}
