package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the control socket is. */
class ControlSocketTest {
  private static final Map<String, String> SYSTEMD =
      Map.of("RUNTIME_DIRECTORY", "/run/resolver:/run/other");

  @Test
  void autoIsInTheDirectoryThatSystemdMadeElseNowhere() {
    assertThat(ControlSocket.path("auto", SYSTEMD)).isEqualTo(Path.of("/run/resolver/control"));
    assertThat(ControlSocket.path("auto", Map.of())).isNull();
  }

  @Test
  void aPathHoldsAnywayAndNoneMeansNone() {
    assertThat(ControlSocket.path("/srv/x", SYSTEMD)).isEqualTo(Path.of("/srv/x"));
    assertThat(ControlSocket.path("", SYSTEMD)).isNull();
  }
}
