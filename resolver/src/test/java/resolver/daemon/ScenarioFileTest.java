package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of the scenarios: slips are errors, and what is not as told is found. */
class ScenarioFileTest {
  private static final List<String> STORY =
      List.of(
          "SCENARIO An answer comes",
          "QUERY c1 www.example.org A",
          "UPSTREAM IS ASKED www.example.org A",
          "UPSTREAM ANSWERS NOERROR",
          "  ANSWER www.example.org 300 A 192.0.2.1",
          "CHECK c1 NOERROR",
          "  ANSWER www.example.org 300 A 192.0.2.1");

  @Test
  void aStoryThatIsTruePasses() {
    List<Scenario> scenarios = ScenarioFile.read("a.txt", STORY);
    assertThat(scenarios).extracting(Scenario::title).containsExactly("An answer comes");
    assertThat(scenarios).extracting(Scenario::line).containsExactly(1);
    scenarios.get(0).play();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QEURY c2 www.example.org A",
        "query c2 www.example.org A",
        "QUERY c2 www.example.org",
        "QUERY c2 www.example.org AA",
        "QUERY c2 www.example.org A +dnssec",
        "QUERY c1 www.example.org A",
        "QUERY c2 REPEATS c3",
        "QUERIES some c2 www.example.org A",
        "UPSTREAM IS ASKD www.example.org A",
        "UPSTREAM IS NOT ASKED www.example.org A",
        "UPSTREAM ANSWERS NOEROR",
        "UPSTREAM ANSWERS NOERROR EDE",
        "UPSTREAM ANSWERS NOERROR RD",
        "CHECK c2 NOERROR",
        "CHECK c1 WAIST",
        "CHECK c1 NOERROR EDE three",
        "COUNTED HITS 1",
        "TIME PASSES 5",
        "TIME PASSES 5s slowly",
        "TIME FLIES 5s",
        "FLUSH EVERYTHING twice",
        "HANG ON c1",
        "ANSWR www.example.org 300 A 192.0.2.1",
        "ANSWER www.example.org 300 A 192.0.2.256",
        "ANSWER www.example.org soon A 192.0.2.1",
        "ANSWER www.example.org A 192.0.2.1",
        "SETTINGS cache.stale-after 0s",
        "SCENARIO An answer comes",
        "SCENARIO"
      })
  void aSlipIsAnErrorWithItsLine(String slip) {
    List<String> lines = new ArrayList<>(STORY);
    lines.add(slip);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScenarioFile.read("a.txt", lines))
        .withMessageStartingWith("a.txt:8: ")
        .withMessageContaining("expected: ")
        .withMessageEndingWith("in: " + slip);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.stale-aftre 0s", "cache.stale-after soon", "cache.stale-after"})
  void aSettingThatIsNoneIsAnErrorWithItsLine(String setting) {
    List<String> lines = new ArrayList<>(STORY);
    lines.add(1, "SETTINGS " + setting);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScenarioFile.read("a.txt", lines))
        .withMessageStartingWith("a.txt:2: ");
  }

  @Test
  void stepsOutsideOfAScenarioAreAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScenarioFile.read("a.txt", STORY.subList(1, 7)))
        .withMessageStartingWith("a.txt:1: ");
  }

  @Test
  void aRecordBelowALineThatTakesNoneIsAnError() {
    List<String> lines = new ArrayList<>(STORY);
    lines.add(2, "  ANSWER www.example.org 300 A 192.0.2.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScenarioFile.read("a.txt", lines))
        .withMessageStartingWith("a.txt:3: ");
  }

  @Test
  void aResponseThatDiffersIsToldWithWhatWasExpectedAndSeen() {
    assertThat(failureOf(6, "  ANSWER www.example.org 299 A 192.0.2.1"))
        .isEqualTo(
            """
            a.txt:6: CHECK c1 NOERROR
            responses
              expected: [NOERROR
              ANSWER www.example.org 299 A 192.0.2.1]
              seen: [NOERROR
              ANSWER www.example.org 300 A 192.0.2.1]""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHECK c1 NOERROR AD",
        "CHECK c1 NOERROR EDE 3",
        "CHECK c1 NXDOMAIN",
        "CHECK c1 NOERROR\n  ANSWER WWW.example.org 300 A 192.0.2.1",
        "CHECK c1 NOERROR\n  AUTHORITY www.example.org 300 A 192.0.2.1",
        "CHECK c1 WAITS",
        "CHECK c1 IS IGNORED",
        "UPSTREAM IS ASKED www.example.org A",
        "UPSTREAM ANSWERS NOERROR",
        "UPSTREAM IS UNREACHABLE",
        "COUNTED HIT 1",
        "QUERY c2 www.example.org AAAA\nUPSTREAM IS NOT ASKED",
        "QUERY c2 www.example.org AAAA\nUPSTREAM ANSWERS NOERROR",
        "QUERY c2 www.example.org AAAA",
        "QUERY c2 www.example.org AAAA\nUPSTREAM IS ASKED www.example.org A"
      })
  void whatIsNotSoIsFound(String end) {
    List<String> lines = new ArrayList<>(STORY.subList(0, 5));
    lines.addAll(List.of(end.split("\n")));
    assertThat(failureOf(lines)).startsWith("a.txt:").contains("expected: ", "seen: ");
  }

  private static String failureOf(int index, String line) {
    List<String> lines = new ArrayList<>(STORY);
    lines.set(index, line);
    return failureOf(lines);
  }

  private static String failureOf(List<String> lines) {
    Scenario scenario = ScenarioFile.read("a.txt", lines).get(0);
    AssertionError error = catchThrowableOfType(AssertionError.class, scenario::play);
    return error == null ? "nothing" : String.valueOf(error.getMessage());
  }
}
