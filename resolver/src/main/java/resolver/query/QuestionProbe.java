package resolver.query;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import resolver.wire.Names;

/**
 * Stands for a question when a map of questions is asked, without making one: equal to the question
 * that has its octets, with the same hash. Never to be put into a map itself.
 *
 * <p>Reusable, and not safe for use by several threads.
 */
public final class QuestionProbe {
  /** A name of 255 octets (RFC 1035 section 2.3.4), type and class. */
  private final byte[] octets = new byte[Names.MAX_LENGTH + 4];

  private int length;
  private boolean checkingDisabled;
  private int hash;

  /**
   * Stands for a question of space 0 from now on.
   *
   * @param packet has the question's name without compression, its type and class
   * @param from where in it they begin
   * @param length how long they are, in octets: 5 to 259
   */
  public void set(ByteBuf packet, int from, int length, boolean checkingDisabled) {
    this.length = length;
    this.checkingDisabled = checkingDisabled;
    packet.getBytes(from, octets, 0, length);
    Names.fold(octets, length - 4);
    rehash();
  }

  /** Stands for the same name and class, for every type. */
  public void setEveryType() {
    octets[length - 4] = 0;
    octets[length - 3] = 0;
    rehash();
  }

  private void rehash() {
    hash = Question.hash(octets, length, checkingDisabled ? 1 : 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Question question
        && question.hashCode() == hash
        && question.checkingDisabled() == checkingDisabled
        && question.space() == 0
        && Arrays.equals(octets, 0, length, question.octets(), 0, question.octets().length);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
