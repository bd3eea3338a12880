package resolver.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Key equality, as the lookup group and the cache need it. */
class QuestionTest {
  @Test
  void aSingleLabelIsNeitherTheRootNorTwo() {
    assertThat(question("nas.", 1).isSingleLabel()).isTrue();
    assertThat(question(".", 1).isSingleLabel()).isFalse();
    assertThat(question("nas.home.", 1).isSingleLabel()).isFalse();
  }

  @Test
  void rfc4343caseOfLettersDoesNotCount() {
    assertThat(question("WWW.Example.ORG.", 1)).isEqualTo(question("www.example.org.", 1));
    assertThat(question("WWW.Example.ORG.", 1)).hasSameHashCodeAs(question("www.example.org.", 1));
  }

  @Test
  void onlyTheLettersAToZAreFolded() {
    for (int octet = 0; octet < 256; octet++) {
      boolean capital = octet >= 'A' && octet <= 'Z';
      byte[] name = {1, (byte) octet, 0};
      byte[] folded = {1, (byte) (capital ? octet + 32 : octet), 0};
      assertThat(Question.of(name, 1, 1, false).name()).isEqualTo(folded);
    }
    assertThat(ofOctets(0xc4)).isNotEqualTo(ofOctets(0xe4));
    assertThat(ofOctets('[')).isNotEqualTo(ofOctets('{'));
  }

  @Test
  void aDotWithinALabelIsNoBreak() {
    assertThat(question("a\\.b.example.", 1)).isNotEqualTo(question("a.b.example.", 1));
  }

  @Test
  void typeClassCdAndNameCount() {
    byte[] name = question("a.example.", 1).name();
    Question base = Question.of(name, 1, 1, false);
    assertThat(base).isEqualTo(Question.of(name, 1, 1, false));
    assertThat(base).isNotEqualTo(Question.of(name, 28, 1, false));
    assertThat(base).isNotEqualTo(Question.of(name, 1, 3, false));
    assertThat(base).isNotEqualTo(Question.of(name, 1, 1, true));
    assertThat(base).isNotEqualTo(question("b.example.", 1));
    assertThat(base).isNotEqualTo(base.forEveryType());
    assertThat(base.forEveryType()).isEqualTo(Question.of(name, 28, 1, false).forEveryType());
  }

  @Test
  void partsComeBackAsTheyWere() {
    Question question = Question.of(new byte[] {1, 'X', 0}, 65280, 3, true);
    assertThat(question.type()).isEqualTo(65280);
    assertThat(question.dnsClass()).isEqualTo(3);
    assertThat(question.checkingDisabled()).isTrue();
    assertThat(question.space()).isZero();
    assertThat(question.nameLength()).isEqualTo(3);
    assertThat(question).hasToString("x. CLASS3 TYPE65280");
  }

  @Test
  void liesBelowItsParentsAndNothingElse() {
    Question question = question("www.example.org.", 1);
    assertThat(question.isAtOrBelow(nameOf("www.example.org."))).isTrue();
    assertThat(question.isAtOrBelow(nameOf("example.org."))).isTrue();
    assertThat(question.isAtOrBelow(nameOf("."))).isTrue();
    assertThat(question.isAtOrBelow(nameOf("ample.org."))).isFalse();
    assertThat(question.isAtOrBelow(nameOf("a.www.example.org."))).isFalse();
    assertThat(question.isAtOrBelow(nameOf("www.example.com."))).isFalse();
  }

  @Test
  void oddOctetsAreEscapedForPeople() {
    byte[] label = "a.b\\ \u0001".getBytes(StandardCharsets.ISO_8859_1);
    byte[] name = new byte[label.length + 2];
    name[0] = (byte) label.length;
    System.arraycopy(label, 0, name, 1, label.length);
    assertThat(Question.of(name, 1, 1, false)).hasToString("a\\.b\\\\\\032\\001. IN A");
    assertThat(Question.of(new byte[] {0}, 2, 1, false)).hasToString(". IN NS");
  }

  @Test
  void namesThatDifferInOneOctetRarelyCollide() {
    Random random = new Random(7);
    java.util.Set<Integer> hashes = new java.util.HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      hashes.add(question("w" + i + "-" + random.nextInt() + ".bench.example.", 1).hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(9_900);
  }

  private static Question ofOctets(int octet) {
    return Question.of(new byte[] {1, (byte) octet, 0}, 1, 1, false);
  }

  private static Question question(String name, int type) {
    return Question.of(nameOf(name), type, 1, false);
  }

  private static byte[] nameOf(String name) {
    try {
      byte[] octets = Name.fromString(name).toWire();
      return octets;
    } catch (TextParseException e) {
      throw new AssertionError(e);
    }
  }
}
