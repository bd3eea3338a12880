package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;

class OutputTest {
  private static final Paint PLAIN = new Paint(false);

  private static final Reply CHAIN_A =
      Replies.answer(
          "www.example.org.",
          "A",
          "www.example.org. 30 IN CNAME example.org.",
          "example.org. 86400 IN A 192.0.2.1");
  private static final Reply CHAIN_AAAA =
      Replies.answer(
          "www.example.org.",
          "AAAA",
          "www.example.org. 30 IN CNAME example.org.",
          "example.org. 86400 IN AAAA 2001:db8::1");

  @Test
  void columnsAreAlignedAndWhatTwoAnswersShareIsToldOnce() {
    assertThat(full(CHAIN_A, CHAIN_AAAA))
        .isEqualTo(
            """
            www.example.org.     30  CNAME  example.org.
            example.org.      86400  A      192.0.2.1
            example.org.      86400  AAAA   2001:db8::1
            ; NOERROR in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            """);
  }

  @Test
  void theStatusLineTellsWhoWasAsked() {
    Reply reply = Replies.answer("example.org.", "A", "example.org. 1 IN A 192.0.2.1");

    assertThat(full(Replies.from(Source.server("192.0.2.53:53"), "TCP after truncation", reply)))
        .endsWith("; NOERROR in 12 ms from 192.0.2.53:53 (asked directly, TCP after truncation)\n");
    Source process = Source.process("upstream 192.0.2.53:53", "no daemon at 127.0.0.1:5300");
    assertThat(full(Replies.from(process, "", reply)))
        .endsWith(
            "; NOERROR in 12 ms (in this process, upstream 192.0.2.53:53;"
                + " no daemon at 127.0.0.1:5300)\n");
  }

  @Test
  void negativeAnswersAreToldInWords() {
    assertThat(full(Replies.negative("nope.example.org.", "A", Rcode.NXDOMAIN)))
        .isEqualTo(
            """
            ; NXDOMAIN in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; NXDOMAIN: nope.example.org. does not exist; this holds for 60 s (SOA of example.org.)
            """);
    assertThat(full(Replies.negative("example.org.", "MX", Rcode.NOERROR)))
        .isEqualTo(
            """
            ; NOERROR in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; NODATA: example.org. has no MX record; this holds for 60 s (SOA of example.org.)
            """);
  }

  @Test
  void theNameWithoutDataIsTheOneAtTheEndOfTheChain() {
    assertThat(
            full(
                Replies.answer(
                    "a.example.org.",
                    "MX",
                    "b.example.org. 1 IN CNAME c.example.org.",
                    "a.example.org. 1 IN CNAME b.example.org.")))
        .endsWith("; NODATA: c.example.org. has no MX record\n");
  }

  @Test
  void aChainThatIsACircleEnds() {
    assertThat(
            full(
                Replies.answer(
                    "a.example.org.",
                    "A",
                    "a.example.org. 1 IN CNAME b.example.org.",
                    "b.example.org. 1 IN CNAME a.example.org.")))
        .contains("NODATA");
  }

  @Test
  void failuresAndExtendedErrorsAreToldInWordsAndCannotPaintTheTerminal() {
    assertThat(
            full(
                Replies.failure(
                    "example.org.",
                    "A",
                    Rcode.SERVFAIL,
                    new ExtendedErrorCodeOption(22, "nobody \u001b[31mhome"),
                    new ExtendedErrorCodeOption(6),
                    new ExtendedErrorCodeOption(4999))))
        .isEqualTo(
            """
            ; SERVFAIL in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; SERVFAIL: the server could not find the answer
            ; extended error 22 (no reachable authority): nobody \\027[31mhome
            ; extended error 6 (DNSSEC bogus)
            ; extended error 4999 (not registered)
            """);
  }

  @Test
  void answersThatDifferHaveAStatusLineEach() {
    assertThat(
            full(
                CHAIN_A,
                Replies.failure("www.example.org.", "MX", Rcode.REFUSED),
                Replies.none("www.example.org.", "TXT")))
        .endsWith(
            """
            ; A: NOERROR in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; MX: REFUSED in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; TXT: NO REPLY in 5000 ms from 127.0.0.1:5300 (daemon)
            ; REFUSED: the server does not answer this question, or not to us
            """);
  }

  @Test
  void aReferralShowsTheServersThatKnow() {
    assertThat(
            full(
                Replies.referral(
                    "www.example.org.", "A", "example.org. 300 IN NS ns.example.org.")))
        .isEqualTo(
            """
            example.org.  300  NS  ns.example.org.
            ; NOERROR in 12 ms from 127.0.0.1:5300 (daemon, UDP)
            ; referral: the server does not know, and names the servers that do
            """);
  }

  @Test
  void anAnswerThatSomebodyValidatedSaysSo() {
    Reply reply = Replies.answer("example.org.", "A", "example.org. 1 IN A 192.0.2.1");
    Reply.Received received = reply.received();
    Objects.requireNonNull(received).message().getHeader().setFlag(Flags.AD);

    assertThat(full(reply))
        .endsWith("; NOERROR with AD in 12 ms from 127.0.0.1:5300 (daemon, UDP)\n");
  }

  @Test
  void dataHasItsUsualForm() {
    assertThat(
            data(
                Replies.answer(
                    "example.org.", "TXT", "example.org. 1 IN TXT \"a b\" \"q\\\"\\\\ \\200\"")))
        .isEqualTo("\"a b\" \"q\\\"\\\\ \\200\"\n");
    assertThat(data(Replies.answer("a.example.", "AAAA", "a.example. 1 IN AAAA ::ffff:192.0.2.1")))
        .isEqualTo("::ffff:192.0.2.1\n");
    assertThat(data(Replies.answer("a.example.", "TYPE65280", "a.example. 1 TYPE65280 \\# 2 abcd")))
        .isEqualTo("\\# 2 ABCD\n");
    assertThat(data(Replies.answer("a.example.", "MX", "a.example. 1 IN MX 10 mail.example.")))
        .isEqualTo("10 mail.example.\n");
  }

  @Test
  void shortIsTheDataOfTheTypeAskedForAlone() {
    assertThat(data(CHAIN_A, CHAIN_AAAA)).isEqualTo("192.0.2.1\n2001:db8::1\n");
    assertThat(data(Replies.negative("nope.example.org.", "A", Rcode.NXDOMAIN))).isEmpty();
  }

  @Test
  void coloursLeaveTheTextAsItIs() {
    String coloured = text(out -> Output.full(List.of(CHAIN_A), out, new Paint(true)));

    assertThat(coloured).contains("\u001b[32mNOERROR\u001b[0m").isNotEqualTo(full(CHAIN_A));
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(full(CHAIN_A));
  }

  private interface Writing {
    void to(PrintStream out);
  }

  private static String full(Reply... replies) {
    return text(out -> Output.full(List.of(replies), out, PLAIN));
  }

  private static String data(Reply... replies) {
    return text(out -> Output.data(List.of(replies), out));
  }

  private static String text(Writing writing) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(octets, true, UTF_8)) {
      writing.to(out);
    }
    return octets.toString(UTF_8);
  }
}
