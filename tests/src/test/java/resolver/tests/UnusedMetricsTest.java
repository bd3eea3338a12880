package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.settings.Addresses;

/** What nobody has asked for costs nothing. */
class UnusedMetricsTest {
  @TempDir Path directory;

  @Test
  void withoutAnAddressForMetricsNoneOfTheirClassesAreLoaded() throws Exception {
    Path classes = directory.resolve("classes");
    try (Serve serve =
        Serve.in(directory)
            .upstream(Addresses.parse("192.0.2.1", 53))
            .environment("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes)
            .start()) {
      assertThat(serve.lives()).isTrue();
    }
    List<String> loaded = Files.readAllLines(classes);
    assertThat(loaded)
        .anyMatch(line -> line.contains(" resolver.metrics.MetricsSettings "))
        .noneMatch(line -> line.contains(" resolver.metrics.HttpListener "))
        .noneMatch(line -> line.contains(" io.prometheus."))
        .noneMatch(line -> line.contains(" io.netty.handler.codec.http."));
  }
}
