package resolver.daemon;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Question;
import resolver.settings.Words;

/** The words of one line of a scenario file, read one after the other. */
final class ScenarioLine {
  private final String file;
  private final int number;
  private final String text;
  private final List<String> words;
  private int at;

  ScenarioLine(String file, int number, String text) {
    this.file = file;
    this.number = number;
    this.text = text.strip();
    this.words = Arrays.asList(this.text.split("\\s+"));
  }

  /** The line as it stands in the file. */
  String text() {
    return text;
  }

  int number() {
    return number;
  }

  /** Where it stands. */
  String place() {
    return file + ":" + number;
  }

  /** Whether there are no more words. */
  boolean isAtEnd() {
    return at == words.size();
  }

  /** Reads over these words, where they come next. */
  boolean takes(String expected) {
    List<String> those = List.of(expected.split(" "));
    int end = at + those.size();
    boolean found = end <= words.size() && words.subList(at, end).equals(those);
    at = found ? end : at;
    return found;
  }

  /** Reads the next word. */
  String word(String expected) {
    if (isAtEnd()) {
      throw error("the line ends", expected);
    }
    return words.get(at++);
  }

  /** The words that are left. */
  String rest(String expected) {
    String rest = String.join(" ", words.subList(at, words.size()));
    if (rest.isEmpty()) {
      throw error("the line ends", expected);
    }
    at = words.size();
    return rest;
  }

  /** Nothing may follow. */
  void end() {
    if (!isAtEnd()) {
      throw error(words.get(at), "the end of the line");
    }
  }

  int number(String expected) {
    String word = word(expected);
    try {
      return Integer.parseUnsignedInt(word);
    } catch (NumberFormatException e) {
      throw error(word, expected);
    }
  }

  Duration duration() {
    String word = word("a duration such as 1.8s");
    try {
      return Words.parseDuration(word);
    } catch (IllegalArgumentException e) {
      throw error(word, String.valueOf(e.getMessage()));
    }
  }

  byte[] name() {
    return Answers.name(word("a name")).toWireCanonical();
  }

  int type() {
    String word = word("a type such as AAAA");
    int type = Type.value(word);
    if (type < 0) {
      throw error(word, "a type such as AAAA");
    }
    return type;
  }

  /** Reads a name, a type, and +cd where it follows. */
  Question question() {
    byte[] name = name();
    int type = type();
    return Question.of(name, type, DClass.IN, takes("+cd"));
  }

  /** Whether the next word is an RCODE. */
  boolean isAtRcode() {
    return !isAtEnd() && Rcode.value(words.get(at)) >= 0;
  }

  int rcode() {
    String word = word("an RCODE such as NXDOMAIN");
    int rcode = Rcode.value(word);
    if (rcode < 0) {
      throw error(word, "an RCODE such as NXDOMAIN");
    }
    return rcode;
  }

  /** Reads the whole line as a record. */
  ScenarioMessage.Told record() {
    try {
      return ScenarioMessage.Told.parse(text);
    } catch (IllegalArgumentException e) {
      throw error("no record", String.valueOf(e.getMessage()));
    }
  }

  /** What is wrong with this line. */
  IllegalArgumentException error(String found, String expected) {
    return new IllegalArgumentException(
        place() + ": " + found + " (expected: " + expected + ") in: " + text);
  }
}
