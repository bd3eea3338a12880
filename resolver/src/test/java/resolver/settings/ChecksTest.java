package resolver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksTest {
  @Test
  void bothEndsOfARangeBelongToIt() {
    assertThatCode(() -> Checks.range("tries", 1, 1, 10)).doesNotThrowAnyException();
    assertThatCode(() -> Checks.range("tries", 10, 1, 10)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.range("tries", 0, 1, 10))
        .isInstanceOf(SettingException.class)
        .hasMessage("tries: 0 (expected: 1 to 10)");
    assertThatThrownBy(() -> Checks.range("tries", 11, 1, 10))
        .hasMessage("tries: 11 (expected: 1 to 10)");
  }

  @Test
  void aSizeIsToldWithItsUnit() {
    assertThatCode(() -> Checks.size("size", 1 << 20, 1 << 20, 2 << 20)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.size("size", 3 << 20, 1 << 20, 2 << 20))
        .hasMessage("size: 3MiB (expected: 1MiB to 2MiB)");
    assertThatThrownBy(() -> Checks.size("size", 1023, 1 << 20, 2 << 20))
        .hasMessage("size: 1023B (expected: 1MiB to 2MiB)");
  }

  @Test
  void aDurationIsToldWithItsUnit() {
    Duration second = Duration.ofSeconds(1);
    Duration minute = Duration.ofMinutes(1);
    assertThatCode(() -> Checks.range("idle", second, second, minute)).doesNotThrowAnyException();
    assertThatCode(() -> Checks.range("idle", minute, second, minute)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.range("idle", Duration.ofMillis(999), second, minute))
        .hasMessage("idle: 999ms (expected: 1s to 1m)");
    assertThatThrownBy(() -> Checks.range("idle", minute.plusMillis(1), second, minute))
        .hasMessage("idle: 60.001s (expected: 1s to 1m)");
  }

  @Test
  void anEmptyListIsRefused() {
    assertThatCode(() -> Checks.notEmpty("listen", List.of(1))).doesNotThrowAnyException();
    assertThatThrownBy(() -> Checks.notEmpty("listen", List.of()))
        .hasMessage("listen: an empty list (expected: at least one value)");
  }

  @Test
  void anExceptionTellsItsParts() {
    SettingException e =
        catchThrowableOfType(SettingException.class, () -> Checks.range("udp-size", 1, 512, 4096));

    assertThat(e.setting()).isEqualTo("udp-size");
    assertThat(e.found()).isEqualTo("1");
    assertThat(e.expected()).isEqualTo("512 to 4096");
  }
}
