package resolver.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

final class SuffixMapTest {
  @Test
  void theLongestNameDecides() {
    SuffixMap<String> map = map("example.", "corp.example.", "a.b.corp.example.");

    assertThat(map.longest(question("www.example."))).isEqualTo("example.");
    assertThat(map.longest(question("example."))).isEqualTo("example.");
    assertThat(map.longest(question("x.corp.example."))).isEqualTo("corp.example.");
    assertThat(map.longest(question("b.corp.example."))).isEqualTo("corp.example.");
    assertThat(map.longest(question("z.a.b.corp.example."))).isEqualTo("a.b.corp.example.");
  }

  @Test
  void onlyWholeLabelsFit() {
    SuffixMap<String> map = map("example.");

    assertThat(map.longest(question("notexample."))).isNull();
    assertThat(map.longest(question("example.org."))).isNull();
    assertThat(map.longest(question("."))).isNull();
  }

  @Test
  void theRootFitsEverything() {
    SuffixMap<String> map = map(".", "example.");

    assertThat(map.longest(question("org."))).isEqualTo(".");
    assertThat(map.longest(question("."))).isEqualTo(".");
    assertThat(map.longest(question("www.example."))).isEqualTo("example.");
  }

  @Test
  void theVeryNameIsFoundAlone() {
    SuffixMap<String> map = map("example.", "corp.example.");

    assertThat(map.exact(question("corp.EXAMPLE."))).isEqualTo("corp.example.");
    assertThat(map.exact(question("example."))).isEqualTo("example.");
    assertThat(map.exact(question("www.corp.example."))).isNull();
    assertThat(map.exact(question("org."))).isNull();
    assertThat(map.exact(question("."))).isNull();
    assertThat(map(".").exact(question("."))).isEqualTo(".");
    assertThat(map(".").exact(question("example."))).isNull();
    assertThat(map().exact(question("."))).isNull();
  }

  @Test
  void caseMeansNothing() {
    assertThat(map("ExAmple.").longest(question("WWW.eXaMPLE."))).isEqualTo("ExAmple.");
  }

  @Test
  void whatLooksLikeALabelWithinALabelIsNone() {
    // The octets of "\003com\000" stand inside the first label.
    assertThat(map("com.").longest(question("x\\003com.example."))).isNull();
  }

  @Test
  void nothingIsFoundInAnEmptyMap() {
    assertThat(map().longest(question("example."))).isNull();
    assertThat(map().isEmpty()).isTrue();
    assertThat(map("example.").isEmpty()).isFalse();
  }

  @Test
  void aNameMayStandOnce() {
    assertThatThrownBy(() -> map("example.", "EXAMPLE."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void aThousandNamesAreAllFound() {
    Random random = new Random(7);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      names.add("n" + i + "." + Integer.toString(random.nextInt(1 << 20), 36) + ".example.");
    }
    SuffixMap<String> map = map(names.toArray(String[]::new));

    assertThat(names)
        .allSatisfy(name -> assertThat(map.longest(question("below." + name))).isEqualTo(name));
    assertThat(map.longest(question("other.example."))).isNull();
  }

  private static SuffixMap<String> map(String... names) {
    List<Map.Entry<byte[], String>> entries = new ArrayList<>();
    for (String name : names) {
      entries.add(Map.entry(octets(name), name));
    }
    return new SuffixMap<>(entries);
  }

  private static Question question(String name) {
    return Question.of(octets(name), 1, 1, false);
  }

  private static byte[] octets(String name) {
    try {
      return Name.fromString(name).toWire();
    } catch (TextParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
