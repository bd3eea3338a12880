package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;

/** What one run of the process leaves to the next one. */
class SnapshotRestartTest {
  @TempDir Path directory;
  private final StubNameServer upstream = StubNameServer.start();

  @BeforeEach
  void know() {
    upstream.on("www.example.org", "A").answers("www.example.org. 3600 IN A 192.0.2.1");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void theNextRunAnswersWithoutAsking() throws Exception {
    try (Serve serve = start()) {
      assertThat(serve.said()).contains("snapshot   " + file() + ", every 5m");
      ask(serve);
    }
    assertThat(upstream.count()).isEqualTo(1);
    upstream.close();

    try (Serve serve = start()) {
      assertThat(serve.log().await("of an earlier run"))
          .contains("1 answers of an earlier run are in the cache, 0 were of no use any more");
      ask(serve);
    }
    assertThat(upstream.count()).isEqualTo(1);
  }

  @Test
  void aDamagedFileIsSetAsideAndTold() throws Exception {
    try (Serve serve = start()) {
      ask(serve);
    }
    byte[] octets = Files.readAllBytes(file());
    octets[octets.length / 2] ^= 1;
    Files.write(file(), octets);

    try (Serve serve = start()) {
      assertThat(serve.log().await("it is now"))
          .contains("snapshot " + file(), "checksum", file() + ".damaged-");
      ask(serve);
    }
    assertThat(upstream.count()).isEqualTo(2);
    try (Stream<Path> all = Files.list(file().getParent())) {
      assertThat(all.map(path -> path.getFileName().toString()).toList())
          .hasSize(2)
          .contains("cache")
          .anyMatch(name -> name.startsWith("cache.damaged-"));
    }
  }

  @Test
  void systemdsDirectoryIsTakenWhereThereIsOne() throws Exception {
    Path state = Files.createDirectory(directory.resolve("state"));
    try (Serve serve =
        Serve.in(directory)
            .upstream(upstream.address())
            .environment("STATE_DIRECTORY", state.toString())
            .start()) {
      ask(serve);
    }
    assertThat(state.resolve("cache")).isNotEmptyFile();
  }

  @Test
  void aDirectoryThatIsNotThereIsTold() throws Exception {
    Path nowhere = directory.resolve("nowhere/cache");
    try (Serve serve =
        Serve.in(directory)
            .settings("snapshot.file = '" + nowhere + "'")
            .upstream(upstream.address())
            .start()) {
      ask(serve);
      serve.signal("TERM");
      assertThat(serve.log().await("it cannot be written"))
          .contains(nowhere.toString(), "no such directory", "snapshot.file");
    }
  }

  private Path file() {
    return directory.resolve("kept").resolve("cache");
  }

  private Serve start() throws Exception {
    Files.createDirectories(directory.resolve("kept"));
    return Serve.in(directory)
        .settings("snapshot.file = '" + file() + "'")
        .upstream(upstream.address())
        .start();
  }

  private static void ask(Serve serve) throws Exception {
    Message answer = serve.client().udp(DnsClient.query("www.example.org", "A"));
    assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
  }
}
