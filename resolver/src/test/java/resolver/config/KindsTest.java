package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resolver.server.CookieSecrets;
import resolver.settings.Secret;

class KindsTest {
  private enum Shade {
    DARK_GREEN
  }

  @Test
  void switchesAreTrueOrFalse() {
    Kind kind = Kinds.of(boolean.class);

    assertThat(kind.read(true)).isEqualTo(true);
    assertThat(kind.readFlag(List.of("false"))).isEqualTo(false);
    assertThat(kind.write(true)).isEqualTo("true");
    assertThatThrownBy(() -> kind.read("true")).hasMessage("true or false");
    assertThatThrownBy(() -> kind.readFlag(List.of("yes"))).hasMessage("true or false");
  }

  @Test
  void textsAreWrittenInQuotes() {
    Kind kind = Kinds.of(String.class);

    assertThat(kind.read("a")).isEqualTo("a");
    assertThat(kind.write("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000A\"");
    assertThatThrownBy(() -> kind.read(5L)).hasMessage("a text in quotes");
  }

  @Test
  void constantsAreWrittenInKebabCase() {
    Kind kind = Kinds.of(Shade.class);

    assertThat(kind.read("dark-green")).isEqualTo(Shade.DARK_GREEN);
    assertThat(kind.write(Shade.DARK_GREEN)).isEqualTo("\"dark-green\"");
    assertThatThrownBy(() -> kind.read("DARK_GREEN")).hasMessage("one of \"dark-green\"");
    assertThatThrownBy(() -> kind.read(Map.of())).hasMessage("one of \"dark-green\"");
  }

  @Test
  void secretsAreReadAndNotWritten() {
    Kind kind = Kinds.of(CookieSecrets.class);
    String secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";

    assertThat(kind.read(secret)).isEqualTo(CookieSecrets.parse(secret));
    assertThat(kind.write(CookieSecrets.parse(secret))).isEqualTo("\"not told\"");
    assertThat(kind.write(CookieSecrets.NONE)).isEqualTo("\"\"");
    assertThatThrownBy(() -> kind.read(5L)).hasMessage("a text in quotes");
    assertThatThrownBy(() -> kind.read("not told")).hasMessageContaining("32 hexadecimal digits");
    assertThat(kind.isSecret()).isTrue();
    assertThat(Kinds.of(String.class).isSecret()).isFalse();
  }

  @Test
  void aSecretTextIsReadAndNotWritten() {
    Kind kind = Kinds.of(Secret.class);

    assertThat(kind.isSecret()).isTrue();
    assertThat(kind.read("of ours")).isEqualTo(new Secret("of ours"));
    assertThat(kind.write(new Secret("of ours"))).isEqualTo("\"not told\"");
    assertThat(kind.write(Secret.NONE)).isEqualTo("\"\"");
    assertThat(new Secret("of ours").toString()).doesNotContain("of ours");
  }

  @Test
  void aTypeWithoutAKindIsADefect() {
    assertThatThrownBy(() -> Kinds.of(Locale.class)).isInstanceOf(IllegalStateException.class);
  }
}
