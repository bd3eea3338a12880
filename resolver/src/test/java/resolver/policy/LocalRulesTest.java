package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.fixtures.Policies;
import resolver.query.Answer;
import resolver.query.Question;

class LocalRulesTest {
  private final LocalRules rules = Policies.byTypeAlone();

  @ParameterizedTest
  @ValueSource(strings = {"A", "AAAA", "MX", "TXT", "SRV", "HTTPS", "PTR", "TYPE65280", "NULL"})
  void usualQuestionsGoOnTheirWay(String type) {
    assertThat(rules.answer(Answers.question("www.example.org", type))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "org", "a.b.c.d.e.f.example.org"})
  void rfc8482Section42anyGetsOneHinfo(String name) {
    Question question = Answers.question(name, "ANY");
    Answer answer = Objects.requireNonNull(rules.answer(question));
    assertThat(answer.rcode()).isZero();
    assertThat(answer.failure()).isEqualTo(Answer.Failure.NONE);
    assertThat(answer.provenance()).isNull();
    assertThat(answer.ttl()).as("is not kept").isZero();
    assertThat(Told.message(question, answer).getSection(Section.ANSWER))
        .singleElement()
        .satisfies(
            hinfo -> {
              assertThat(hinfo.getName()).isEqualTo(Answers.name(name));
              assertThat(hinfo.getTTL()).isEqualTo(300);
              assertThat(hinfo.rdataToString()).isEqualTo("\"RFC8482\" \"\"");
            });
  }

  @Test
  void theLongestNameGetsItsHinfoToo() {
    String name = ("x".repeat(63) + ".").repeat(3) + "y".repeat(61);
    Question question = Answers.question(name, "ANY");
    assertThat(question.nameLength()).isEqualTo(255);
    Answer answer = Objects.requireNonNull(rules.answer(question));
    assertThat(Told.message(question, answer).getSection(Section.ANSWER)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "252, 5, 21",
    "251, 5, 21", // AXFR, IXFR
    "253, 4, 21",
    "254, 4, 21",
    "249, 4, 21",
    "250, 4, 21", // MAILB, MAILA, TKEY, TSIG
    "0, 1, 0",
    "41, 1, 0" // the type for every type, OPT
  })
  void whatCannotBeAskedIsAnsweredWithTheReason(int type, int rcode, int error) {
    byte[] name = Answers.name("example.org").toWire();
    Answer answer = Objects.requireNonNull(rules.answer(Question.of(name, type, DClass.IN, false)));
    assertThat(answer.rcode()).isEqualTo(rcode);
    assertThat(answer.errors()).singleElement().returns(error, e -> e.code());
    assertThat(answer.image(true).length()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, DClass.CH, DClass.HS, DClass.NONE, DClass.ANY, 65_535})
  void otherClassesAreRefused(int dnsClass) {
    byte[] name = Answers.name("version.bind").toWire();
    for (int type : new int[] {Type.TXT, Type.ANY, Type.OPT}) {
      Answer answer =
          Objects.requireNonNull(rules.answer(Question.of(name, type, dnsClass, false)));
      assertThat(answer.rcode()).isEqualTo(Rcode.REFUSED);
    }
  }
}
