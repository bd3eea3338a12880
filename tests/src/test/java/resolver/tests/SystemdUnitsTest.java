package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Programs;

/** The units as systemd itself reads them. */
class SystemdUnitsTest {
  private static final Path UNITS = Path.of(System.getProperty("project.root", ".."), "systemd");

  /** In tenths, as systemd takes it: 2.0. */
  private static final int EXPOSURE_AT_MOST = 20;

  private record Said(int status, List<String> lines) {}

  @ParameterizedTest
  @ValueSource(strings = {"resolver.service", "resolver.socket"})
  void systemdFindsNothingToBlameInTheUnit(String unit) throws Exception {
    Said said = analyze("verify", UNITS.resolve(unit).toString());

    // Unknown keys are told, yet do not change the exit status; the program is installed elsewhere.
    assertThat(said.lines())
        .filteredOn(line -> line.contains("resolver."))
        .filteredOn(line -> !line.contains("is not executable: No such file or directory"))
        .isEmpty();
  }

  @Test
  void theServiceIsExposedLittle() throws Exception {
    Said said =
        analyze(
            "security",
            "--offline=true",
            "--threshold=" + EXPOSURE_AT_MOST,
            UNITS.resolve("resolver.service").toString());

    assertThat(said.lines()).anyMatch(line -> line.contains("Overall exposure level"));
    assertThat(said.status()).as(String.join("\n", said.lines())).isZero();
  }

  /** What the unit needs made before it starts is named in the files that make it. */
  @Test
  void theUserOfTheServiceIsMade() throws Exception {
    String unit = Files.readString(UNITS.resolve("resolver.service"));

    assertThat(unit).contains("\nUser=resolver\nGroup=resolver\n").doesNotContain("\nDynamicUser=");
    assertThat(Files.readString(UNITS.resolve("resolver.sysusers"))).contains("\nu resolver - ");
    assertThat(Files.readString(UNITS.resolve("resolver.tmpfiles")))
        .contains("\nd /var/lib/resolver 0700 resolver resolver ");
    // The control socket is for root and the group.
    assertThat(unit).contains("\nRuntimeDirectory=resolver\nRuntimeDirectoryMode=0750\n");
  }

  /** What is missing at the boot may come; a file that is wrong is not mended by trying. */
  @Test
  void theServiceTriesAgainForEverButWithWrongSettings() throws Exception {
    String unit = Files.readString(UNITS.resolve("resolver.service"));
    int service = unit.indexOf("\n[Service]\n");

    assertThat(unit.substring(0, service)).contains("\n[Unit]\n", "\nStartLimitIntervalSec=0\n");
    assertThat(unit.substring(service))
        .contains("\nRestart=on-failure\n", "\nRestartPreventExitStatus=2\n");
  }

  /** The folder that the settings name for it is made, may be written, and goes with a purge. */
  @Test
  void theQueryLogHasAFolderAndIsNotDroppedByTheJournal() throws Exception {
    assertThat(Files.readString(UNITS.resolve("resolver.service")))
        .contains("\nLogsDirectory=resolver\nLogsDirectoryMode=0750\n")
        .contains("\nLogRateLimitIntervalSec=0\n");
    assertThat(Files.readString(UNITS.resolveSibling("conf").resolve("resolver.toml")))
        .contains("\"/var/log/resolver/queries.log\"");
    assertThat(Files.readString(UNITS.resolveSibling("cli").resolve("package/control/postrm")))
        .containsPattern("rm -rf .*/var/log/resolver\\n");
  }

  /** Made in a folder, by the programs themselves. */
  @Test
  void systemdTakesTheFilesThatMakeThem(@TempDir Path root) throws Exception {
    Files.createDirectories(root.resolve("etc"));
    Files.createDirectories(root.resolve("var/lib"));

    Ran users =
        Ran.program(
            "systemd-sysusers",
            List.of("--root=" + root, UNITS.resolve("resolver.sysusers").toString()));
    Ran files =
        Ran.program(
            "systemd-tmpfiles",
            List.of("--create", "--root=" + root, UNITS.resolve("resolver.tmpfiles").toString()));

    assertThat(users.status()).as(users.said()).isZero();
    assertThat(Files.readString(root.resolve("etc/passwd"))).contains("resolver:x:");
    assertThat(files.err()).isEmpty();
    assertThat(root.resolve("var/lib/resolver")).isDirectory();
  }

  /** systemd 252 would take the type for a mistake and the service for one that is never ready. */
  @Test
  void whatNewerOnesAloneKnowIsInAFileOfItsOwn() throws Exception {
    assertThat(Files.readString(UNITS.resolve("resolver.service"))).contains("\nType=notify\n");
    assertThat(Files.readString(UNITS.resolve("notify-reload.conf")))
        .contains("\n[Service]\nType=notify-reload\n", "\nExecReload=\n");
  }

  private static Said analyze(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Programs.need("systemd-analyze").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), all.lines().toList());
  }
}
