package resolver.cli;

/**
 * Writes one JSON text (RFC 8259) in ASCII alone, whatever the strings hold, so that no terminal or
 * pipe can spoil it. The caller keeps the nesting right.
 */
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();
  private boolean first = true;

  JsonWriter beginObject() {
    return begin('{');
  }

  JsonWriter endObject() {
    return end('}');
  }

  JsonWriter beginArray() {
    return begin('[');
  }

  JsonWriter endArray() {
    return end(']');
  }

  /** The name of the member whose value comes next. */
  JsonWriter key(String name) {
    comma();
    string(name);
    text.append(':');
    first = true;
    return this;
  }

  JsonWriter value(String value) {
    comma();
    string(value);
    return this;
  }

  JsonWriter value(long value) {
    comma();
    text.append(value);
    return this;
  }

  /** A number with three digits behind the point. */
  JsonWriter thousandths(long value) {
    comma();
    text.append(java.math.BigDecimal.valueOf(value, 3).toPlainString());
    return this;
  }

  JsonWriter value(boolean value) {
    comma();
    text.append(value);
    return this;
  }

  JsonWriter nothing() {
    comma();
    text.append("null");
    return this;
  }

  private JsonWriter begin(char bracket) {
    comma();
    text.append(bracket);
    first = true;
    return this;
  }

  private JsonWriter end(char bracket) {
    text.append(bracket);
    first = false;
    return this;
  }

  private void comma() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || c > 0x7e) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
