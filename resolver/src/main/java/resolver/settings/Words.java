package resolver.settings;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as a person writes them: {@code 4.5s}, {@code 15m}, {@code 64MiB}. */
public final class Words {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");

  /** Milliseconds. No BigDecimal: that class makes large tables when it loads, at the start. */
  private static final long LONGEST = Duration.ofDays(100_000).toMillis();

  private Words() {}

  /**
   * Reads a duration: a number and one of the units ms, s, m, h, d; whole milliseconds.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Duration parseDuration(String text) {
    Matcher parts =
        parts(text, "a duration such as \"500ms\", \"4.5s\", \"15m\", \"1h\" or \"1d\"");
    long unitMillis =
        switch (parts.group(2)) {
          case "ms" -> 1L;
          case "s" -> 1_000L;
          case "m" -> 60_000L;
          case "h" -> 3_600_000L;
          case "d" -> 86_400_000L;
          default -> throw new IllegalArgumentException("a duration with a unit: ms, s, m, h or d");
        };
    BigDecimal millis = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unitMillis));
    if (millis.compareTo(BigDecimal.valueOf(LONGEST)) > 0) {
      throw new IllegalArgumentException("a duration of at most 100000d");
    }
    if (millis.stripTrailingZeros().scale() > 0) {
      throw new IllegalArgumentException("a duration of whole milliseconds");
    }
    return Duration.ofMillis(millis.longValueExact());
  }

  /**
   * Writes a duration with the largest unit that divides it, cut to milliseconds; the inverse of
   * reading one.
   */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis >= 1000
        ? BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s"
        : millis + "ms";
  }

  /**
   * Reads a size in octets: a number and one of the units B, KiB, MiB, GiB, TiB, in any case and
   * also as one letter; no unit means octets. A fraction of an octet is dropped.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static long parseSize(String text) {
    Matcher parts = parts(text, "a size such as \"1500B\", \"512KiB\", \"64MiB\" or \"1GiB\"");
    int shift =
        switch (parts.group(2).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 0;
          case "k", "kib" -> 10;
          case "m", "mib" -> 20;
          case "g", "gib" -> 30;
          case "t", "tib" -> 40;
          default ->
              throw new IllegalArgumentException("a size with a unit: B, KiB, MiB, GiB or TiB");
        };
    BigDecimal octets = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(1L << shift));
    return octets
        .setScale(0, RoundingMode.DOWN)
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  /** Writes a size with the largest unit that divides it; the inverse of reading one. */
  public static String size(long octets) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long left = octets;
    while (unit < units.length - 1 && left != 0 && left % 1024 == 0) {
      left /= 1024;
      unit++;
    }
    return left + units[unit];
  }

  private static Matcher parts(String text, String expected) {
    Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(expected);
    }
    return parts;
  }
}
