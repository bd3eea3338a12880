package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation with class data of its own, whose jars then change. */
class ClassDataTest {
  private static final Map<String, String> USED = Map.of("RESOLVER_CLASS_DATA", "");

  @TempDir static Path home;

  @BeforeAll
  static void install() throws Exception {
    Path lib = Files.createDirectories(home.resolve("lib"));
    try (Stream<Path> files = Files.list(Ran.ROOT.resolve("cli/target/lib"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, lib.resolve(file.getFileName()));
      }
    }
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.copy(Ran.launcher(), bin.resolve("resolve"));
    Ran made = resolve("class-data");
    assertThat(made.status()).as(made.said()).isZero();
  }

  @Test
  void theBuildLeavesThemBesideTheJars() throws IOException {
    try (Stream<Path> files = Files.list(Ran.ROOT.resolve("cli/target/lib/class-data"))) {
      String name = "jdk-" + System.getProperty("java.version") + suffix();
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(name, name + ".list", name + ".crc");
    }
  }

  @Test
  void theyAreUsedWhereTheyFit() throws Exception {
    Ran ran = Ran.of(List.of(launcher(), "--version"), loadsTold());

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).anyMatch(l -> l.contains("resolver.cli.Main source: shared objects"));
  }

  @Test
  void withDamagedOnesTheCommandStillRuns() throws Exception {
    Path file = home.resolve("lib/class-data/jdk-" + System.getProperty("java.version") + suffix());
    byte[] good = Files.readAllBytes(file);
    FileTime time = Files.getLastModifiedTime(file);
    byte[] headless = good.clone();
    Arrays.fill(headless, 0, 4096, (byte) 0);
    Files.delete(file);
    try {
      for (byte[] bad : List.of(new byte[0], Arrays.copyOf(good, 70_000), headless)) {
        Files.write(file, bad);
        // As far as the launcher can see, the last one is as it was.
        Files.setLastModifiedTime(file, time);

        Ran ran = Ran.of(List.of(launcher(), "--version"), USED);

        assertThat(ran.status()).as(ran.said()).isZero();
        assertThat(ran.out()).hasSize(2);
        assertThat(ran.err()).isEmpty();
      }
    } finally {
      Files.write(file, good);
      Files.setLastModifiedTime(file, time);
    }
  }

  @Test
  void whereAJarHasChangedItsOwnClassesRun() throws Exception {
    Path jar = home.resolve("lib/resolver-cli.jar");
    byte[] good = Files.readAllBytes(jar);
    FileTime time = Files.getLastModifiedTime(jar);
    replace(jar, "System.out.println(\"the new one\");");

    Ran ran = Ran.of(List.of(launcher(), "--version"), loadsTold());
    Files.write(jar, good);
    Files.setLastModifiedTime(jar, time);

    assertThat(ran.out()).contains("the new one");
    assertThat(ran.out()).noneMatch(l -> l.contains("resolver.cli.Main source: shared objects"));
    assertThat(Ran.of(List.of(launcher(), "--version"), loadsTold()).out())
        .as("with the old jar")
        .anyMatch(l -> l.contains("resolver.cli.Main source: shared objects"));
  }

  private static Map<String, String> loadsTold() {
    return Map.of("RESOLVER_CLASS_DATA", "", "RESOLVER_JAVA_OPTS", "-Xlog:class+load:stdout");
  }

  private static Ran resolve(String... arguments) throws Exception {
    return Ran.of(Stream.concat(Stream.of(launcher()), Stream.of(arguments)).toList(), Map.of());
  }

  private static String launcher() {
    return home.resolve("bin/resolve").toString();
  }

  private static String suffix() {
    return Runtime.version().feature() < 25 ? ".jsa" : ".aot";
  }

  /** A jar whose main class does something else. */
  private static void replace(Path jar, String body) throws IOException {
    Path source = Files.createDirectories(home.resolve("other")).resolve("Main.java");
    Files.writeString(
        source,
        "package resolver.cli; class Main { public static void main(String[] a) { " + body + " } }",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", home.resolve("other").toString(), source.toString());
    assertThat(status).isZero();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("resolver/cli/Main.class"));
      Files.copy(home.resolve("other/resolver/cli/Main.class"), out);
    }
  }
}
