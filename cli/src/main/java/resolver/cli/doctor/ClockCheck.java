package resolver.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Whether the clock can be right: not before this program was built, and within the time of a
 * signature that a server has just told. More cannot be known without asking a clock.
 */
final class ClockCheck {
  private static final String TOPIC = "clock";
  private static final String FIX = "timedatectl set-ntp true";

  private final Instant now;
  private final @Nullable Instant built;

  /**
   * A check.
   *
   * @param built when this program was built, null where that is not known
   */
  ClockCheck(Instant now, @Nullable Instant built) {
    this.now = now;
    this.built = built;
  }

  /** When this program was built, as its build tells. */
  static @Nullable Instant builtAt() {
    Properties build = new Properties();
    try (InputStream in = ClockCheck.class.getResourceAsStream("/resolver/version.properties")) {
      if (in != null) {
        build.load(in);
      }
      return Instant.parse(build.getProperty("built", ""));
    } catch (IOException | DateTimeParseException e) {
      return null;
    }
  }

  /**
   * Looks at the clock.
   *
   * @param signed responses of servers that may have signatures
   */
  List<Finding> look(List<Message> signed) {
    if (built != null && now.isBefore(built)) {
      return List.of(
          Finding.fail(TOPIC, "it says " + seconds(now) + ", before this program was built", FIX));
    }
    List<Finding> wrong = new ArrayList<>();
    int signatures = 0;
    for (Message message : signed) {
      for (Record record : message.getSection(Section.ANSWER)) {
        if (record instanceof RRSIGRecord signature) {
          signatures++;
          if (now.isBefore(signature.getTimeSigned()) || now.isAfter(signature.getExpire())) {
            wrong.add(
                Finding.warn(
                    TOPIC,
                    "it says "
                        + seconds(now)
                        + ", but a signature of "
                        + signature.getName()
                        + " is valid from "
                        + signature.getTimeSigned()
                        + " to "
                        + signature.getExpire(),
                    FIX));
          }
        }
      }
    }
    if (!wrong.isEmpty()) {
      return List.of(wrong.get(0));
    }
    String by = signatures == 0 ? "not before this program was built" : "signatures agree";
    return List.of(Finding.ok(TOPIC, seconds(now) + ": " + by));
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
