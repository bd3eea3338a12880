package resolver.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;

/** Quantities in words for people. */
final class Human {
  private Human() {}

  /** A count, with commas between its thousands. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A size with the largest unit that leaves one digit before the point. */
  static String size(long octets) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double left = octets;
    int unit = 0;
    while (left >= 1024 && unit < units.length - 1) {
      left /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 || left >= 100 ? "%.0f" : "%.1f", left)
        + units[unit];
  }

  /** A time in its two largest units. */
  static String time(double seconds) {
    long whole = (long) seconds;
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1fs", seconds);
    }
    if (whole < 3600) {
      return whole / 60 + "m " + whole % 60 + "s";
    }
    if (whole < 86_400) {
      return whole / 3600 + "h " + whole % 3600 / 60 + "m";
    }
    return whole / 86_400 + "d " + whole % 86_400 / 3600 + "h";
  }

  /** Milliseconds of a member; a dash where there are none. */
  static String millis(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull()
        ? "-"
        : String.format(Locale.ROOT, "%.1f ms", value.getAsDouble());
  }

  /** A share in per cent; a dash where there is none. */
  static String share(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull()
        ? "-"
        : String.format(Locale.ROOT, "%.1f %%", value.getAsDouble() * 100);
  }

  /** A time ago, of a member in seconds; "never" where there is none. */
  static String ago(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? "never" : time(value.getAsDouble()) + " ago";
  }

  /** Words for a name in capitals of two words: {@code receivedUdp} becomes "received udp". */
  static String words(String camel) {
    return camel.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
