package resolver.tests;

import java.io.IOException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** A question of class IN. Equal are those that differ in the case of letters only. */
record Asked(Name name, int type) {
  /** The same question, with small letters for capitals and capitals for small ones. */
  Asked otherCase() {
    byte[] octets = name.toWire();
    // No length of a label is a letter, since labels end at 63 octets.
    for (int i = 0; i < octets.length; i++) {
      int lower = octets[i] | 0x20;
      if (lower >= 'a' && lower <= 'z') {
        octets[i] ^= 0x20;
      }
    }
    try {
      return new Asked(new Name(octets), type);
    } catch (IOException e) {
      throw new AssertionError("letters of " + name + " were changed, and nothing else", e);
    }
  }

  @Override
  public String toString() {
    return name + " " + Type.string(type);
  }
}
