package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import resolver.fixtures.ClassPath;
import resolver.fixtures.DnsClient;

/** What becomes of lookups when the process has no descriptor left. */
class StarvationTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutDescriptorsALookupFailsAndTheNextOneWorks() throws Exception {
    try (RawNameServer overUdp =
            new RawNameServer(query -> List.of(RawNameServer.answer(query)), Socket::close);
        RawNameServer overTcp =
            new RawNameServer(
                RawNameServer::truncated,
                socket -> {
                  byte[] query = RawNameServer.read(socket);
                  socket.getOutputStream().write(DnsClient.frame(RawNameServer.answer(query)));
                })) {
      assertThat(run(overUdp.address().getPort(), overTcp.address().getPort()))
          .containsExactly(
              "nobody: 2 NETWORK",
              "before: 0 NONE",
              "before: 0 NONE",
              "without sockets: 2 LIMIT",
              "with one socket: 2 LIMIT",
              "after: 0 NONE",
              "after: 0 NONE");
    }
  }

  private static List<String> run(int... ports) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 100 && exec \"$0\" \"$@\" 2>&1",
                java,
                "-cp",
                ClassPath.inUse(StarvationTest.class, Forwarder.class),
                StarvedForwarder.class.getName(),
                String.valueOf(ports[0]),
                String.valueOf(ports[1]))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    // Later Javas warn of what Netty does; the daemon's launcher tells them not to.
    return output.lines().filter(line -> !line.isEmpty() && !line.startsWith("WARNING: ")).toList();
  }
}
