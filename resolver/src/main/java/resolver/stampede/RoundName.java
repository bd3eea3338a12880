package resolver.stampede;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;
import resolver.wire.Names;

/**
 * The names that are asked, all of one length: {@code r0000001-1f3a9c2e.stampede.example} in the
 * first round of a run whose token is 1f3a9c2e. A token makes the names of a run cold for any
 * server. The addresses follow from the names, so that an answer can be judged.
 */
public final class RoundName {
  private static final String ZONE = "stampede.example";
  private static final int LABEL = 17;
  private static final Pattern TOLD =
      Pattern.compile("([rp])(\\d{7})-[0-9a-f]{8}\\." + Pattern.quote(ZONE));

  /** The benchmarks' network, 198.18.0.0/15 (RFC 2544 appendix C.2.2). */
  private static final int NETWORK = (198 << 24) | (18 << 16);

  private static final int HOSTS = 0x1ffff;

  private final String text;

  private RoundName(String text) {
    this.text = text;
  }

  /**
   * The name of a round.
   *
   * @param round from 1 to 9,999,999
   * @param token tells runs apart
   */
  static RoundName of(long round, int token) {
    return new RoundName(String.format(Locale.ROOT, "r%07d-%08x.%s", round, token, ZONE));
  }

  /** A name to try out whether the server forwards; nothing is counted for it. */
  static RoundName trial(long number, int token) {
    return new RoundName(String.format(Locale.ROOT, "p%07d-%08x.%s", number, token, ZONE));
  }

  /**
   * Finds the name in the octets of a question, whatever the case of its letters.
   *
   * @return empty where it is none of ours
   */
  static Optional<RoundName> in(byte[] question) {
    if (question.length != questionLength() || question[0] != LABEL) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; question[at] != 0; at += 1 + question[at]) {
      if (at + 1 + question[at] >= question.length || question[at] < 0) {
        return Optional.empty();
      }
      text.append(at == 0 ? "" : ".");
      for (int i = at + 1; i <= at + question[at]; i++) {
        text.append((char) (Names.fold(question[i]) & 0xff));
      }
    }
    RoundName found = new RoundName(text.toString());
    return TOLD.matcher(found.text).matches() ? Optional.of(found) : Optional.empty();
  }

  /** The length of each question in octets: name, type and class. */
  static int questionLength() {
    return 1 + LABEL + 1 + ZONE.length() + 1 + 4;
  }

  /** Its round, or empty for a trial. */
  OptionalLong round() {
    return text.charAt(0) == 'r'
        ? OptionalLong.of(Long.parseLong(text.substring(1, 8)))
        : OptionalLong.empty();
  }

  /** The octets of the question for its IPv4 address, in small letters. */
  byte[] question() {
    byte[] octets = new byte[questionLength()];
    int at = 0;
    for (String label : text.split("\\.")) {
      octets[at++] = (byte) label.length();
      for (byte letter : label.getBytes(US_ASCII)) {
        octets[at++] = letter;
      }
    }
    octets[at + 2] = Type.A;
    octets[at + 4] = DClass.IN;
    return octets;
  }

  /** The IPv4 address. */
  int address() {
    return NETWORK | (text.hashCode() & HOSTS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoundName name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
