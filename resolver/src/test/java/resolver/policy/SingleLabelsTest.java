package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Question;

class SingleLabelsTest {
  private static final Question NAS = Answers.question("nas", "A");

  @ParameterizedTest
  @CsvSource({
    "AUTO, true, ''",
    "AUTO, false, NXDOMAIN",
    "FORWARD, true, ''",
    "FORWARD, false, ''",
    "LOCAL_ONLY, true, NXDOMAIN",
    "LOCAL_ONLY, false, NXDOMAIN",
    "REFUSE, true, REFUSED",
    "REFUSE, false, REFUSED",
  })
  void theSettingDecides(SingleLabel mode, boolean upstreamIsPrivate, String rcode) {
    Answer answer = answer(mode, upstreamIsPrivate, NAS);
    assertThat(answer == null ? "" : Told.of(NAS, answer).rcode()).isEqualTo(rcode);
  }

  @Test
  void theAnswerSaysWhyAndCanBeKept() {
    Told told = Told.of(NAS, answer(SingleLabel.AUTO, false, NAS));
    assertThat(told.authority()).singleElement().asString().startsWith("nas. 60 SOA nas.");
    assertThat(told.why()).singleElement().asString().contains("local.single-label");
    Told refused = Told.of(NAS, answer(SingleLabel.REFUSE, false, NAS));
    assertThat(refused.why()).singleElement().asString().contains("local.single-label");
  }

  @ParameterizedTest
  @CsvSource({
    "com, NS",
    "com, DS",
    "com, SOA",
    "com, DNSKEY",
    "com, TXT",
    "com, MX",
    "., NS",
    "., A",
    "., DNSKEY",
    "nas.example, A",
    "nas.home.arpa, AAAA"
  })
  void questionsAboutDnsItselfAndLongerNamesGoOn(String name, String type) {
    assertThat(answer(SingleLabel.REFUSE, false, Answers.question(name, type))).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL_ONLY", "REFUSE"})
  void allThatAskForAddressesAreMeant(SingleLabel mode) {
    for (String type : new String[] {"A", "AAAA", "HTTPS"}) {
      assertThat(answer(mode, true, Answers.question("nas", type))).isNotNull();
    }
  }

  private static @Nullable Answer answer(SingleLabel mode, boolean isPrivate, Question question) {
    return new SingleLabels(mode, () -> isPrivate).answer(question);
  }
}
