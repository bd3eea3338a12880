package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.tests.LauncherTree.Run;

/** The launcher as a process, in trees where Java and Maven only tell how they were called. */
class LauncherTest {
  private static final String BUILDING =
      "resolve: building (first start takes a minute or two) ...\n";

  @TempDir Path top;

  @Nested
  class ChoosesJava {
    private LauncherTree tree;

    @BeforeEach
    void install() throws IOException {
      tree = LauncherTree.installed(top);
    }

    @ParameterizedTest
    @CsvSource({
      "17.0.9,   17.0.15, 17.0.15",
      "25.0.3,   17.0.15, 25.0.3",
      "9.0.4,    17,      17",
      "1.8.0_402, 17.0.1, 17.0.1",
      "21.0.2,   21,      21.0.2",
      "24-ea,    23.0.1,  24-ea",
      "100,      25.0.3,  100",
    })
    void theNewestWins(String one, String other, String expected) throws Exception {
      tree.java("java one", one);
      tree.java("other", other);

      String name = expected.equals(one) ? "java one" : "other";
      assertThat(tree.run().java()).isEqualTo(top + "/jvm/" + name + "/bin/java");
    }

    @Test
    void noneIsStartedToLearnItsVersion() throws Exception {
      Files.writeString(tree.java("a", "17.0.1").resolve("bin/java"), "#!/bin/sh\necho started\n");
      tree.java("b", "21");

      Run run = tree.run();

      assertThat(run.out()).doesNotContain("started");
      assertThat(run.java()).endsWith("/b/bin/java");
    }

    @Test
    void theOneOnThePathCountsToo() throws Exception {
      tree.java("17", "17.0.1");
      Path elsewhere = tree.javaAt(top.resolve("else where/jdk"), "21.0.1");
      Path link = Files.createSymbolicLink(top.resolve("java"), elsewhere.resolve("bin/java"));
      Files.createSymbolicLink(top.resolve("path/java"), link);

      assertThat(tree.run().java()).isEqualTo(elsewhere + "/bin/java");
    }

    @Test
    void thoseOfSdkmanCountToo() throws Exception {
      tree.java("17", "17.0.1");
      Path mine = tree.javaAt(top.resolve("user/.sdkman/candidates/java/21.0.2-tem"), "21.0.2");
      Files.createSymbolicLink(mine.resolveSibling("current"), mine);

      assertThat(tree.run().java()).isEqualTo(mine + "/bin/java");
    }

    @Test
    void javaHomeIsHonouredThoughNewerOnesAreThere() throws Exception {
      tree.java("25", "25.0.3");
      Path old = tree.javaAt(top.resolve("my jdk"), "17.0.2");
      tree.environment.put("JAVA_HOME", old.toString());

      assertThat(tree.run().java()).isEqualTo(old + "/bin/java");
    }

    @Test
    void theOneThatCameWithItIsTakenBeforeAnyOther() throws Exception {
      tree.java("100", "100");
      tree.environment.put("JAVA_HOME", tree.javaAt(top.resolve("mine"), "11.0.2").toString());
      Path own = tree.javaAt(tree.home.resolve("runtime"), "25.0.3");

      assertThat(tree.run().java()).isEqualTo(own + "/bin/java");
    }

    @Test
    void anEmptyJavaHomeIsNone() throws Exception {
      tree.java("25", "25.0.3");
      tree.environment.put("JAVA_HOME", "");

      assertThat(tree.run().java()).endsWith("/25/bin/java");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_402", "11.0.2", "16"})
    void aJavaHomeThatIsTooOldIsAnError(String version) throws Exception {
      tree.java("25", "25.0.3");
      Path old = tree.javaAt(top.resolve("old"), version);
      tree.environment.put("JAVA_HOME", old.toString());

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              "resolve: JAVA_HOME=" + old + " is Java " + version + " (expected: 17 or newer)\n");
    }

    @Test
    void aJavaHomeWithoutJavaIsAnError() throws Exception {
      tree.java("25", "25.0.3");
      tree.environment.put("JAVA_HOME", "/nowhere");

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.err()).isEqualTo("resolve: JAVA_HOME=/nowhere has no bin/java\n");
    }

    @Test
    void whereNoneWillDoTheErrorTellsEachThatWasSeenOnce() throws Exception {
      Path eleven = tree.java("eleven", "11.0.2");
      Files.createSymbolicLink(top.resolve("jvm/default"), eleven);
      Files.createSymbolicLink(top.resolve("path/java"), eleven.resolve("bin/java"));
      Files.delete(tree.java("nameless", "21").resolve("release"));

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.err())
          .startsWith("resolve: no Java from 17 up is found")
          .contains("JAVA_HOME")
          .contains(eleven + " (11.0.2)")
          .contains("/jvm/nameless (version unknown")
          .doesNotContain("/jvm/default");
      assertThat(run.err().split("11\\.0\\.2", -1)).hasSize(2);
    }

    @Test
    void whereThereIsNoneTheErrorSaysSo() throws Exception {
      assertThat(tree.run().err()).endsWith("seen: none\n");
    }
  }

  @Nested
  class Builds {
    private LauncherTree tree;
    private Path jdk;

    @BeforeEach
    void layOut() throws IOException {
      tree = LauncherTree.source(top);
      jdk = tree.java("17", "17.0.1");
      tree.mavenThatBuilds();
    }

    @Test
    void whatIsMissingAndSaysSoInOneLine() throws Exception {
      Run run = tree.run("example.org");

      assertThat(run.err()).isEqualTo(BUILDING);
      assertThat(tree.mavenCalls())
          .containsExactly(
              jdk + "|" + tree.home + "|-B -q -DskipTests -Dexec.skip package -pl cli -am");
      assertThat(run.arguments()).endsWith("resolver.cli.Main", "example.org");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "pom.xml",
          "resolver/pom.xml",
          "resolver/src/main/java/A.java",
          "cli/src/main/java/Main.java",
          "cli/src/main/resources/new",
        })
    void whenASourceIsNewerThanTheBuild(String file) throws Exception {
      tree.built();
      tree.edited(file);

      assertThat(tree.run().err()).isEqualTo(BUILDING);
      assertThat(tree.mavenCalls()).hasSize(1);
    }

    @Test
    void notWhenNothingIsNewer() throws Exception {
      tree.built();
      tree.edited("README.md");
      tree.edited("resolver/src/test/java/ATest.java");

      Run run = tree.run();

      assertThat(run.err()).isEmpty();
      assertThat(run.java()).isEqualTo(jdk + "/bin/java");
      assertThat(tree.mavenCalls()).isEmpty();
    }

    @Test
    void onceThoughTheBuildLeftTheJarAsItWas() throws Exception {
      tree.built();
      tree.edited("pom.xml");
      tree.maven("");

      tree.run();
      Run second = tree.run();

      assertThat(second.err()).isEmpty();
      assertThat(tree.mavenCalls()).hasSize(1);
    }

    @Test
    void againWhenASourceWasSavedDuringTheBuild() throws Exception {
      tree.maven(
          """
          mkdir -p cli/target/lib
          touch -d '1 minute' resolver/src/main/java/A.java cli/target/lib/resolver-cli.jar
          """);

      tree.run();
      tree.run();

      assertThat(tree.mavenCalls()).hasSize(2);
    }

    @Test
    void withJavaHomeWhereItIsSet() throws Exception {
      Path mine = tree.javaAt(top.resolve("mine"), "21");
      tree.environment.put("JAVA_HOME", mine.toString());

      Run run = tree.run();

      assertThat(tree.mavenCalls()).singleElement().asString().startsWith(mine + "|");
      assertThat(run.java()).isEqualTo(mine + "/bin/java");
    }

    @Test
    void withAJavaThatHasACompiler() throws Exception {
      Files.delete(tree.java("25", "25.0.3").resolve("bin/javac"));

      assertThat(tree.run().java()).as("with something to build").endsWith("/17/bin/java");
      assertThat(tree.run().java()).as("with nothing to build").endsWith("/25/bin/java");
    }

    @Test
    void notWithAJavaHomeThatHasNoCompiler() throws Exception {
      Files.delete(jdk.resolve("bin/javac"));
      tree.environment.put("JAVA_HOME", jdk.toString());

      assertThat(tree.run().err()).contains("JAVA_HOME=" + jdk + " has no bin/javac");
      assertThat(tree.mavenCalls()).isEmpty();
    }

    @Test
    void andShowsTheOutputOfABuildThatFails() throws Exception {
      tree.maven("echo 'A.java: a word is misspelt'\necho 'and told here' >&2\nexit 1\n");

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.out()).as("nothing was started").isEmpty();
      assertThat(run.err())
          .isEqualTo(
              BUILDING
                  + "A.java: a word is misspelt\nand told here\n"
                  + "resolve: the build failed; its output is in "
                  + tree.home
                  + "/cli/target/build.log\n");
      assertThat(tree.home.resolve("cli/target/build.log")).content().contains("misspelt");
    }

    @Test
    void notWithoutMaven() throws Exception {
      Files.delete(top.resolve("path/mvn"));

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.err()).startsWith("resolve: cannot build: no mvn on the PATH");
    }

    @Test
    void onceForTwoWhoAskAtOnce() throws Exception {
      Path gate = top.resolve("gate");
      Process made = new ProcessBuilder("mkfifo", gate.toString()).inheritIO().start();
      assertThat(made.waitFor()).isZero();
      tree.maven(
          "read go <'" + gate + "'\nmkdir -p cli/target/lib\n>cli/target/lib/resolver-cli.jar\n");

      // Open for reading too, it keeps the words for those who come late.
      try (RandomAccessFile open = new RandomAccessFile(gate.toFile(), "rw")) {
        Process first = tree.start(tree.launcher);
        Process second = tree.start(tree.launcher);
        for (Process each : List.of(first, second)) {
          assertThat(each.errorReader().readLine() + "\n").isEqualTo(BUILDING);
        }
        open.writeBytes("go\ngo\n");

        assertThat(LauncherTree.finish(first).status()).isEqualTo(7);
        assertThat(LauncherTree.finish(second).status()).isEqualTo(7);
      }
      assertThat(tree.mavenCalls()).hasSize(1);
    }
  }

  @Nested
  class Installed {
    @Test
    void neverBuilds() throws Exception {
      LauncherTree tree = LauncherTree.installed(top);
      tree.java("17", "17.0.1");
      tree.mavenThatBuilds();
      Files.createFile(top.resolve("pom.xml"));
      Files.createFile(tree.home.resolve("pom.xml"));

      Run run = tree.run();

      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isEqualTo(7);
      assertThat(tree.mavenCalls()).isEmpty();
      assertThat(run.arguments())
          .containsSequence("-cp", tree.home + "/lib/*", "resolver.cli.Main")
          .contains("-Dresolver.home=" + tree.home);
    }

    @Test
    void withoutItsJarsSaysWhereItLooked() throws Exception {
      LauncherTree tree = LauncherTree.installed(top);
      tree.java("17", "17.0.1");
      Files.delete(tree.home.resolve("lib/resolver-cli.jar"));

      Run run = tree.run();

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.err())
          .startsWith("resolve: no jars: " + tree.home + "/lib/resolver-cli.jar does not exist");
    }

    @Test
    void logsByItsOwnFileElseByThatOfTheMachine() throws Exception {
      LauncherTree tree = LauncherTree.installed(top);
      tree.java("17", "17.0.1");
      assertThat(tree.run().arguments()).noneMatch(a -> a.contains("logback"));

      Path machine = Files.createDirectories(top.resolve("etc")).resolve("logback.xml");
      Files.createFile(machine);
      assertThat(tree.run().arguments()).contains("-Dlogback.configurationFile=" + machine);

      tree.save("conf/logback.xml", Instant.EPOCH);
      assertThat(tree.run().arguments())
          .contains("-Dlogback.configurationFile=" + tree.home + "/conf/logback.xml");
    }
  }

  @Nested
  class Starts {
    private LauncherTree tree;

    @BeforeEach
    void layOut() throws IOException {
      tree = LauncherTree.source(top);
      tree.built();
    }

    @Test
    void javaInItsOwnPlace() throws Exception {
      tree.java("17", "17.0.1");

      Run run = tree.run();

      assertThat(run.told("pid=")).isEqualTo(Long.toString(run.pid()));
      assertThat(run.told("cwd=")).isEqualTo(top.toString());
      assertThat(run.status()).isEqualTo(7);
    }

    @Test
    void withTheArgumentsAsTheyWereGiven() throws Exception {
      tree.java("17", "17.0.1");
      tree.environment.put("RESOLVER_JAVA_OPTS", "-Xmx99m  *");

      List<String> arguments = tree.run("query", "a b", "", "*", "-x").arguments();

      assertThat(arguments)
          .endsWith(
              "-Xmx99m",
              "*",
              "-cp",
              tree.home + "/cli/target/lib/*",
              "resolver.cli.Main",
              "query",
              "a b",
              "",
              "*",
              "-x");
    }

    @ParameterizedTest
    @CsvSource({
      "17.0.15, false, false",
      "21, false, false",
      "22.0.1, true, false",
      "23, true, true",
      "25.0.3, true, true"
    })
    void withTheOptionsThatItsVersionKnows(String version, boolean nativeAccess, boolean unsafe)
        throws Exception {
      tree.java("jdk", version);

      List<String> arguments = tree.run().arguments();

      assertThat(arguments.contains("--enable-native-access=ALL-UNNAMED")).isEqualTo(nativeAccess);
      assertThat(arguments.contains("--sun-misc-unsafe-memory-access=allow")).isEqualTo(unsafe);
      assertThat(arguments)
          .contains(
              "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxDirectMemorySize=64m");
    }

    @ParameterizedTest
    @CsvSource({
      "'', 88",
      "--cache-size=64MiB, 88",
      "--cache-size 100m, 124",
      "--cache-size 1.5GiB, 2072",
      "--cache-size=33554432, 64",
      "--cache-size=4096KiB, 64",
      "--cache-size=2TiB, 2097176",
      "--cache-size=much, 536",
      "--cache-size, 88",
    })
    void theDaemonWithAHeapForItsCache(String flags, int mebibytes) throws Exception {
      tree.java("17", "17.0.1");

      List<String> arguments = tree.run(("serve " + flags).strip().split(" ")).arguments();

      assertThat(arguments).contains("-Xmx" + mebibytes + "m");
      assertThat(arguments)
          .contains("-XX:+UseG1GC")
          .doesNotContain("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    @Test
    void aShortCommandWithTheQuickCompilerOnly() throws Exception {
      tree.java("17", "17.0.1");

      assertThat(tree.run("query", "serve").arguments())
          .contains("-Xmx64m", "-XX:TieredStopAtLevel=1");
    }

    @Test
    void aStampedeWithAHeapForTheCrowd() throws Exception {
      tree.java("17", "17.0.1");

      assertThat(tree.run("stampede", "--clients", "10000").arguments())
          .contains("-Xmx512m", "-XX:TieredStopAtLevel=1")
          .endsWith("stampede", "--clients", "10000");
      assertThat(tree.run("query", "stampede").arguments()).contains("-Xmx64m");
    }

    @Test
    void throughSymbolicLinks() throws Exception {
      tree.java("17", "17.0.1");
      Path link = Files.createSymbolicLink(top.resolve("one"), tree.launcher);
      Path second =
          Files.createSymbolicLink(
              Files.createDirectory(top.resolve("far")).resolve("resolve"), Path.of("../one"));
      assertThat(link).isSymbolicLink();

      assertThat(tree.runBy(second).arguments()).contains("-Dresolver.home=" + tree.home);
    }

    @Test
    void byARelativePath() throws Exception {
      tree.java("17", "17.0.1");

      Run run = tree.runBy(Path.of("./source tree/cli/bin/resolve"));

      assertThat(run.arguments()).contains("-Dresolver.home=" + tree.home);
    }

    @Test
    void withoutTheExampleOfLogSettings() throws Exception {
      tree.java("17", "17.0.1");
      tree.save("conf/logback.xml", Instant.EPOCH);

      assertThat(tree.run().arguments()).noneMatch(a -> a.contains("logback"));
    }

    @Test
    void withTheNativeCodeBesideTheJars() throws Exception {
      tree.java("17", "17.0.1");

      assertThat(tree.run().arguments())
          .contains("-Djava.library.path=" + tree.home + "/cli/target/lib");
    }
  }

  @Nested
  class ReadsTheBudgetOfTheCache {
    private LauncherTree tree;

    @BeforeEach
    void layOut() throws IOException {
      tree = LauncherTree.installed(top);
      tree.java("17", "17.0.1");
    }

    @ParameterizedTest
    @CsvSource({
      "'', 88",
      "[cache]|size = \"128MiB\", 152",
      "[cache]|min-ttl = '1s'|  size='1GiB' # the rest, 1048",
      "[server]|size = \"9GiB\"|[cache]|#size = \"8GiB\"|[lookup]|memory = '1GiB', 88",
      "[ cache ]|size = '32 MiB', 64",
      "cache.size = '32MiB'|[server]|threads = 1, 64",
      "[cache]|size = '32MiB'|[upstream]|size = '9GiB', 64",
      "cache = { size = '9MiB' }, 536",
      "[[cache]]|size = '1GiB', 88",
      "['cache']|size = '1GiB', 536",
    })
    void inTheSettingsOfTheMachine(String lines, int mebibytes) throws Exception {
      Path etc = Files.createDirectories(top.resolve("etc"));
      Files.writeString(etc.resolve("resolver.toml"), lines.replace('|', '\n'));

      assertThat(tree.run("serve").arguments()).contains("-Xmx" + mebibytes + "m");
      assertThat(tree.run("serve", "--cache-size", "96MiB").arguments())
          .as("a flag holds instead")
          .contains("-Xmx120m");
    }

    @Test
    void inTheSettingsThatAreNamed() throws Exception {
      Path one = Files.writeString(top.resolve("o ne"), "[cache]\nsize = '32MiB'\n");
      Path two = Files.writeString(top.resolve("two"), "[cache]\nsize = '128MiB'\n");
      tree.environment.put("RESOLVER_CONFIG", two.toString());

      assertThat(tree.run("serve").arguments()).contains("-Xmx152m");
      assertThat(tree.run("serve", "--config", one.toString()).arguments()).contains("-Xmx64m");
      assertThat(tree.run("serve", "-c", one.toString()).arguments()).contains("-Xmx64m");
      assertThat(tree.run("serve", "--config=" + one).arguments()).contains("-Xmx64m");
      assertThat(tree.run("serve", "-c", "/nowhere").arguments()).contains("-Xmx88m");
      assertThat(tree.run("serve", "-c", top.toString()).arguments()).contains("-Xmx88m");
    }
  }

  @Nested
  class UsesClassData {
    private LauncherTree tree;

    @BeforeEach
    void layOut() throws IOException {
      tree = LauncherTree.installed(top);
      tree.save("lib/other.jar", Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({
      "17.0.15, -XX:SharedArchiveFile=, .jsa",
      "24.0.1, -XX:SharedArchiveFile=, .jsa",
      "25.0.3, -XX:AOTCache=, .aot",
      "26-ea, -XX:AOTCache=, .aot",
    })
    void thatFitTheJava(String version, String option, String suffix) throws Exception {
      tree.java("jdk", version);
      String file = tree.lib("class-data/jdk-" + version + suffix).toString();
      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));

      Run made = tree.run("class-data");

      assertThat(made.status()).as(made.err()).isZero();
      assertThat(tree.run("serve").arguments()).contains(option + file);
      assertThat(tree.run("example.org").arguments()).contains(option + file);
      assertThat(tree.run("serve").arguments().contains("-Dresolver.class-data=" + file))
          .as("the daemon verifies what Java does not")
          .isEqualTo(suffix.equals(".aot"));
    }

    @Test
    void notThoseOfAnotherJava() throws Exception {
      Path older = tree.java("older", "25.0.2");
      tree.run("class-data");
      tree.java("newer", "25.0.3");

      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));

      tree.environment.put("JAVA_HOME", older.toString());
      assertThat(tree.run("serve").arguments()).anyMatch(a -> a.contains("class-data"));
    }

    @Test
    void notWhereItIsToldNotTo() throws Exception {
      tree.java("25", "25.0.3");
      tree.run("class-data");
      tree.environment.put("RESOLVER_CLASS_DATA", "no");

      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));
    }

    @Test
    void notWhenAJarHasAnotherTime() throws Exception {
      tree.java("25", "25.0.3");
      tree.run("class-data");
      Path jar = tree.lib("other.jar");

      Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH.plusNanos(1000)));
      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));

      Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
      assertThat(tree.run("serve").arguments()).anyMatch(a -> a.contains("class-data"));
    }

    @Test
    void notWhenAJarHasAnotherSize() throws Exception {
      tree.java("25", "25.0.3");
      tree.run("class-data");
      Path jar = tree.lib("other.jar");

      Files.writeString(jar, "x");
      Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));
    }

    @Test
    void notWhenAJarIsAddedOrRemoved() throws Exception {
      tree.java("25", "25.0.3");
      tree.run("class-data");

      tree.save("lib/added.jar", Instant.EPOCH);
      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));
      Files.delete(tree.lib("added.jar"));
      assertThat(tree.run("serve").arguments()).anyMatch(a -> a.contains("class-data"));
      Files.delete(tree.lib("other.jar"));
      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));
    }

    @Test
    void notWhenTheyWereCutShort() throws Exception {
      tree.java("17", "17.0.1");
      tree.run("class-data");
      Path file = tree.lib("class-data/jdk-17.0.1.jsa");
      FileTime time = Files.getLastModifiedTime(file);

      Files.writeString(file, "x");
      Files.setLastModifiedTime(file, time);

      assertThat(tree.run("serve").arguments()).noneMatch(a -> a.contains("class-data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'", "$(touch broken)\n", "other.jar 0 never"})
    void notWhenTheirListIsBroken(String list) throws Exception {
      tree.java("25", "25.0.3");
      tree.run("class-data");

      Files.writeString(tree.lib("class-data/jdk-25.0.3.aot.list"), list);
      Run run = tree.run("serve");

      assertThat(run.arguments()).noneMatch(a -> a.contains("class-data"));
      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isEqualTo(7);
      assertThat(top.resolve("broken")).doesNotExist();
    }

    @Test
    void notWhenTheRunForThemFailsThatItTells() throws Exception {
      Path jdk = tree.java("25", "25.0.3");
      tree.run("class-data");
      Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho no loopback\nexit 1\n");

      Run run = tree.run("class-data");

      assertThat(run.status()).isEqualTo(10);
      assertThat(run.err())
          .isEqualTo("no loopback\nresolve: no class data are made: the run for it failed\n");
      assertThat(tree.lib("class-data")).isEmptyDirectory();
    }
  }

  @Test
  void aBuildMakesClassDataThatItsStartUses() throws Exception {
    LauncherTree tree = LauncherTree.source(top);
    tree.java("25", "25.0.3");
    tree.mavenThatBuilds();

    assertThat(tree.run("serve").arguments()).anyMatch(a -> a.startsWith("-XX:AOTCache="));
    assertThat(tree.run("serve").arguments()).anyMatch(a -> a.startsWith("-XX:AOTCache="));
    assertThat(tree.mavenCalls()).hasSize(1);
  }

  @Test
  void classDataOfATreeThatIsNotBuiltAreAnError() throws Exception {
    LauncherTree tree = LauncherTree.source(top);
    tree.java("25", "25.0.3");
    tree.mavenThatBuilds();

    Run run = tree.run("class-data");

    assertThat(run.status()).isEqualTo(10);
    assertThat(run.err()).contains("nothing is built");
    assertThat(tree.mavenCalls()).as("it is the build that calls it").isEmpty();
  }
}
