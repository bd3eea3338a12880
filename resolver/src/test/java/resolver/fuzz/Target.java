package resolver.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import resolver.config.SettingsFuzz;
import resolver.policy.HostsFuzz;
import resolver.server.QueryFuzz;
import resolver.server.StreamFuzz;
import resolver.upstream.AliasFuzz;
import resolver.upstream.ReplyFuzz;

/** Everything that takes octets from strangers. */
@SuppressWarnings("ImmutableEnumChecker") // a reference to a static method has no state
enum Target {
  QUERY(QueryFuzz.class, QueryFuzz::fuzzerTestOneInput, 4096, 1000),
  STREAM(StreamFuzz.class, StreamFuzz::fuzzerTestOneInput, 8192, 1000),
  REPLY(ReplyFuzz.class, ReplyFuzz::fuzzerTestOneInput, 8192, 3000),
  ALIAS(AliasFuzz.class, AliasFuzz::fuzzerTestOneInput, 8192, 3000),
  SETTINGS(SettingsFuzz.class, SettingsFuzz::fuzzerTestOneInput, 8192, 500),
  HOSTS(HostsFuzz.class, HostsFuzz::fuzzerTestOneInput, 4096, 500);

  private final Class<?> type;
  private final Consumer<byte[]> once;
  private final int longest;
  private final int rounds;

  Target(Class<?> type, Consumer<byte[]> once, int longest, int rounds) {
    this.type = type;
    this.once = once;
    this.longest = longest;
    this.rounds = rounds;
  }

  /** The class with the method that the fuzzer calls. */
  Class<?> type() {
    return type;
  }

  /** The longest input that is tried, in octets. */
  int longest() {
    return longest;
  }

  /** How many inputs a build tries: about a second's worth. */
  int rounds() {
    return rounds;
  }

  /** Its name as in paths and on command lines. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Tries one input; throws where that is a finding. */
  void tryOnce(byte[] input) {
    once.accept(input);
  }

  /** The folder of its seeds. */
  Path seeds() {
    return Objects.requireNonNull(resource(word()), "seeds of " + word());
  }

  /** The file of words that its inputs are made of, in the form of libFuzzer's, or null. */
  @Nullable Path words() {
    return resource(word() + ".dict");
  }

  /** The seeds themselves, in the order of their names. */
  List<byte[]> readSeeds() throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(seeds())) {
      for (Path file : files.sorted().toList()) {
        all.add(Files.readAllBytes(file));
      }
    }
    return all;
  }

  /** The words themselves: a line for each, in quotation marks, odd octets as {@code \xAB}. */
  List<byte[]> readWords() throws IOException {
    Path file = words();
    List<byte[]> all = new ArrayList<>();
    for (String line : file == null ? List.<String>of() : Files.readAllLines(file)) {
      if (line.startsWith("\"")) {
        all.add(octets(line.substring(1, line.length() - 1)));
      }
    }
    return all;
  }

  private static byte[] octets(String word) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '\\' && word.charAt(i + 1) == 'x') {
        c = (char) Integer.parseInt(word.substring(i + 2, i + 4), 16);
        i += 3;
      } else if (c == '\\') {
        c = word.charAt(++i);
      }
      plain.append(c);
    }
    return plain.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Path resource(String name) {
    URL url = Target.class.getResource("/fuzz/" + name);
    try {
      return url == null ? null : Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
