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

  private final AnswerRules rules = new AnswerRules(PolicySettings.DEFAULTS);

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
    Answer refused = rules.judge(WWW, answer);
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
    Answer refused = rules.judge(WWW, answer(OUTSIDE, mapped));
    assertThat(refused.errors().get(0).text()).contains("::ffff:a00:1");
  }

  @Test
  void oneAmongManyIsEnoughInWhateverSection() {
    assertThat(
            rules
                .judge(
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
    assertThat(rules.judge(WWW, answer(OUTSIDE, glue)).rcode()).isEqualTo(Rcode.REFUSED);
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
    assertThat(rules.judge(WWW, answer)).isSameAs(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.178.1", "127.0.0.53", "10.0.0.1", "::1", "fe80::1", "fd00::53"})
  void serversOfTheSiteMaySpeakOfIt(String server) {
    Answer answer = answer(server, "www.example.org. 300 IN A 10.0.0.1");
    assertThat(rules.judge(WWW, answer)).isSameAs(answer);
  }

  @Test
  void whatIsMadeHereGoesOut() {
    Answer local =
        Answer.local(
            0, Answers.image(WWW, 60, Section.ANSWER, "www.example.org. 60 IN A 127.0.0.1"));
    assertThat(rules.judge(WWW, local)).isSameAs(local);
  }

  @Test
  void namesOfTheSettingsAndThoseBelowAreExempt() {
    AnswerRules allowing = new AnswerRules(allow("Example.org"));
    Answer answer = answer(OUTSIDE, "www.example.org. 300 IN A 10.0.0.1");
    assertThat(allowing.judge(WWW, answer)).isSameAs(answer);
    Question other = Answers.question("notexample.org", "A");
    assertThat(allowing.judge(other, fresh()).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void itCanBeSwitchedOff() {
    Answer answer = fresh();
    AnswerRules off = new AnswerRules(new PolicySettings(false, List.of()));
    assertThat(off.judge(WWW, answer)).isSameAs(answer);
  }

  @Test
  void otherSettingsJudgeWhatWasJudgedBefore() {
    Answer kept = fresh();
    assertThat(rules.judge(WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
    rules.use(allow("example.org"));
    assertThat(rules.judge(WWW, kept)).isSameAs(kept);
    rules.use(PolicySettings.DEFAULTS);
    assertThat(rules.judge(WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void anAnswerIsJudgedOnceByTheSameSettings() {
    // A private address that nobody looks for any more shows that nobody looks.
    Answer kept = fresh();
    rules.use(allow("example.org"));
    rules.judge(WWW, kept);
    rules.use(allow("example.org"));
    Question other = Answers.question("www.example.com", "A");
    assertThat(rules.judge(other, kept)).isSameAs(kept);
  }

  @Test
  void theVerdictsOfOneResolverAreNotThoseOfAnother() {
    Answer kept = fresh();
    new AnswerRules(allow("example.org")).judge(WWW, kept);
    assertThat(rules.judge(WWW, kept).rcode()).isEqualTo(Rcode.REFUSED);
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
        0,
        300,
        false,
        Answer.Failure.NONE,
        List.of(),
        new Provenance(Addresses.parse(server, 53), Transport.UDP, 1, 1, 1));
  }
}
