package resolver.stampede;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The smallest group of clients that asks together, by their transports.
 *
 * @param udp how many ask over UDP, 0 or more
 * @param tcp how many ask over TCP, 0 or more; at least one in all, and at most 100,000
 */
public record Molecule(int udp, int tcp) {
  /** One client, over UDP. */
  public static final Molecule SINGLE = new Molecule(1, 0);

  /** Two and one, as in water. */
  public static final Molecule WATER = new Molecule(2, 1);

  private static final int LARGEST = 100_000;
  private static final Pattern ATOMS = Pattern.compile("([1-9]\\d{0,8})(udp|tcp)");

  /** Checks the ranges. */
  public Molecule {
    if (udp < 0 || tcp < 0 || udp + tcp < 1 || udp + tcp > LARGEST) {
      throw new IllegalArgumentException(
          "molecule: " + udp + "udp+" + tcp + "tcp (expected: 1 to " + LARGEST + " clients)");
    }
  }

  /**
   * Reads one, such as {@code 2udp+1tcp} or {@code 1tcp}.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Molecule parse(String text) {
    long udp = 0;
    long tcp = 0;
    for (String part : text.split("\\+", -1)) {
      Matcher atoms = ATOMS.matcher(part);
      if (!atoms.matches()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" (expected: numbers of udp and tcp, such as 2udp+1tcp)");
      }
      int number = Integer.parseInt(atoms.group(1));
      udp += atoms.group(2).equals("udp") ? number : 0;
      tcp += atoms.group(2).equals("tcp") ? number : 0;
    }
    if (udp + tcp > LARGEST) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: 1 to " + LARGEST + " clients)");
    }
    return new Molecule((int) udp, (int) tcp);
  }

  /** How many clients it has. */
  public int size() {
    return udp + tcp;
  }

  @Override
  public String toString() {
    return udp == 0 ? tcp + "tcp" : tcp == 0 ? udp + "udp" : udp + "udp+" + tcp + "tcp";
  }
}
