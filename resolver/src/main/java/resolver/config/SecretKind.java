package resolver.config;

import java.util.function.Function;

/** A text that is told to nobody, for what is written of settings ends up in logs. */
final class SecretKind implements Kind {
  /** What is written in its place. */
  static final String NOT_TOLD = "not told";

  private final Function<String, Object> parse;
  private final Object none;

  /**
   * Makes a kind of secret.
   *
   * @param parse reads the text; the messages of its errors must not tell it
   * @param none the value of the empty text, which is no secret
   */
  SecretKind(Function<String, Object> parse, Object none) {
    this.parse = parse;
    this.none = none;
  }

  @Override
  public boolean isSecret() {
    return true;
  }

  @Override
  public Object read(Object raw) {
    if (raw instanceof String text) {
      return parse.apply(text);
    }
    throw new IllegalArgumentException("a text in quotes");
  }

  @Override
  public String write(Object value) {
    return Raw.quote(value.equals(none) ? "" : NOT_TOLD);
  }
}
