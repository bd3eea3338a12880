package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;

/** The query log of a daemon, and the commands that show its queries as they come. */
class LiveTest {
  @TempDir Path directory;

  @Test
  void queriesAreLoggedAndShownAsTheyCome() throws Exception {
    Path socket = directory.resolve("control");
    Path log = directory.resolve("queries.log");
    try (StubNameServer upstream = StubNameServer.start()) {
      upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
      try (Serve serve =
          Serve.in(directory)
              .environment("RUNTIME_DIRECTORY", directory.toString())
              .upstream(upstream.address())
              .start()) {
        serve.log().await("control socket at " + socket);
        Files.writeString(
            serve.settings(), "[query-log]\nto = \"" + log + "\"\nformat = \"text\"\n");
        Ran reload = resolve("reload", "--socket", socket.toString());
        assertThat(reload.status()).as(reload.said()).isZero();

        Ran tail =
            whileAsking(
                serve,
                () -> resolve("tail", "--json", "--count", "2", "--socket", socket.toString()));
        assertThat(tail.status()).as(tail.said()).isZero();
        assertThat(tail.out()).hasSize(2).last().asString().contains("\"outcome\":\"hit\"");

        Ran top = whileAsking(serve, () -> resolve("top", "--once", "--socket", socket.toString()));
        assertThat(top.status()).as(top.said()).isZero();
        assertThat(top.out()).anyMatch(line -> line.matches("[\\d,]+ queries/s .*"));
        assertThat(top.out()).anyMatch(line -> line.endsWith(" %  www.example.org."));
      }
    }
    assertThat(Files.readAllLines(log))
        .isNotEmpty()
        .first()
        .asString()
        .matches("\\S+Z [0-9a-f]{16} udp www\\.example\\.org\\. IN A leader NOERROR .*");
  }

  private interface Running {
    Ran run() throws Exception;
  }

  /** Asks the daemon again and again until something has run. */
  private static Ran whileAsking(Serve serve, Running running) throws Exception {
    CompletableFuture<Ran> ran =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return running.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    while (true) {
      serve.client().udp(DnsClient.query("www.example.org", "A"));
      try {
        return ran.get(20, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It has not seen enough.
      }
    }
  }

  private static Ran resolve(String... words) throws Exception {
    return Ran.resolve(Map.of(), words);
  }
}
