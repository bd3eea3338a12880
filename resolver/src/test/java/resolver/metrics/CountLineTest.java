package resolver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resolver.observe.Ledger.Count;

class CountLineTest {
  @ParameterizedTest
  @EnumSource
  void everyCountOfTheLedgerIsDescribed(Count count) {
    assertThat(CountLine.describes(count)).isTrue();
    assertThat(CountLine.of(count).help()).endsWith(".");
  }
}
