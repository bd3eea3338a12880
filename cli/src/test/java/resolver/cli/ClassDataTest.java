package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassDataTest {
  @TempDir Path lib;
  private String classPath = "";
  private Path used = Path.of("");
  private Path list = Path.of("");

  @BeforeEach
  void make() throws IOException {
    Path one = Files.writeString(lib.resolve("one.jar"), "1");
    Path two = Files.writeString(lib.resolve("two.jar"), "2");
    classPath = two + File.pathSeparator + one;
    used = lib.resolve("jdk-25.aot");
    list = Files.writeString(lib.resolve("jdk-25.aot.list"), "for the launcher");
    Files.write(lib.resolve("jdk-25.aot.crc"), ClassData.checksums(classPath));
  }

  @Test
  void theOrderOfTheClassPathIsOfNoAccount() {
    assertThat(ClassData.verify(used, classPath)).isTrue();
    assertThat(ClassData.verify(used, lib.resolve("one.jar") + ":" + lib.resolve("two.jar")))
        .isTrue();
    assertThat(list).exists();
  }

  @Test
  void thoseOfOtherJarsAreNotUsedAgain() throws IOException {
    Files.writeString(lib.resolve("one.jar"), "3");

    assertThat(ClassData.verify(used, classPath)).isFalse();
    assertThat(list).doesNotExist();
  }

  @Test
  void thoseThatCannotBeVerifiedAreNotUsedAgain() throws IOException {
    Files.delete(lib.resolve("jdk-25.aot.crc"));

    assertThat(ClassData.verify(used, classPath)).isFalse();
    assertThat(list).doesNotExist();
  }
}
