package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;
import resolver.fixtures.Answers;
import resolver.fixtures.StubScript;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.wire.ResponseImage;

/** What stays of a response, and for how long. */
class CleanReplyTest {
  private static final TtlLimits LIMITS = new TtlLimits(0, 86_400, 900);
  private static final String SOA =
      "example.org. 3600 IN SOA ns.example.org. root.example.org. 1 2 3 4 300";
  private static final String SIGNATURE =
      " 86400 IN RRSIG %s 13 3 300 20300101000000 20200101000000 1 example.org. AAAA";

  private final Message message = new Message(0);

  @Test
  void thePlainAnswerStays() {
    answer("www.example.org. 300 IN A 192.0.2.1", "www.example.org. 300 IN A 192.0.2.2");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(records(clean.plain(), Section.ANSWER))
        .containsExactly("www.example.org. 300 A 192.0.2.1", "www.example.org. 300 A 192.0.2.2");
    assertThat(clean.ttl()).isEqualTo(300);
    assertThat(clean.signed()).isSameAs(clean.plain());
  }

  @Test
  void recordsOfOtherNamesAndTypesGo() {
    answer(
        "www.example.org. 300 IN A 192.0.2.1",
        "www.bank.example. 300 IN A 192.0.2.66",
        "www.example.org. 300 IN TXT \"hello\"");
    authority("example.org. 300 IN NS ns.evil.example.");
    additional("ns.evil.example. 300 IN A 192.0.2.66");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(records(clean.plain(), Section.ANSWER))
        .containsExactly("www.example.org. 300 A 192.0.2.1");
    assertThat(clean.plain().authorities()).isZero();
    assertThat(clean.plain().additionals()).isZero();
  }

  @Test
  void theChainOfAliasesStaysInItsOrderAndLivesAsLongAsItsShortest() {
    answer(
        "www.example.org. 300 IN CNAME web.example.net.",
        "web.example.net. 20 IN CNAME host.example.com.",
        "host.example.com. 600 IN A 192.0.2.1",
        "stray.example.com. 1 IN A 192.0.2.9");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(records(clean.plain(), Section.ANSWER))
        .containsExactly(
            "www.example.org. 300 CNAME web.example.net.",
            "web.example.net. 20 CNAME host.example.com.",
            "host.example.com. 600 A 192.0.2.1");
    assertThat(clean.ttl()).isEqualTo(20);
  }

  @Test
  void theOrderOfTheChainInTheResponseDoesNotMatter() {
    answer("web.example.net. 300 IN A 192.0.2.1", "www.example.org. 300 IN CNAME web.example.net.");
    assertThat(records(clean("www.example.org", "A").plain(), Section.ANSWER))
        .containsExactly(
            "www.example.org. 300 CNAME web.example.net.", "web.example.net. 300 A 192.0.2.1");
  }

  @Test
  void aLoopOfAliasesEnds() {
    answer(
        "a.example.org. 300 IN CNAME b.example.org.", "b.example.org. 300 IN CNAME a.example.org.");
    CleanReply clean = clean("a.example.org", "A");
    assertThat(clean.plain().answers()).isEqualTo(2);
    assertThat(clean.ttl()).isZero();
  }

  @Test
  void askedForItselfAnAliasIsTheAnswer() {
    answer("www.example.org. 300 IN CNAME web.example.net.");
    CleanReply clean = clean("www.example.org", "CNAME");
    assertThat(clean.plain().answers()).isEqualTo(1);
    assertThat(clean.ttl()).isEqualTo(300);
  }

  @Test
  void aDnameStaysWithTheAliasMadeFromIt() {
    answer(
        "example.org. 300 IN DNAME example.net.",
        "www.example.org. 300 IN CNAME www.example.net.",
        "www.example.net. 300 IN A 192.0.2.1");
    assertThat(records(clean("www.example.org", "A").plain(), Section.ANSWER))
        .containsExactly(
            "example.org. 300 DNAME example.net.",
            "www.example.org. 300 CNAME www.example.net.",
            "www.example.net. 300 A 192.0.2.1");
  }

  @Test
  void aDnameThatAChainComesByTwiceIsKeptOnceWithItsSignature() {
    answer(
        "example.org. 300 IN DNAME example.net.",
        "example.org." + SIGNATURE.formatted("DNAME"),
        "a.example.org. 300 IN CNAME a.example.net.",
        "a.example.net. 300 IN CNAME b.example.org.",
        "b.example.org. 300 IN CNAME b.example.net.",
        "b.example.net. 300 IN A 192.0.2.1");
    CleanReply clean = clean("a.example.org", "A");
    assertThat(records(clean.signed(), Section.ANSWER)).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void aLoopOfSignedAliasesKeepsEachSignatureOnce() {
    answer(
        "a.example.org. 300 IN CNAME b.example.org.",
        "a.example.org." + SIGNATURE.formatted("CNAME"),
        "b.example.org. 300 IN CNAME a.example.org.",
        "b.example.org." + SIGNATURE.formatted("CNAME"));
    assertThat(clean("a.example.org", "A").signed().answers()).isEqualTo(4);
  }

  @Test
  void rfc2181Section52anRrsetHasOneTtlTheLowest() {
    answer("www.example.org. 300 IN A 192.0.2.1", "www.example.org. 100 IN A 192.0.2.2");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(records(clean.plain(), Section.ANSWER))
        .containsExactly("www.example.org. 100 A 192.0.2.1", "www.example.org. 100 A 192.0.2.2");
    assertThat(clean.ttl()).isEqualTo(100);
  }

  @Test
  void ttlsStayWithinTheLimits() {
    answer("www.example.org. 604800 IN A 192.0.2.1");
    assertThat(clean("www.example.org", "A").ttl()).isEqualTo(86_400);
  }

  @Test
  void aTtlOfZeroIsNotKept() {
    answer("www.example.org. 0 IN A 192.0.2.1");
    CleanReply clean = clean("www.example.org", "A", new TtlLimits(60, 86_400, 900));
    assertThat(clean.ttl()).isZero();
    assertThat(clean.plain().answers()).isEqualTo(1);
  }

  @Test
  void rfc2308Section5aNegativeAnswerLivesByItsSoa() {
    authority(SOA, "example.org. 3600 IN NS ns.example.org.");
    CleanReply clean = clean("nosuch.example.org", "A");
    assertThat(records(clean.plain(), Section.AUTHORITY))
        .containsExactly("example.org. 300 SOA ns.example.org. root.example.org. 1 2 3 4 300");
    assertThat(clean.ttl()).isEqualTo(300);
  }

  @Test
  void aNegativeAnswerHasACapOfItsOwn() {
    authority("example.org. 9000 IN SOA ns.example.org. root.example.org. 1 2 3 4 9000");
    assertThat(clean("nosuch.example.org", "A").ttl()).isEqualTo(900);
  }

  @Test
  void withoutAnSoaOfItsZoneANegativeAnswerIsNotKept() {
    authority("other.example. 3600 IN SOA ns.example.org. root.example.org. 1 2 3 4 300");
    CleanReply clean = clean("nosuch.example.org", "A");
    assertThat(clean.ttl()).isZero();
    assertThat(clean.plain().authorities()).isZero();
  }

  @Test
  void rfc4035signaturesAndProofsAreForThoseWhoAskForThem() {
    answer("www.example.org. 300 IN A 192.0.2.1", "www.example.org." + SIGNATURE.formatted("A"));
    CleanReply clean = clean("www.example.org", "A");
    assertThat(clean.plain().answers()).isEqualTo(1);
    assertThat(clean.signed().answers()).isEqualTo(2);
  }

  @Test
  void askedForByTypeASignatureIsPlain() {
    answer("www.example.org." + SIGNATURE.formatted("A"));
    assertThat(clean("www.example.org", "RRSIG").plain().answers()).isEqualTo(1);
  }

  @Test
  void theProofOfAWildcardStaysInTheSignedImage() {
    answer("www.example.org. 300 IN A 192.0.2.1", "www.example.org." + SIGNATURE.formatted("A"));
    authority(
        "a.example.org. 300 IN NSEC z.example.org. A RRSIG NSEC",
        "a.example.org." + SIGNATURE.formatted("NSEC"),
        "evil.example. 300 IN NSEC z.evil.example. A");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(clean.plain().authorities()).isZero();
    assertThat(clean.signed().authorities()).isEqualTo(2);
  }

  @Test
  void whatIsCalledAProofAndIsNotSignedGoes() {
    answer("www.example.org. 300 IN A 192.0.2.1");
    authority(
        "a.example.org. 300 IN NSEC z.example.org. A RRSIG NSEC",
        "a.example.org." + SIGNATURE.formatted("TXT"));
    assertThat(clean("www.example.org", "A").signed().authorities()).isZero();
  }

  @Test
  void noAliasOfAnotherClassIsFollowed() {
    answer("www.example.org. 300 CH CNAME web.example.net.", "web.example.net. 300 IN A 192.0.2.1");
    assertThat(clean("www.example.org", "A").plain().answers()).isZero();
  }

  @Test
  void theProofOfAWildcardOnTheWayStaysToo() {
    answer(
        "www.example.org. 300 IN CNAME host.example.net.",
        "www.example.org." + SIGNATURE.formatted("CNAME"),
        "host.example.net. 300 IN A 192.0.2.1");
    authority(
        "a.example.org. 300 IN NSEC z.example.org. CNAME RRSIG NSEC",
        "a.example.org." + SIGNATURE.formatted("NSEC"));
    assertThat(clean("www.example.org", "A").signed().authorities()).isEqualTo(2);
  }

  @Test
  void rfc9460addressesOfServiceTargetsStay() {
    answer("www.example.org. 300 IN HTTPS 1 svc.example.net. alpn=h2");
    additional("svc.example.net. 300 IN A 192.0.2.1", "other.example.net. 300 IN A 192.0.2.2");
    CleanReply clean = clean("www.example.org", "HTTPS");
    assertThat(records(clean.plain(), Section.ADDITIONAL))
        .containsExactly("svc.example.net. 300 A 192.0.2.1");
  }

  @Test
  void anAddressOfManyServicesStaysOnce() {
    answer(
        "www.example.org. 300 IN HTTPS 1 svc.example.net. alpn=h2",
        "www.example.org. 300 IN HTTPS 2 svc.example.net. alpn=h3");
    additional("svc.example.net. 300 IN A 192.0.2.1", "svc.example.net. 300 IN AAAA 2001:db8::1");
    assertThat(clean("www.example.org", "HTTPS").plain().additionals()).isEqualTo(2);
  }

  @Test
  void rfc9460Section25aServiceWithoutTargetIsAtItsOwner() {
    answer("www.example.org. 300 IN HTTPS 1 . alpn=h2");
    additional("www.example.org. 300 IN A 192.0.2.1");
    assertThat(clean("www.example.org", "HTTPS").plain().additionals()).isEqualTo(1);
  }

  @Test
  void rfc3597unknownTypesPassUntouched() {
    answer("www.example.org. 300 IN TYPE65280 \\# 5 0102030405");
    assertThat(records(clean("www.example.org", "TYPE65280").plain(), Section.ANSWER))
        .containsExactly("www.example.org. 300 TYPE65280 \\# 5 0102030405");
  }

  @Test
  void rfc6672Section31aDnameStaysWithTheAliasThatWasAskedFor() {
    answer(
        "example.org. 300 IN DNAME example.net.", "www.example.org. 300 IN CNAME www.example.net.");
    assertThat(records(clean("www.example.org", "CNAME").plain(), Section.ANSWER))
        .containsExactly(
            "example.org. 300 DNAME example.net.", "www.example.org. 300 CNAME www.example.net.");
  }

  @Test
  void rfc6672Section22aDnameStaysWithYxdomain() {
    message.getHeader().setRcode(Rcode.YXDOMAIN);
    answer("example.org. 300 IN DNAME example.net.");
    CleanReply clean = clean("www.example.org", "A");
    assertThat(records(clean.plain(), Section.ANSWER))
        .containsExactly("example.org. 300 DNAME example.net.");
    assertThat(clean.ttl()).isEqualTo(300);
  }

  @Test
  void rfc2308aDnameAboveIsNoAnswerToWhoAsksForOneBelow() {
    message.getHeader().setRcode(Rcode.NXDOMAIN);
    answer(
        "example.org. 3600 IN DNAME example.net.",
        "www.example.org. 3600 IN CNAME www.example.net.");
    authority("example.net. 3600 IN SOA ns.example.net. root.example.net. 1 2 3 4 300");
    CleanReply clean = clean("www.example.org", "DNAME");
    assertThat(clean.ttl()).isEqualTo(300);
    assertThat(clean.plain().authorities()).isEqualTo(1);
  }

  @Test
  void rfc3225aProofIsForThoseWhoTakeItWhateverTheyAskFor() {
    authority(
        SOA,
        "www.example.org. 300 IN NSEC x.example.org. A RRSIG NSEC",
        "www.example.org." + SIGNATURE.formatted("NSEC"));
    CleanReply clean = clean("www.example.org", "NSEC");
    assertThat(clean.plain().authorities()).isEqualTo(1);
    assertThat(clean.signed().authorities()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "TYPE257, 0005497373756561, a tag of CAA in upper case",
    "TYPE257, 000020, a tag of CAA that is none",
    "TYPE42, 00011804c0000200, zeros at the end of an APL",
    "TYPE65, 0001000000020001, a mandatory key of HTTPS that is missing",
    "TYPE29, 01, a LOC of another version",
    "TYPE45, 0a0402, a gateway of IPSECKEY that is none",
    "TYPE47, 00000120, zeros in the bitmap of an NSEC",
  })
  void rfc3597whatIsNotUnderstoodPassesUntouched(String type, String data, String what)
      throws WireParseException {
    byte[] octets = HexFormat.of().parseHex(data);
    Question asked = Answers.question("www.example.org", type);
    byte[] name = asked.name();
    ByteBuf reply = Unpooled.buffer().writeInt(0x8180).writeShort(1).writeShort(1).writeInt(0);
    reply.writeBytes(name).writeShort(asked.type()).writeShort(1);
    reply.writeShort(0xc00c).writeShort(asked.type()).writeShort(1).writeInt(300);
    reply.writeShort(octets.length).writeBytes(octets);
    WireReply parsed = WireReply.parse(ByteBufUtil.getBytes(reply));
    CleanReply clean = CleanReply.of(asked, parsed, LIMITS);
    byte[] again = Images.octets(asked, clean.plain(), 0);
    assertThat(WireReply.parse(again).answers().get(0).data()).as(what).isEqualTo(octets);
  }

  @Test
  void rfc3597Section4namesAreWrittenOutWhereOthersMayNotKnowThem() {
    answer("www.example.org. 300 IN SRV 1 2 3 host.www.example.org.");
    ResponseImage image = clean("www.example.org", "SRV").plain();
    // A pointer for the owner, the fixed part, three numbers, and the whole name.
    assertThat(image.length()).isEqualTo(2 + 10 + 6 + 22);
  }

  @Test
  void rfc1035Section414namesOfOldTypesAreCompressed() {
    answer("www.example.org. 300 IN MX 10 host.www.example.org.");
    ResponseImage image = clean("www.example.org", "MX").plain();
    assertThat(image.length()).isEqualTo(2 + 10 + 2 + 7);
    assertThat(records(image, Section.ANSWER))
        .containsExactly("www.example.org. 300 MX 10 host.www.example.org.");
  }

  private CleanReply clean(String name, String type) {
    return clean(name, type, LIMITS);
  }

  private CleanReply clean(String name, String type, TtlLimits limits) {
    Question question = Answers.question(name, type);
    try {
      CleanReply clean = CleanReply.of(question, WireReply.parse(message.toWire()), limits);
      this.question = question;
      return clean;
    } catch (WireParseException e) {
      throw new AssertionError(e);
    }
  }

  private Question question = Answers.question(".", "A");

  private List<String> records(ResponseImage image, int section) {
    Message start = new Message(0);
    start.addRecord(QueryRenderer.questionRecord(question), Section.QUESTION);
    ByteBuf whole = Unpooled.buffer().writeBytes(start.toWire());
    whole.setShort(6, image.answers());
    whole.setShort(8, image.authorities());
    whole.setShort(10, image.additionals());
    image.writeTo(whole, 0);
    byte[] octets = new byte[whole.readableBytes()];
    whole.readBytes(octets);
    try {
      return new Message(octets).getSection(section).stream().map(CleanReplyTest::text).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Record record) {
    String[] words = record.toString().split("\\s+", 5);
    return words[0] + " " + words[1] + " " + words[3] + " " + words[4];
  }

  private void answer(String... records) {
    StubScript.parse(records).forEach(r -> message.addRecord(r, Section.ANSWER));
  }

  private void authority(String... records) {
    StubScript.parse(records).forEach(r -> message.addRecord(r, Section.AUTHORITY));
  }

  private void additional(String... records) {
    StubScript.parse(records).forEach(r -> message.addRecord(r, Section.ADDITIONAL));
  }
}
