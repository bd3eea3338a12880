package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.settings.Addresses;
import resolver.settings.DomainNames;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/** Rebinding protection, and how its verdict is remembered. */
class AnswerRulesTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String OUTSIDE = "192.0.2.53";

  private final AnswerRules rules = new AnswerRules(PolicySettings.DEFAULTS, new Edition());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A 192.168.178.1 | 192.168.178.1",
        "A 0.0.0.0 | 0.0.0.0",
        "A 100.64.0.1 | 100.64.0.1",
        "AAAA fd00::1 | fd00::1",
        "AAAA ::1 | ::1",
        "HTTPS 1 . ipv4hint=192.0.2.1,10.0.0.1 | 10.0.0.1",
        "HTTPS 1 a.b.example. alpn=h2 port=8443 ipv6hint=2001:db8::1,fe80::1 | fe80::1",
        "SVCB 1 . ipv4hint=127.0.0.1 | 127.0.0.1",
      })
  void aPrivateAddressOfAPublicServerIsRefusedWithTheReason(String data, String address) {
    Answer answer = answer(OUTSIDE, "www.example.org. 300 IN " + data);
    Answer refused = judge(rules, WWW, answer);
    assertThat(refused.rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(refused.image(true)).isSameAs(ResponseImage.EMPTY);
    assertThat(refused.errors())
        .containsExactly(
            new ExtendedError(
                17,
                "rebinding protection: "
                    + address
                    + " is a private address; see policy.rebinding-allow"));
  }

  @Test
  void aMappedAddressIsSeenThrough() {
    String mapped = "www.example.org. 300 IN TYPE28 \\# 16 00000000000000000000ffff0a000001";
    Answer refused = judge(rules, WWW, answer(OUTSIDE, mapped));
    assertThat(refused.errors().get(0).text()).contains("::ffff:a00:1");
  }

  @Test
  void aHintBehindACompressedTargetIsSeen() {
    // Priority 1, a pointer for a target, ipv4hint=10.0.0.1.
    byte[] data = {0, 1, (byte) 0xc0, 12, 0, 4, 0, 4, 10, 0, 0, 1};
    ResponseImage image =
        new LocalImage().answer(null, LocalImage.Rrset.of(Type.HTTPS, 300, data)).build();
    Answer refused = judge(rules, WWW, Answers.of(0, image, image, 300, 0));
    assertThat(refused.errors())
        .extracting(ExtendedError::text)
        .first()
        .asString()
        .contains("10.0.0.1");
  }

  @Test
  void oneAmongManyIsEnoughInWhateverSection() {
    assertThat(
            judge(
                    rules,
                    WWW,
                    answer(
                        OUTSIDE,
                        "www.example.org. 300 IN CNAME host.example.org.",
                        "host.example.org. 300 IN A 192.0.2.1",
                        "host.example.org. 300 IN A 10.1.2.3"))
                .rcode())
        .isEqualTo(Rcode.REFUSED);
    ResponseImage glue =
        Answers.image(WWW, 300, Section.ADDITIONAL, "www.example.org. 300 IN A 10.1.2.3");
    assertThat(judge(rules, WWW, answer(OUTSIDE, glue)).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A 192.0.2.1",
        "AAAA 2001:db8::1",
        "TXT \"10.0.0.1\"",
        "HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
        "HTTPS 0 svc.example.org.",
        "TYPE65280 \\# 4 0a000001",
      })
  void allElseGoesOutAsItIs(String data) {
    Answer answer = answer(OUTSIDE, "www.example.org. 300 IN " + data);
    assertThat(judge(rules, WWW, answer)).isSameAs(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.178.1", "127.0.0.53", "10.0.0.1", "::1", "fe80::1", "fd00::53"})
  void serversOfTheSiteMaySpeakOfIt(String server) {
    Answer answer = answer(server, "www.example.org. 300 IN A 10.0.0.1");
    assertThat(judge(rules, WWW, answer)).isSameAs(answer);
  }

  @Test
  void whatIsMadeHereGoesOut() {
    Answer local =
        Answer.local(
            0, Answers.image(WWW, 60, Section.ANSWER, "www.example.org. 60 IN A 127.0.0.1"));
    assertThat(judge(rules, WWW, local)).isSameAs(local);
  }

  @Test
  void namesOfTheSettingsAndThoseBelowAreExempt() {
    AnswerRules allowing = new AnswerRules(allow("Example.org"), new Edition());
    Answer answer = answer(OUTSIDE, "www.example.org. 300 IN A 10.0.0.1");
    assertThat(judge(allowing, WWW, answer)).isSameAs(answer);
    Question other = Answers.question("notexample.org", "A");
    assertThat(judge(allowing, other, fresh()).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void itCanBeSwitchedOff() {
    Answer answer = fresh();
    AnswerRules off = new AnswerRules(new PolicySettings(false, List.of()), new Edition());
    assertThat(judge(off, WWW, answer)).isSameAs(answer);
  }

  @Test
  void otherSettingsJudgeWhatWasJudgedBefore() {
    Answer kept = fresh();
    assertThat(judge(rules, WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
    rules.use(allow("example.org"));
    assertThat(judge(rules, WWW, kept)).isSameAs(kept);
    rules.use(PolicySettings.DEFAULTS);
    assertThat(judge(rules, WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void anAnswerIsJudgedOnceByTheSameSettings() {
    // A private address that nobody looks for any more shows that nobody looks.
    Answer kept = fresh();
    rules.use(allow("example.org"));
    judge(rules, WWW, kept);
    rules.use(allow("example.org"));
    Question other = Answers.question("www.example.com", "A");
    assertThat(judge(rules, other, kept)).isSameAs(kept);
  }

  @Test
  void theVerdictsOfOneResolverAreNotThoseOfAnother() {
    Answer kept = fresh();
    judge(new AnswerRules(allow("example.org"), new Edition()), WWW, kept);
    assertThat(judge(rules, WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void aVerdictOfAnEarlierEditionDoesNotHold() {
    Answer kept = answer(OUTSIDE, "www.example.org. 300 IN A 192.0.2.1");
    int before = rules.edition().number();
    rules.edition().next();
    rules.judge(WWW, kept, before);
    assertThat(kept.isCleared(rules.edition().number(), WWW.type())).isFalse();
    rules.judge(WWW, kept, rules.edition().number());
    assertThat(kept.isCleared(rules.edition().number(), WWW.type())).isTrue();
    assertThat(kept.isCleared(rules.edition().number(), WWW.type() + 1)).isFalse();
  }

  private static Answer judge(AnswerRules rules, Question question, Answer answer) {
    return rules.judge(question, answer, rules.edition().number());
  }

  private static PolicySettings allow(String... names) {
    return new PolicySettings(true, Arrays.stream(names).map(DomainNames::parse).toList());
  }

  private static Answer fresh() {
    return answer(OUTSIDE, "www.example.org. 300 IN A 10.0.0.1");
  }

  private static Answer answer(String server, String... records) {
    return answer(server, Answers.image(WWW, 300, Section.ANSWER, records));
  }

  private static Answer answer(String server, ResponseImage image) {
    return Answer.of(
        0,
        image,
        image,
        0,
        300,
        false,
        Answer.Failure.NONE,
        List.of(),
        new Provenance(Addresses.parse(server, 53), Transport.UDP, 1, 1, 1));
  }
}
