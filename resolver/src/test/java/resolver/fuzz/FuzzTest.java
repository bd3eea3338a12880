package resolver.fuzz;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the fuzzer starts from and what it once found is tried in every build, and some thousand
 * inputs beside: the same ones each time. Searching for new findings is the fuzzer's work, which
 * the profile {@code fuzz} starts.
 */
class FuzzTest {
  private static final long SEED = Long.getLong("resolver.fuzz.seed", 20_261_122);

  @ParameterizedTest
  @EnumSource
  void seedsAndFormerFindingsAreNone(Target target) throws IOException {
    for (byte[] seed : target.readSeeds()) {
      tryOnce(target, seed, "a seed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatLooksLikeTheSeedsIsNoFinding(Target target) throws IOException {
    List<byte[]> seeds = target.readSeeds();
    Mutator mutator = new Mutator(new Random(SEED), seeds, target.readWords());
    int rounds = Integer.getInteger("resolver.fuzz.rounds", target.rounds());
    for (int round = 0; round < rounds; round++) {
      tryOnce(target, mutator.next(), "seed " + SEED + ", round " + round);
    }
  }

  private static void tryOnce(Target target, byte[] input, String which) {
    try {
      target.tryOnce(input.clone());
    } catch (Throwable t) {
      String base64 = Base64.getEncoder().encodeToString(input);
      throw new AssertionError(target.word() + ", " + which + ": " + base64, t);
    }
  }
}
