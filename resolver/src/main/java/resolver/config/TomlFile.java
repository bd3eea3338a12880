package resolver.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;
import resolver.settings.Words;

/**
 * A TOML file as raw values with their lines. The parser is loaded with this class and by nobody
 * else.
 */
final class TomlFile {
  private static final int LARGEST = 1 << 20;

  /** A value lies three levels deep at most; a few more let a mistake be told as what it is. */
  private static final TomlParseOptions OPTIONS =
      TomlParseOptions.sourceless().withVersion(TomlVersion.V1_1_0).withMaxNestingDepth(16);

  private static final Pattern SETTING = Pattern.compile("^\\s*[\\w.\"'-]+\\s*=");
  private static final Pattern QUOTED = Pattern.compile("'.*'", Pattern.DOTALL);

  private final String source;
  private final List<Problem> problems;

  private TomlFile(Path file, List<Problem> problems) {
    this.source = file.toString();
    this.problems = problems;
  }

  /** Reads a file as far as it can be read; tells the problems what cannot. */
  static void read(Path file, Reading reading, List<Problem> problems) {
    TomlFile toml = new TomlFile(file, problems);
    byte[] octets = toml.octets(file);
    String text = octets == null ? null : toml.text(octets);
    if (text != null) {
      toml.parse(text, reading);
    }
  }

  private byte @Nullable [] octets(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(LARGEST + 1);
      if (octets.length <= LARGEST) {
        return octets;
      }
      tell("a larger file", "at most " + Words.size(LARGEST));
    } catch (NoSuchFileException e) {
      tell("no such file", "a file that exists");
    } catch (AccessDeniedException e) {
      tell("permission denied", "a file that the daemon's user may read");
    } catch (IOException e) {
      tell("cannot be read: " + e.getMessage(), "a readable file");
    }
    return null;
  }

  private @Nullable String text(byte[] octets) {
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(octets);
    CharBuffer out = CharBuffer.allocate(octets.length);
    CoderResult result = utf8.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      String octet = String.format("octet 0x%02X", in.get(in.position()));
      problems.add(Problem.ofText(source, line, octet, "text in UTF-8"));
      return null;
    }
    // Some editors begin a file with a byte order mark.
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private void parse(String text, Reading reading) {
    TomlParseResult root;
    try {
      root = Toml.parse(text, OPTIONS);
    } catch (RuntimeException e) {
      // The parser stumbles over some of what it should complain about.
      problems.add(Problem.ofText(source, 1, "text that cannot be parsed", "a TOML file"));
      return;
    }
    List<String> lines = text.lines().toList();
    int doubtful = Integer.MAX_VALUE;
    for (TomlParseError error : root.errors()) {
      TomlPosition at = error.position();
      String message = String.valueOf(error.getMessage());
      String told = isOfSecret(lines, at.line()) ? withoutQuotes(message) : message;
      String found = Raw.printable(told) + " (column " + at.column() + ")";
      problems.add(Problem.ofText(source, at.line(), found, ""));
      if (at.line() <= lines.size() && lines.get(at.line() - 1).strip().startsWith("[")) {
        doubtful = Math.min(doubtful, at.line());
      }
    }
    give(root, reading, doubtful);
  }

  /** Whether a line belongs to a setting that is a secret, which may go over several lines. */
  private static boolean isOfSecret(List<String> lines, int line) {
    for (int i = Math.min(line, lines.size()); i > 0; i--) {
      String text = lines.get(i - 1);
      if (Schema.KEYS.stream().anyMatch(k -> k.kind().isSecret() && text.contains(k.name()))) {
        return true;
      }
      if (SETTING.matcher(text).find()) {
        return false;
      }
    }
    return false;
  }

  /** The parser quotes what it stumbles over. */
  private static String withoutQuotes(String message) {
    return QUOTED.matcher(message).replaceAll("text that is " + SecretKind.NOT_TOLD);
  }

  /** Gives the values on; behind a broken head of a table none is known to belong to it. */
  private void give(TomlTable root, Reading reading, int doubtful) {
    for (Map.Entry<String, Object> top : root.entrySet()) {
      String name = top.getKey();
      Place place = place(root, List.of(name));
      if (place.line() < doubtful) {
        reading.takeTop(place, name, raw(top.getValue()));
      }
      if (top.getValue() instanceof TomlTable table) {
        for (Map.Entry<String, Object> entry : table.entrySet()) {
          Place inner = place(root, List.of(name, entry.getKey()));
          if (inner.line() < doubtful) {
            reading.take(inner, name, entry.getKey(), raw(entry.getValue()));
          }
        }
      }
    }
  }

  private Place place(TomlTable root, List<String> path) {
    TomlPosition position = root.inputPositionOf(path);
    return new Place(source, position == null ? 0 : position.line());
  }

  /** A value without the types of the parser. */
  private static Object raw(Object value) {
    if (value instanceof TomlArray array) {
      return array.toList().stream().map(TomlFile::raw).toList();
    }
    return value instanceof TomlTable ? Map.of() : value;
  }

  private void tell(String found, String expected) {
    problems.add(Problem.ofText(source, 0, found, expected));
  }
}
