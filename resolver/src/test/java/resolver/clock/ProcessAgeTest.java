package resolver.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessAgeTest {
  @TempDir Path proc;

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectory(proc.resolve("self"));
    Files.writeString(proc.resolve("uptime"), "100.45 180.10\n");
  }

  @Test
  void itIsTheUptimeWithoutThatAtTheStart() throws IOException {
    stat("4711 (java) S 1 4711 4711 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 17 0 10001 3434 99\n");

    assertThat(ProcessAge.millis(proc)).isEqualTo(440);
  }

  @Test
  void theNameOfTheProgramMayLookLikeFields() throws IOException {
    stat("4711 (a) S 1 (b) R 1 4711 4711 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 17 0 10000 3434 99\n");

    assertThat(ProcessAge.millis(proc)).isEqualTo(450);
  }

  @Test
  void itIsZeroWhereItCannotBeRead() throws IOException {
    assertThat(ProcessAge.millis(proc)).isZero();

    stat("4711 (java) S 1\n");
    assertThat(ProcessAge.millis(proc)).isZero();
  }

  @Test
  void thisProcessHasBeenRunningForAWhile() {
    assertThat(ProcessAge.millis()).isPositive();
  }

  private void stat(String line) throws IOException {
    Files.writeString(proc.resolve("self/stat"), line);
  }
}
