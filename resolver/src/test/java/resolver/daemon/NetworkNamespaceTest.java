package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import resolver.fixtures.ClassPath;
import resolver.fixtures.Programs;

/** A daemon in a network of its own, in which routes and addresses come and go. */
@EnabledOnOs(OS.LINUX)
class NetworkNamespaceTest {
  @BeforeAll
  static void look() throws Exception {
    Programs.needRoot();
    Programs.need("ip");
    Process allowed = new ProcessBuilder(Programs.need("unshare").toString(), "-n", "true").start();
    Assumptions.assumeTrue(
        allowed.waitFor() == 0, "this machine does not let us have a network namespace");
  }

  @Test
  void aServerOfAFamilyWithoutARouteIsSetAsideUntilItHasOne() throws Exception {
    assertThat(run("family"))
        .containsExactly("without a route: NXDOMAIN", "set aside", "with a route: NOERROR");
  }

  @Test
  void aLookupUnderWayAsksAnewWhenTheGatewayChanges() throws Exception {
    assertThat(run("gateway")).containsExactly("in another network: NOERROR", "queries 2");
  }

  @Test
  void aWildcardListensOnAddressesThatComeAndKnowsThemForItsOwn() throws Exception {
    assertThat(run("wildcard")).containsExactly("before: false", "late: REFUSED", "gone");
  }

  private static List<String> run(String scenario) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                Programs.need("unshare").toString(),
                "-n",
                java,
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                ClassPath.inUse(NetworkNamespaceTest.class, Daemon.class),
                MovingDaemon.class.getName(),
                scenario)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // The log goes there as well, with the time before each line.
    return output.lines().filter(line -> !line.matches("|\\d\\d:\\d\\d:.*|WARNING: .*")).toList();
  }
}
