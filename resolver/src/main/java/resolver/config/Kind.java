package resolver.config;

import java.util.List;
import resolver.settings.SettingException;

/**
 * How the values of one type of setting are read and written. A raw value is what TOML knows: a
 * String, a Long, a Double, a Boolean, a List of raw values, a Map for a table, a date or time.
 */
interface Kind {
  /**
   * Reads a raw value.
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected. A {@link
   *     SettingException} also says which part of the value is meant.
   */
  Object read(Object raw);

  /** What TOML would have made of a text that a flag gave. */
  default Object rawOf(String text) {
    return text;
  }

  /** Whether a flag may be repeated, each use giving one part of the value. */
  default boolean takesSeveral() {
    return false;
  }

  /** Whether values are secrets: neither they nor what stands in their place is ever told. */
  default boolean isSecret() {
    return false;
  }

  /** Writes a value the way a TOML file says it; of a secret, only whether there is one. */
  String write(Object value);

  /**
   * Reads what the uses of a flag gave.
   *
   * @throws IllegalArgumentException like {@link #read}
   */
  default Object readFlag(List<String> values) {
    if (takesSeveral()) {
      return read(values);
    }
    if (values.size() != 1) {
      throw new SettingException("", values.size() + " values", "one value");
    }
    return read(rawOf(values.get(0)));
  }
}
