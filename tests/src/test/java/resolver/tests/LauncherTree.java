package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import resolver.fixtures.Programs;

/**
 * A folder that looks like a source tree, or like an installation, to a copy of the launcher, with
 * Javas and a Maven that only tell how they were called. The launcher sees nothing of the machine's
 * own: neither its Javas nor its PATH, nor its settings.
 */
final class LauncherTree {
  private static final Path LAUNCHER =
      Path.of(System.getProperty("project.root", ".."), "cli/bin/resolve");
  private static final List<String> TOOLS =
      List.of(
          "readlink", "find", "flock", "tail", "touch", "mkdir", "cat", "stat", "sed", "rm", "mv");

  /** Long ago, so that what a build touches is newer without waiting. */
  private static final Instant SAVED = Instant.parse("2026-01-01T00:00:00Z");

  final Path top;
  final Path home;
  final Path launcher;
  final Map<String, String> environment = new TreeMap<>();

  /** What a run of the launcher gave. */
  record Run(int status, long pid, List<String> out, String err) {
    String java() {
      return told("java=");
    }

    List<String> arguments() {
      return out.stream().filter(l -> l.startsWith("arg=")).map(l -> l.substring(4)).toList();
    }

    String told(String what) {
      return out.stream()
          .filter(l -> l.startsWith(what))
          .findFirst()
          .orElse(what)
          .substring(what.length());
    }
  }

  /** A source tree below a folder; nothing is built in it. */
  static LauncherTree source(Path top) throws IOException {
    LauncherTree tree = new LauncherTree(top, top.resolve("source tree"), "cli/bin/resolve");
    for (String file :
        List.of(
            "pom.xml",
            "cli/pom.xml",
            "resolver/pom.xml",
            "resolver/src/main/java/A.java",
            "cli/src/main/java/Main.java")) {
      tree.save(file, SAVED);
    }
    return tree;
  }

  /** An installation below a folder, with its jar. */
  static LauncherTree installed(Path top) throws IOException {
    LauncherTree tree = new LauncherTree(top, top.resolve("in stalled"), "bin/resolve");
    tree.save("lib/resolver-cli.jar", SAVED);
    return tree;
  }

  private LauncherTree(Path top, Path home, String launcherPath) throws IOException {
    this.top = top;
    this.home = home;
    this.launcher = home.resolve(launcherPath);
    String script = Files.readString(LAUNCHER);
    assertThat(script).contains("/usr/lib/jvm/*", "/etc/resolver/logback.xml");
    script(
        launcher,
        script
            .replace("/usr/lib/jvm/*", "'" + top + "'/jvm/*")
            .replaceAll("/usr/java/\\*|/opt/java/\\*|/opt/jdk\\*", "")
            .replace("/etc/resolver/", top + "/etc/"));
    for (String tool : TOOLS) {
      script(
          top.resolve("path").resolve(tool),
          "#!/bin/sh\nexec " + Programs.need(tool) + " \"$@\"\n");
    }
    environment.put("PATH", top.resolve("path").toString());
    environment.put("HOME", top.resolve("user").toString());
  }

  /** Sets a file of the tree to a time, and makes it where it is missing. */
  void save(String file, Instant time) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    if (!Files.exists(path)) {
      Files.createFile(path);
    }
    Files.setLastModifiedTime(path, FileTime.from(time));
    // A folder is newer than what was made in it, and would count as news.
    for (Path up = path.getParent(); up != null && !up.equals(top); up = up.getParent()) {
      Files.setLastModifiedTime(up, FileTime.from(SAVED));
    }
  }

  /** The jar, younger than all sources. */
  void built() throws IOException {
    save("cli/target/lib/resolver-cli.jar", SAVED.plusSeconds(60));
  }

  /** A file of the place where the jars are. */
  Path lib(String name) {
    Path installed = home.resolve("lib");
    return (Files.exists(installed) ? installed : home.resolve("cli/target/lib")).resolve(name);
  }

  /** A file saved after that jar was built. */
  void edited(String file) throws IOException {
    save(file, SAVED.plusSeconds(120));
  }

  /** A Java among those of the machine. */
  Path java(String name, String version) throws IOException {
    return javaAt(top.resolve("jvm").resolve(name), version);
  }

  Path javaAt(Path javaHome, String version) throws IOException {
    script(
        javaHome.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in
          *resolver.cli.Training*)
            for a; do
              case $a in -XX:*.new) echo "$0" >"${a#*=}" ;; esac
            done
            exit 0
            ;;
        esac
        echo "java=$0"
        echo "pid=$$"
        echo "cwd=$PWD"
        for a; do echo "arg=$a"; done
        exit 7
        """);
    script(javaHome.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(
        javaHome.resolve("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
    return javaHome;
  }

  /** A Maven that tells how it was called, and then does what is given. */
  void maven(String does) throws IOException {
    script(
        top.resolve("path/mvn"),
        "#!/bin/sh\necho \"$JAVA_HOME|$PWD|$*\" >>'" + top.resolve("mvn.calls") + "'\n" + does);
  }

  void mavenThatBuilds() throws IOException {
    maven("mkdir -p cli/target/lib && touch cli/target/lib/resolver-cli.jar\n");
  }

  List<String> mavenCalls() throws IOException {
    Path calls = top.resolve("mvn.calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  Run run(String... arguments) throws Exception {
    return finish(start(launcher, arguments));
  }

  Run runBy(Path path, String... arguments) throws Exception {
    return finish(start(path, arguments));
  }

  Process start(Path path, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(top.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Both streams are shorter than what a pipe holds, so they may be read when all is over. */
  static Run finish(Process process) throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(30, SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("the launcher has not ended within 30 s");
    }
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = out.lines().toList();
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), process.pid(), lines, err);
    }
  }

  private static void script(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }
}
