package resolver.cli;

import java.util.Map;

/** Colours for a terminal, or none. Only the eight that every terminal lets its user choose. */
final class Paint {
  private final boolean on;

  /** When to colour. */
  enum When {
    auto,
    always,
    never
  }

  Paint(boolean on) {
    this.on = on;
  }

  /**
   * Decides: {@code auto} colours on a terminal, unless NO_COLOR has a value (no-color.org) or the
   * terminal is a dumb one.
   */
  static Paint of(When when, boolean terminal, Map<String, String> environment) {
    return new Paint(
        switch (when) {
          case always -> true;
          case never -> false;
          case auto ->
              terminal
                  && environment.getOrDefault("NO_COLOR", "").isEmpty()
                  && !environment.getOrDefault("TERM", "").equals("dumb");
        });
  }

  boolean isOn() {
    return on;
  }

  String name(String text) {
    return paint("36", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  String type(String text) {
    return paint("1", text);
  }

  String good(String text) {
    return paint("32", text);
  }

  String middling(String text) {
    return paint("33", text);
  }

  String bad(String text) {
    return paint("31", text);
  }

  private String paint(String code, String text) {
    return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
