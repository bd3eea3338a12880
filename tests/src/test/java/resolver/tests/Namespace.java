package resolver.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resolver.fixtures.Programs;

/**
 * A mount namespace of its own for a program, in which /etc/resolv.conf is ours and the libraries
 * of the machine ask nobody but DNS.
 */
final class Namespace {
  /** Mounts $1 over resolv.conf and $2 over nsswitch.conf, and runs the rest. */
  private static final String SCRIPT =
      """
      mount --bind "$1" "$(readlink -f /etc/resolv.conf)"
      mount --bind "$2" /etc/nsswitch.conf
      shift 2
      exec "$@"
      """;

  private final Path resolvConf;
  private final Path nsswitchConf;

  private Namespace(Path resolvConf, Path nsswitchConf) {
    this.resolvConf = resolvConf;
    this.nsswitchConf = nsswitchConf;
  }

  /**
   * One with this resolv.conf; the test is skipped where the machine does not let us.
   *
   * @param directory where the files go
   */
  static Namespace with(Path directory, String... resolvConf) throws Exception {
    Programs.needRoot();
    Programs.need(
        "the right to mount", Ran.program("unshare", List.of("-m", "true")).status() == 0);
    Path file = Files.createTempFile(directory, "resolv", ".conf");
    Files.write(file, List.of(resolvConf));
    Path nsswitch = Files.createTempFile(directory, "nsswitch", ".conf");
    Files.write(nsswitch, List.of("hosts: files dns"));
    return new Namespace(file, nsswitch);
  }

  /** Runs a program in it. */
  Ran run(List<String> command) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                Programs.need("unshare").toString(),
                "-m",
                "--propagation",
                "private",
                "sh",
                "-euc",
                SCRIPT,
                "sh",
                resolvConf.toString(),
                nsswitchConf.toString()));
    all.addAll(command);
    return Ran.of(all, Map.of("HOME", "/nonexistent", "LC_ALL", "C.UTF-8"));
  }
}
