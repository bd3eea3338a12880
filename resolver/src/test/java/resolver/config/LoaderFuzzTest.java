package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, loading it gives settings or tells what is wrong. */
class LoaderFuzzTest {
  private static final int ROUNDS = Integer.getInteger("resolver.fuzz.rounds", 2000);
  private static final long SEED = Long.getLong("resolver.fuzz.seed", 20_261_122);

  private static final List<String> PIECES =
      List.of(
          "[",
          "]",
          "[[",
          "]]",
          "{",
          "}",
          "=",
          ".",
          ",",
          "\"",
          "'",
          "\"\"\"",
          "'''",
          "#",
          "\n",
          "\r",
          "\r\n",
          "\0",
          "\\",
          "\\u12",
          "\\U0010FFFF",
          "-1",
          "0",
          "1e400",
          "nan",
          "-inf",
          "9223372036854775807",
          "9223372036854775808",
          "0x7fffffffffffffff",
          "0b",
          "true",
          "1979-05-27T07:32:00Z",
          "07:32:00",
          "\"auto\"",
          "\"*\"",
          "\"\"",
          "[]",
          "{}",
          "\"0s\"",
          "\"999999999999d\"",
          "\"999999999999TiB\"",
          "\"::1\"",
          "\"fe80::1%nolink\"",
          "\uFEFF",
          "\u202E",
          "[server]\n",
          "[cache.size]\n",
          "a.b.c = 1\n",
          "server = 1\n",
          "[log]\n");

  @TempDir private Path directory;

  @Test
  @Timeout(300)
  void mutatedFilesGiveSettingsOrASettingsException() throws IOException {
    byte[] example = Files.readAllBytes(Path.of("..", "conf", "resolver.toml"));
    String bare = new String(example, StandardCharsets.UTF_8).replaceAll("(?m)^#.*\n", "");
    Path file = directory.resolve("resolver.toml");
    Random random = new Random(SEED);
    int loaded = 0;
    int refused = 0;

    for (int round = 0; round < ROUNDS; round++) {
      // Most mutations would hit a comment, of which there are many.
      byte[] octets =
          random.nextInt(10) == 0 ? example.clone() : bare.getBytes(StandardCharsets.UTF_8);
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        octets = mutated(octets, random);
      }
      Files.write(file, octets);
      try {
        SettingsLoader.load(file, List.of());
        loaded++;
      } catch (SettingsException e) {
        assertThat(e.problems()).isNotEmpty();
        assertThat(e.toString()).doesNotContain("\0", "\u202E");
        refused++;
      } catch (Throwable t) {
        String text = new String(octets, StandardCharsets.UTF_8);
        throw new AssertionError("seed " + SEED + ", round " + round + ":\n" + text, t);
      }
    }
    System.out.printf("seed %d: %d loaded, %d refused%n", SEED, loaded, refused);
    assertThat(loaded).as("seed %d", SEED).isPositive();
    assertThat(refused).as("seed %d", SEED).isPositive();
  }

  private static byte[] mutated(byte[] octets, Random random) {
    int at = random.nextInt(octets.length + 1);
    int length = Math.min(random.nextInt(20), octets.length - at);
    byte[] piece =
        switch (random.nextInt(5)) {
          case 0 -> new byte[] {(byte) random.nextInt(256)};
          case 1 -> new byte[0];
          case 2 -> slice(octets, random.nextInt(octets.length + 1), random.nextInt(60));
          default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
        };
    if (random.nextBoolean()) {
      length = 0;
    }
    byte[] result = new byte[octets.length - length + piece.length];
    System.arraycopy(octets, 0, result, 0, at);
    System.arraycopy(piece, 0, result, at, piece.length);
    System.arraycopy(octets, at + length, result, at + piece.length, octets.length - at - length);
    return result;
  }

  private static byte[] slice(byte[] octets, int from, int length) {
    return Arrays.copyOfRange(octets, from, Math.min(octets.length, from + length));
  }
}
