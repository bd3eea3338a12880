package resolver.settings;

import java.net.IDN;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Domain names as a person writes them in settings. */
public final class DomainNames {
  private static final String EXPECTED = "a domain name such as \"example.org\"";

  private DomainNames() {}

  /**
   * Reads a name; with or without its last dot it is absolute. Letters beyond ASCII become what is
   * registered for them (RFC 3490).
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static Name parse(String text) {
    String written = text.strip();
    if (written.isEmpty() || written.chars().anyMatch(DomainNames::isNoPartOfAName)) {
      throw new IllegalArgumentException(EXPECTED);
    }
    try {
      boolean ascii = written.chars().allMatch(c -> c < 0x80);
      return Name.fromString(
          ascii ? written : IDN.toASCII(written, IDN.ALLOW_UNASSIGNED), Name.root);
    } catch (TextParseException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          EXPECTED + ", of labels of at most 63 octets and 255 octets in all", e);
    }
  }

  private static boolean isNoPartOfAName(int c) {
    return Character.isWhitespace(c) || Character.isISOControl(c) || c == '*' || c == '/';
  }
}
