package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every scenario of the resource folder {@code resolver/scenarios}. */
class ScenarioTest {
  private static final String FOLDER = "/resolver/scenarios/";

  @TestFactory
  List<DynamicContainer> scenarios() throws IOException, URISyntaxException {
    URL folder = ScenarioTest.class.getResource(FOLDER);
    assertThat(folder).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      List<DynamicContainer> all =
          files
              .filter(file -> !file.endsWith("README.txt"))
              .sorted()
              .map(ScenarioTest::container)
              .toList();
      assertThat(all).isNotEmpty();
      return all;
    }
  }

  private static DynamicContainer container(Path file) {
    String name = String.valueOf(file.getFileName());
    List<Scenario> scenarios = ScenarioFile.read(name, lines(file));
    return DynamicContainer.dynamicContainer(
        name,
        scenarios.stream().map(s -> DynamicTest.dynamicTest(s.title(), source(name, s), s::play)));
  }

  /** Where to jump to from the name of a test. */
  private static URI source(String file, Scenario scenario) {
    return URI.create("classpath:" + FOLDER + file + "?line=" + scenario.line());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
