package resolver.config;

import java.util.LinkedHashMap;
import java.util.Map;
import resolver.settings.Spelling;

/** One of the constants of an enum, in lower case. */
final class Choice implements Kind {
  private final Map<String, Object> constants;

  private Choice(Map<String, Object> constants) {
    this.constants = constants;
  }

  static Choice of(Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(word(constant), constant);
    }
    return new Choice(constants);
  }

  @Override
  public Object read(Object raw) {
    Object constant = raw instanceof String word ? constants.get(word) : null;
    if (constant == null) {
      throw new IllegalArgumentException(
          "one of \"" + String.join("\", \"", constants.keySet()) + '"');
    }
    return constant;
  }

  @Override
  public String write(Object value) {
    return Raw.quote(word(value));
  }

  private static String word(Object constant) {
    return Spelling.word((Enum<?>) constant);
  }
}
