package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubScript;
import resolver.query.Transport;
import resolver.settings.Addresses;

class QueryCommandTest {
  private static final String WWW = "www.example.org. 300 IN A 192.0.2.1";
  private static final String WWW6 = "www.example.org. 300 IN AAAA 2001:db8::1";

  private final StubNameServer stub = StubNameServer.start();
  private final CommandRun command = new CommandRun().daemonAt(stub.address());

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void asksTheDaemonForBothAddresses() {
    stub.on("www.example.org", "A").answers(WWW);
    stub.on("www.example.org", "AAAA").answers(WWW6);

    assertThat(command.run("www.example.org")).isZero();

    assertThat(command.out())
        .startsWith(
            """
            www.example.org.  300  A     192.0.2.1
            www.example.org.  300  AAAA  2001:db8::1
            ; NOERROR in\s""")
        .endsWith(" ms from " + Addresses.format(stub.address()) + " (daemon, UDP)\n");
    assertThat(command.err()).isEmpty();
    assertThat(command.opened).hasValue(0);
  }

  @Test
  void resolvesInThisProcessWhereNothingListensAndSaysSo() {
    stub.on("www.example.org", "A").answers(WWW);
    command.daemonAt(CommandRun.NOBODY).upstreamOfThisProcess(stub.address());

    assertThat(command.run("www.example.org", "A", "A")).isZero();

    assertThat(command.out())
        .startsWith("www.example.org.  300  A  192.0.2.1\n; NOERROR in ")
        .endsWith(" ms (in this process, upstream 192.0.2.53:53; no daemon at 127.83.19.7:5300)\n");
    assertThat(command.opened).hasValue(1);
  }

  @Test
  void aSilentDaemonIsNotWorkedAround() {
    stub.otherwise().silent();

    assertThat(command.run("www.example.org", "A", "--timeout", "50ms")).isEqualTo(9);

    assertThat(command.opened).hasValue(0);
    assertThat(command.out()).startsWith("; NO REPLY in ").endsWith("(daemon)\n");
    assertThat(command.err())
        .isEqualTo(
            "resolve: no reply from the daemon at "
                + Addresses.format(stub.address())
                + ": silent for 50ms over UDP (look at its log, or ask another server: @SERVER)\n");
  }

  @Test
  void noAnswerWithinThisProcessIsNoReply() {
    stub.otherwise().silent();
    command.daemonAt(CommandRun.NOBODY).upstreamOfThisProcess(stub.address());

    assertThat(command.run("www.example.org", "A", "-w", "50ms")).isEqualTo(9);
    assertThat(command.err()).startsWith("resolve: no answer in this process, upstream 192.0.2.53");
  }

  @Test
  void asksAServerDirectlyWithoutSettings() {
    stub.on("www.example.org", "TXT")
        .truncatedOverUdp()
        .answers("www.example.org. 300 IN TXT \"text\"");
    command.daemonAt(CommandRun.NOBODY);

    assertThat(command.run("www.example.org", "txt", at(stub.address()))).isZero();

    assertThat(command.out())
        .contains("\"text\"")
        .endsWith("(asked directly, TCP after truncation)\n");
    assertThat(stub.count("www.example.org", "TXT", Transport.TCP)).isEqualTo(1);
  }

  @Test
  void aServerWhereNothingListensIsNoReply() {
    assertThat(command.run("www.example.org", "A", at(CommandRun.NOBODY))).isEqualTo(9);
    assertThat(command.err())
        .isEqualTo("resolve: no reply from 127.83.19.7:5300: nothing listens there over UDP\n");
    assertThat(command.opened).hasValue(0);
  }

  @Test
  void aServerThatTheSystemDoesNotKnowIsNoReply() {
    assertThat(command.run("www.example.org", "@name..invalid")).isEqualTo(9);
    assertThat(command.err()).contains("the system finds no address of name..invalid");
  }

  @Test
  void failuresAreThree() {
    stub.on("servfail.example.org", "A").rcode(Rcode.SERVFAIL);
    stub.on("formerr.example.org", "A").rcode(Rcode.FORMERR);

    assertThat(command.run("servfail.example.org", "A")).isEqualTo(3);
    assertThat(command.run("refused.example.org", "A")).isEqualTo(3);
    assertThat(command.run("formerr.example.org", "A")).isEqualTo(3);
  }

  @Test
  void noDataIsZeroOrOneOnDemand() {
    stub.on("nope.example.org", "*").nxdomain(Replies.SOA);
    stub.on("www.example.org", "MX").nodata(Replies.SOA);

    assertThat(command.run("nope.example.org", "A")).isZero();
    assertThat(command.run("www.example.org", "MX")).isZero();
    assertThat(command.run("--fail", "nope.example.org", "A")).isEqualTo(1);
    assertThat(command.run("www.example.org", "MX", "-f")).isEqualTo(1);
  }

  @Test
  void oneKindOfAddressIsEnoughUnlessBothWereNamed() {
    stub.on("www.example.org", "A").answers(WWW);
    stub.on("www.example.org", "AAAA").nodata(Replies.SOA);
    stub.on("none.example.org", "*").nodata(Replies.SOA);

    assertThat(command.run("--fail", "www.example.org")).isZero();
    assertThat(command.run("--fail", "www.example.org", "A", "AAAA")).isEqualTo(1);
    assertThat(command.run("--fail", "none.example.org")).isEqualTo(1);
  }

  @Test
  void theWorstOfSeveralQuestionsCounts() {
    stub.on("www.example.org", "A").answers(WWW);
    stub.on("www.example.org", "MX").rcode(Rcode.SERVFAIL);
    stub.on("www.example.org", "TXT").silent();
    stub.on("www.example.org", "NS").nodata(Replies.SOA);

    assertThat(command.run("www.example.org", "A", "MX")).isEqualTo(3);
    assertThat(command.run("--fail", "www.example.org", "NS", "MX")).isEqualTo(3);
    assertThat(command.run("-w", "50ms", "www.example.org", "TXT", "MX", "A")).isEqualTo(9);
  }

  @Test
  void shortLeavesOnlyDataOnStandardOutput() {
    stub.on("www.example.org", "A").answers(WWW);
    stub.on("www.example.org", "AAAA").answers(WWW6);

    assertThat(command.run("--short", "www.example.org")).isZero();

    assertThat(command.out()).isEqualTo("192.0.2.1\n2001:db8::1\n");
    assertThat(command.err()).startsWith("; NOERROR in ").endsWith("(daemon, UDP)\n");
  }

  @Test
  void jsonIsOneLineAndNothingElse() {
    stub.otherwise().silent();

    assertThat(command.run("--json", "www.example.org", "A", "-w", "50ms")).isEqualTo(9);

    assertThat(command.out())
        .startsWith("{\"schema\":1,\"name\":\"www.example.org.\",\"exitCode\":9,")
        .endsWith("}]}\n")
        .hasLineCount(1);
  }

  @Test
  void flagsTravelWithTheQuery() {
    stub.on("www.example.org", "A").answers(WWW);

    command.run("www.example.org", "A");
    command.run("www.example.org", "A", "--tcp", "--dnssec", "--cd", "--no-recurse");

    Message plain = stub.received().get(0).message();
    assertThat(plain.getHeader().getFlag(Flags.RD)).isTrue();
    assertThat(plain.getHeader().getFlag(Flags.CD)).isFalse();
    OPTRecord opt = plain.getOPT();
    assertThat(opt.getPayloadSize()).isEqualTo(1232);
    assertThat(opt.getFlags()).isZero();
    assertThat(stub.received().get(1).transport()).isEqualTo(Transport.TCP);
    Message special = stub.received().get(1).message();
    assertThat(special.getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(special.getHeader().getFlag(Flags.CD)).isTrue();
    assertThat(special.getOPT().getFlags()).isEqualTo(ExtendedFlags.DO);
  }

  @Test
  void aServerThatDoesNotKnowEdnsIsAskedWithoutIt() {
    stub.on("www.example.org", "A")
        .withoutEdns()
        .replies(
            (query, transport) ->
                query.getOPT() == null
                    ? StubScript.reply(query, Rcode.NOERROR, StubScript.parse(WWW), Section.ANSWER)
                    : StubScript.reply(query, Rcode.FORMERR, List.of(), Section.ANSWER));

    assertThat(command.run("www.example.org", "A")).isZero();
    assertThat(command.out()).contains("192.0.2.1");
  }

  @Test
  void theFirstWordAloneMayBeACommand() {
    stub.on("serve", "A").answers("serve. 1 IN A 192.0.2.7");
    stub.on("check", "A").answers("check. 1 IN A 192.0.2.8");

    assertThat(command.run("query", "serve", "A")).isZero();
    assertThat(command.run("--short", "serve", "A")).isZero();
    assertThat(command.run("-s", "check", "A")).isZero();

    assertThat(command.out()).contains("192.0.2.7").endsWith("192.0.2.8\n");
  }

  @Test
  void coloursComeOnATerminalAlone() {
    stub.on("www.example.org", "A").answers(WWW);

    command.run("www.example.org", "A");
    assertThat(command.out()).doesNotContain("\u001b");
    command.terminal = true;
    command.environment.put("NO_COLOR", "1");
    command.run("www.example.org", "A");
    assertThat(command.out()).doesNotContain("\u001b");
    command.run("www.example.org", "A", "--color=never");
    command.run("www.example.org", "A", "--short");
    assertThat(command.out()).doesNotContain("\u001b");
    command.run("www.example.org", "A", "--color=ALWAYS");
    assertThat(command.out()).contains("\u001b");
  }

  @Test
  void aTerminalHasColoursUnlessItIsADumbOne() {
    stub.on("www.example.org", "A").answers(WWW);
    command.terminal = true;
    command.environment.put("TERM", "dumb");

    command.run("www.example.org", "A");
    assertThat(command.out()).doesNotContain("\u001b");
    command.environment.put("TERM", "xterm");
    command.run("www.example.org", "A");
    assertThat(command.out()).contains("\u001b");
  }

  private static String at(InetSocketAddress server) {
    return "@" + Addresses.format(server);
  }
}
