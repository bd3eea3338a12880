package resolver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Answers;
import resolver.query.TtlLimits;
import resolver.settings.SettingException;

class CacheRulesTest {
  @Test
  void theRuleOfTheLongestDomainHoldsAlone() {
    CacheRules rules = rules("example.org max-ttl=1m", "a.example.org max-negative-ttl=5s");

    assertThat(limits(rules, "www.example.org")).isEqualTo(new TtlLimits(0, 60, 900));
    assertThat(limits(rules, "x.a.example.org")).isEqualTo(new TtlLimits(0, 86_400, 5));
    assertThat(limits(rules, "www.example")).isEqualTo(new TtlLimits(0, 86_400, 900));
  }

  @Test
  void offKeepsNothing() {
    CacheRules rules = rules("lan. off");

    assertThat(rules.of(Answers.question("nas.lan", "A")).keeps()).isFalse();
    assertThat(rules.of(Answers.question("plan", "A")).keeps()).isTrue();
  }

  @Test
  void staleAndPrefetchCanBeOffForADomain() {
    CacheRules rules = rules("bank.example stale=off prefetch=off");
    CacheRules.Rule bank = rules.of(Answers.question("www.bank.example", "A"));
    CacheRules.Rule other = rules.of(Answers.question("www.example", "A"));

    assertThat(bank.staleNanos()).isZero();
    assertThat(bank.prefetches()).isFalse();
    assertThat(other.staleNanos()).isPositive();
    assertThat(other.prefetches()).isTrue();
  }

  @Test
  void aRuleThatSetsOneBoundMovesTheOtherOutOfItsWay() {
    CacheSettings settings = CacheSettings.DEFAULTS.withRules(list("a.example min-ttl=1h"));

    TtlLimits limits = new CacheRules(settings).limits(Answers.question("a.example", "A"));

    assertThat(limits.least()).isEqualTo(3600);
    assertThat(limits.most()).isEqualTo(86_400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org. off",
        "example.org. min-ttl=10s max-ttl=1m",
        "example.org. max-negative-ttl=5s stale=off prefetch=off"
      })
  void aRuleIsWrittenAsItIsRead(String text) {
    assertThat(CacheRule.parse(text)).hasToString(text);
  }

  @Test
  void caseAndTheLastDotMeanNothing() {
    assertThat(CacheRule.parse("EXAMPLE.org off")).hasToString("example.org. off");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org",
        "example.org off stale=off",
        "example.org ttl=5s",
        "example.org stale",
        "a..example off"
      })
  void whatIsNoRuleIsToldTheForm(String text) {
    assertThatThrownBy(() -> CacheRule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a domain, then \"off\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example max-ttl=8d",
        "a.example max-ttl=0s",
        "a.example min-ttl=2m max-ttl=1m",
        "a.example max-ttl=5",
        "a.example stale=no"
      })
  void aValueOutOfItsRangeIsToldTheRange(String text) {
    assertThatThrownBy(() -> CacheRule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a domain, then");
  }

  @Test
  void aDomainHasOneRule() {
    assertThatThrownBy(() -> rules("a.example off", "A.example. stale=off"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("two rules for a.example.");
  }

  private static CacheRules rules(String... texts) {
    return new CacheRules(CacheSettings.DEFAULTS.withRules(list(texts)));
  }

  private static java.util.List<CacheRule> list(String... texts) {
    return Arrays.stream(texts).map(CacheRule::parse).toList();
  }

  private static TtlLimits limits(CacheRules rules, String name) {
    return rules.limits(Answers.question(name, "A"));
  }
}
