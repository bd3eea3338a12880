package resolver.stampede;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which faults the upstream commits: a share of all queries, chosen by a seed, or the first query
 * of a given round.
 *
 * @param shares with probabilities
 * @param appointments with rounds, one a round at most
 */
public record FaultPlan(List<Share> shares, List<Appointment> appointments) {
  /** No faults. */
  public static final FaultPlan NONE = new FaultPlan(List.of(), List.of());

  private static final String EXPECTED =
      "KIND=PERCENT% or KIND@ROUND, such as drop=5% or servfail@3; the kinds: "
          + Arrays.stream(Fault.values()).map(Fault::word).collect(Collectors.joining(", "));

  private static final Pattern PART =
      Pattern.compile("([a-z-]+)(?:=(\\d{1,3}(?:\\.\\d{1,3})?)%|@(\\d{1,7}))");

  /**
   * A fault that befalls queries by chance.
   *
   * @param probability 0 to 1
   */
  public record Share(Fault fault, double probability) {}

  /** What adding up decimal fractions may be off by. */
  private static final double ROUNDING = 1e-9;

  /**
   * A fault that befalls the first query of a round.
   *
   * @param round from 1
   */
  public record Appointment(Fault fault, long round) {
    /** As on the command line. */
    @Override
    public String toString() {
      return fault.word() + "@" + round;
    }
  }

  /** Copies the lists. */
  public FaultPlan {
    shares = List.copyOf(shares);
    appointments = List.copyOf(appointments);
    double sum = shares.stream().mapToDouble(Share::probability).sum();
    if (sum > 1 + ROUNDING) {
      throw new IllegalArgumentException(percent(sum) + " in all (expected: 100% at most)");
    }
    Set<Long> rounds = new HashSet<>();
    for (Appointment each : appointments) {
      if (each.round() < 1) {
        throw new IllegalArgumentException(each + " (expected: a round from 1)");
      }
      if (!rounds.add(each.round())) {
        throw new IllegalArgumentException(
            each + " (expected: a round without a fault, and this one has one already)");
      }
    }
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share * 100)
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }

  /** Whether there are no faults. */
  public boolean isEmpty() {
    return appointments.isEmpty() && shares.stream().allMatch(share -> share.probability() == 0);
  }

  /**
   * Reads a plan, such as {@code drop=5%,servfail@3}.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static FaultPlan parse(String text) {
    List<Share> shares = new ArrayList<>();
    List<Appointment> appointments = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part.strip());
      Optional<Fault> fault = matcher.matches() ? fault(matcher.group(1)) : Optional.empty();
      if (fault.isEmpty()) {
        throw new IllegalArgumentException("\"" + part + "\" (expected: " + EXPECTED + ")");
      }
      if (matcher.group(2) != null) {
        shares.add(new Share(fault.get(), Double.parseDouble(matcher.group(2)) / 100));
      } else {
        appointments.add(new Appointment(fault.get(), Long.parseLong(matcher.group(3))));
      }
    }
    return new FaultPlan(shares, appointments);
  }

  private static Optional<Fault> fault(String word) {
    return Arrays.stream(Fault.values()).filter(fault -> fault.word().equals(word)).findFirst();
  }

  /**
   * What befalls a query.
   *
   * @param round from 1
   * @param first whether it is the round's first
   * @param random of the seed; is used the same number of times whatever the outcome
   */
  Optional<Fault> befalls(long round, boolean first, SplittableRandom random) {
    double dice = random.nextDouble();
    for (Appointment each : appointments) {
      if (first && each.round() == round) {
        return Optional.of(each.fault());
      }
    }
    for (Share share : shares) {
      dice -= share.probability();
      if (dice < 0) {
        return Optional.of(share.fault());
      }
    }
    return Optional.empty();
  }
}
