package resolver.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The zones of one way of asking, and the questions that are asked of them. Each way has a world of
 * its own, so that whatever it asks is asked for the first time.
 *
 * <p>The zones lie beside the tests as files, in the folder "world". What would be too long to read
 * there, big RRsets and long names, is added here.
 */
final class World {
  /** What no zone has but where it is told, so that every owner has a question without data. */
  private static final int RARE_TYPE = Type.X25;

  private static final String SIZED = "sized-";

  private static final Pattern RECORD =
      Pattern.compile("^(?<ask>;ask +)?(?<owner>[^;\\s]\\S*)\\s+(\\d+\\s+)?(?<type>[A-Z0-9]+).*");

  /** What stands in braces in the files: most of them are the names of zones. */
  private final Map<String, String> words = new LinkedHashMap<>();

  private final Map<String, Path> zones = new LinkedHashMap<>();
  private final Set<Asked> questions = new LinkedHashSet<>();
  private final Path directory;
  private final String lame;

  /**
   * Lays out the zones.
   *
   * @param directory where their files go
   * @param label what their names begin with
   * @param number from 0 to 255, and another one for every world
   */
  World(Path directory, String label, int number) throws Exception {
    this.directory = directory;
    this.lame = label + ".lame.example.";
    words.put("types", label + ".example.org.");
    words.put("targets", label + ".example.net.");
    words.put("moved", label + ".moved.example.");
    words.put("nsec", label + ".example.com.");
    words.put("nsec3", label + ".bench.example.");
    // Networks for benchmarks (RFC 2544, RFC 5180): nobody's, and yet not among those whose reverse
    // zones are answered locally (RFC 6303).
    words.put("reverse4", number + ".18.198.in-addr.arpa.");
    String nibbles = "%x.%x.0.0.".formatted(number & 15, number >> 4);
    words.put("reverse6", nibbles + "0.0.0.0.2.0.0.0.1.0.0.2.ip6.arpa.");
    List<String> all = List.copyOf(words.keySet());
    words.put("network4", "198.18." + number);
    for (String zone : all) {
      String text = read(zone) + (zone.equals("types") ? big() + sized() + longest() : "");
      collectQuestions(text, origin(zone));
      Path file = Files.writeString(directory.resolve(origin(zone) + "zone"), text);
      zones.put(origin(zone), file);
    }
    zones.computeIfPresent(origin("nsec"), (origin, file) -> signed(origin, file));
    zones.computeIfPresent(origin("nsec3"), (origin, file) -> signed(origin, file, "-n"));
    questions.add(new Asked(new Name("www." + lame), Type.A));
  }

  /** Names of zones, and their files. */
  Map<String, Path> zones() {
    return zones;
  }

  /** A zone that the name server is said to have, and does not have. */
  String lame() {
    return lame;
  }

  Set<Asked> questions() {
    return questions;
  }

  private String origin(String zone) {
    return Objects.requireNonNull(words.get(zone));
  }

  private String read(String zone) throws IOException {
    String path = "/world/" + zone + ".zone";
    try (InputStream in = World.class.getResourceAsStream(path)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> word : words.entrySet()) {
        text = text.replace("{" + word.getKey() + "}", word.getValue());
      }
      return text;
    }
  }

  private void collectQuestions(String text, String origin) throws TextParseException {
    Name top = new Name(origin);
    for (String line : text.lines().toList()) {
      Matcher record = RECORD.matcher(line);
      if (record.matches() && !line.startsWith("$")) {
        Name owner = new Name(record.group("owner"), top);
        questions.add(new Asked(owner, Type.value(record.group("type"))));
        if (record.group("ask") == null && !line.startsWith(SIZED)) {
          questions.add(new Asked(owner, RARE_TYPE));
        }
      }
    }
  }

  /** RRsets that need TCP, some of them for their many names, which can be compressed. */
  private String big() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      lines.add("big A 192.0.2." + i);
      lines.add("big AAAA 2001:db8::" + i);
    }
    for (int i = 0; i < 40; i++) {
      lines.add("big TXT \"" + i + " " + "z".repeat(99) + "\"");
      lines.add("big MX " + i + " mail" + i);
      lines.add("big PTR name" + i + "." + origin("targets"));
      lines.add("big SRV " + i + " 0 53 server" + i);
      lines.add("big TYPE65280 \\# 3 C00C" + "%02x".formatted(i));
      lines.add("big CAA 0 issue \"ca" + i + ".example.net\"");
      lines.add("medium SRV " + i / 5 + " 0 " + i + " server");
      lines.add("medium NAPTR " + i / 2 + " 10 \"u\" \"\" \"\" server");
      lines.add("medium RP mailbox" + i + " text" + i);
    }
    lines.add("alias-big CNAME big");
    lines.add(";ask alias-big A");
    lines.add(";ask alias-big TXT");
    for (int i = 0; i < 60; i++) {
      lines.add("huge TXT" + " \"%s\"".formatted("y".repeat(250)).repeat(4) + " \"" + i + "\"");
    }
    return String.join("\n", lines) + "\n";
  }

  /** Records whose responses are as long as UDP may carry, give or take some octets. */
  private String sized() {
    int around = 512 - 12 - (SIZED + "512-00." + origin("types")).length() - 1 - 4 - 12;
    List<String> lines = new ArrayList<>();
    for (int limit : new int[] {512, 1232}) {
      // An OPT record takes 11 octets.
      for (int less = -4; less <= 15; less++) {
        int octets = around + limit - 512 - less - (limit > 1000 ? 1 : 0);
        lines.add(SIZED + "%d-%02d TXT%s".formatted(limit, less + 4, strings(octets)));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Character-strings that take so many octets. */
  private static String strings(int octets) {
    StringBuilder strings = new StringBuilder();
    for (int left = octets; left > 0; left -= 201) {
      strings.append(" \"").append("s".repeat(Math.min(left, 201) - 1)).append('"');
    }
    return strings.toString();
  }

  /** A name of 255 octets, one of as many labels as there can be, and aliases to them. */
  private String longest() {
    int free = 255 - (origin("types").length() + 1);
    StringBuilder wide = new StringBuilder();
    for (int left = free; left > 0; left -= 64) {
      wide.append(wide.isEmpty() ? "" : ".").append("w".repeat(Math.min(63, left - 1)));
    }
    String deep = "d" + ".d".repeat(free / 2 - 1);
    return Stream.of(
            wide + " A 192.0.2.250",
            wide + " TXT \"wide\"",
            deep + " A 192.0.2.251",
            "to-wide CNAME " + wide,
            "to-deep CNAME " + deep,
            ";ask to-wide A",
            ";ask to-wide MX",
            ";ask to-deep A",
            ";ask d" + deep.substring(1).replace('d', 'e') + " A")
        .reduce("", (all, line) -> all + line + "\n");
  }

  private Path signed(String origin, Path file, String... flags) {
    try {
      Ran key =
          Ran.program(
              "sh",
              List.of(
                  "-euc",
                  "cd \"$1\"; ldns-keygen -k -a 13 \"$2\"",
                  "",
                  directory.toString(),
                  origin));
      Path out = directory.resolve(origin + "signed");
      List<String> arguments = new ArrayList<>(List.of(flags));
      String keyFile = directory.resolve(String.join("", key.out())).toString();
      arguments.addAll(List.of("-o", origin, "-f", out.toString(), file.toString(), keyFile));
      Ran ran = Ran.program("ldns-signzone", arguments);
      if (ran.status() != 0) {
        throw new AssertionError("ldns-signzone: " + ran.said());
      }
      return out;
    } catch (Exception e) {
      throw new AssertionError(origin + " cannot be signed", e);
    }
  }
}
