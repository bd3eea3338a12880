package resolver.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resolver.observe.Settled;
import resolver.query.QueryObserver.Outcome;
import resolver.query.SettledQuery;

class TailFilterTest {
  private static final SettledQuery QUERY =
      Settled.of("10.0.0.7", "www.example.org", 28, Outcome.FAILURE_HIT, 3, 20_000_000);

  private static final SettledQuery NOISE =
      Settled.of("10.0.0.7", null, Outcome.DROPPED, SettledQuery.SILENCE, 0, null, List.of());

  @ParameterizedTest
  @CsvSource({
    "--name, www.example.org, true",
    "--name, Example.ORG., true",
    "--name, ample.org, false",
    "--name, ., true",
    "--type, aaaa, true",
    "--type, A, false",
    "--outcome, failure-hit, true",
    "--outcome, HIT, false",
    "--client, 10.0.0.0/8, true",
    "--client, 10.0.0.8, false",
    "--rcode, nxdomain, true",
    "--rcode, SERVFAIL, false",
    "--slower-than, 20ms, true",
    "--slower-than, 21ms, false"
  })
  void aFilterLetsThroughWhatItSays(String option, String value, boolean passes) {
    TailFilter filter = TailFilter.parse(List.of(option, value));
    assertThat(filter.matches(QUERY)).isEqualTo(passes);
  }

  @Test
  void allFiltersMustBePassed() {
    assertThat(TailFilter.parse(List.of("--type", "AAAA", "--rcode", "NXDOMAIN")).matches(QUERY))
        .isTrue();
    assertThat(TailFilter.parse(List.of("--type", "AAAA", "--rcode", "REFUSED")).matches(QUERY))
        .isFalse();
  }

  @Test
  void whatCouldNotBeReadHasNeitherNameNorType() {
    assertThat(TailFilter.parse(List.of()).matches(NOISE)).isTrue();
    assertThat(TailFilter.parse(List.of("--name", ".")).matches(NOISE)).isFalse();
    assertThat(TailFilter.parse(List.of("--type", "A")).matches(NOISE)).isFalse();
    assertThat(TailFilter.parse(List.of("--rcode", "NOERROR")).matches(NOISE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nmae|x|--nmae (expected: one of --name,",
        "--type|WHAT|--type: \"WHAT\" (expected: a type of records such as AAAA)",
        "--rcode|WHAT|--rcode: \"WHAT\" (expected: an RCODE such as NXDOMAIN)",
        "--outcome|hits|--outcome: \"hits\" (expected: one of hit, stale,",
        "--client|here|--client: \"here\" (expected: an address or a network",
        "--slower-than|20|--slower-than: \"20\" (expected: a duration",
        "--count|0|--count: \"0\" (expected: a number from 1 to 1000000000)",
        "--count|x|--count: \"x\" (expected: a number from 1 to 1000000000)"
      })
  void aMistakeIsNamed(String option, String value, String told) {
    assertThatThrownBy(() -> TailFilter.parse(List.of(option, value)))
        .isInstanceOf(ControlException.class)
        .hasMessageStartingWith(told);
  }

  @Test
  void anOptionWithoutItsValueIsNamed() {
    assertThatThrownBy(() -> TailFilter.parse(List.of("--name")))
        .hasMessage("--name (expected: a value behind it)");
  }
}
