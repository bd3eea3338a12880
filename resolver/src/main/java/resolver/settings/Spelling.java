package resolver.settings;

import java.util.Locale;

/** How constants of the code are spelt for people. */
public final class Spelling {
  private Spelling() {}

  /** As a word of a settings file or of JSON: {@code NO_DATA} becomes {@code no-data}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
