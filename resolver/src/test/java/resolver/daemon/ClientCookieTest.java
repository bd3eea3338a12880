package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.ScriptedSource;
import resolver.fixtures.With;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Transport;
import resolver.server.ClientDoor;
import resolver.server.ClientGate;
import resolver.server.ClientSettings;
import resolver.server.CookieUse;
import resolver.settings.Addresses;
import resolver.settings.Network;

/** Clients and their cookies, before the whole pipeline. */
class ClientCookieTest {
  private static final InetSocketAddress CLIENT = Addresses.parse("192.0.2.7", 40_000);
  private static final InetSocketAddress FORGED = Addresses.parse("192.0.2.8", 40_000);
  private static final InetSocketAddress SELF = Addresses.parse("127.0.0.1", 40_000);
  private static final byte[] OURS = {1, 2, 3, 4, 5, 6, 7, 8};

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final ScriptedSource upstream = new ScriptedSource();
  private final ClientGate gate =
      new ClientGate(List.of(Network.parse("0.0.0.0/0")), ClientSettings.DEFAULTS, clock);
  private final ClientDoor door =
      new ClientDoor(
          gate,
          Settings.DEFAULTS.server(),
          Policies.byTypeAlone(),
          Policies.letAllOut(),
          new Core(
                  Settings.DEFAULTS,
                  upstream,
                  question -> Long.MIN_VALUE,
                  clock,
                  clock,
                  Runnable::run,
                  ledger)
              .sources(),
          clock,
          clock,
          ledger);
  private int id;

  @AfterEach
  void everyQueryHasOneOutcome() {
    long outcomes = 0;
    for (Outcome each : Outcome.values()) {
      outcomes += ledger.get(each);
    }
    assertThat(outcomes).isEqualTo(ledger.received());
  }

  @ParameterizedTest
  @EnumSource
  void aCookieComesBackWithALookupAndWithAHit(Transport transport) {
    ClientDoor.Inbox first = ask("www", transport, CLIENT, OURS);
    upstream.held(0).answer(answer("www"));
    byte[] told = cookie(only(first));
    assertThat(told).hasSize(24).startsWith(OURS);
    byte[] again = cookie(only(ask("www", transport, CLIENT, told)));
    assertThat(again).as("it is valid, and young").isEqualTo(told);
    assertThat(ledger.get(Outcome.HIT)).isEqualTo(1);
  }

  @Test
  void whoSendsNoneGetsNone() {
    kept("www");
    assertThat(only(ask("www", Transport.UDP, CLIENT, null)).getOPT().getOptions()).isEmpty();
    gate.limit(with(CookieUse.OFF));
    assertThat(only(ask("www", Transport.UDP, CLIENT, OURS)).getOPT().getOptions()).isEmpty();
    Message odd = only(ask("www", Transport.UDP, CLIENT, new byte[9]));
    assertThat(odd.getRcode()).as("an option that is not known here").isZero();
  }

  @Test
  void rfc7873Section522aBrokenCookieIsFormerr() {
    kept("www");
    Message broken = only(ask("www", Transport.UDP, CLIENT, new byte[9]));
    assertThat(broken.getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(broken.getOPT().toString()).contains("a COOKIE option of 9 octets");
    assertThat(ledger.get(Outcome.MALFORMED)).isEqualTo(1);
  }

  @Test
  void whatIsTruncatedHasItsCookieAllTheSame() {
    String[] many = new String[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = "www.example.org. 300 IN A 192.0.2." + i;
    }
    ask("www", Transport.UDP, CLIENT, OURS);
    upstream
        .held(0)
        .answer(Answers.answer(Answers.question("www.example.org", "A"), 300, clock.nanos(), many));
    for (int size = 512; size < 1232; size++) {
      Message query = query("www", OURS, size);
      byte[] response = door.take(query.toWire(), Transport.UDP, CLIENT).responses().get(0);
      Message cut = DnsClient.parse(response);
      assertThat(response.length).isLessThanOrEqualTo(size);
      assertThat(cookie(cut)).hasSize(24);
      boolean fits = !cut.getSection(Section.ANSWER).isEmpty();
      assertThat(cut.getHeader().getFlag(Flags.TC)).isNotEqualTo(fits);
      assertThat(fits).isEqualTo(size >= 12 + 21 + 60 * 16 + 11 + 28);
    }
  }

  @Test
  void rfc7873Section54aCookieCanBeAskedForWithoutAQuestion() {
    Message told = only(askNothing(OURS));
    assertThat(told.getRcode()).isZero();
    assertThat(told.getHeader().getCount(Section.QUESTION)).isZero();
    assertThat(cookie(told)).hasSize(24);
    assertThat(only(askNothing(cookie(told))).getRcode()).isZero();
    Message bad = only(askNothing(new byte[24]));
    assertThat(bad.getRcode()).isEqualTo(Rcode.BADCOOKIE);
    assertThat(cookie(bad)).hasSize(24);
    assertThat(ledger.get(Outcome.LOCAL)).isEqualTo(3);
    gate.limit(with(CookieUse.OFF));
    assertThat(only(askNothing(OURS)).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void whereTheyAreRequiredNobodyIsAnsweredOverUdpWithout() {
    kept("www");
    gate.limit(with(CookieUse.REQUIRED));
    Message bad = only(ask("www", Transport.UDP, CLIENT, OURS));
    assertThat(bad.getRcode()).isEqualTo(Rcode.BADCOOKIE);
    assertThat(bad.getSection(Section.ANSWER)).isEmpty();
    Message good = only(ask("www", Transport.UDP, CLIENT, cookie(bad)));
    assertThat(good.getRcode()).isZero();
    assertThat(good.getSection(Section.ANSWER)).hasSize(1);
    assertThat(only(ask("www", Transport.UDP, FORGED, cookie(bad))).getRcode())
        .isEqualTo(Rcode.BADCOOKIE);

    Message toTcp = only(ask("www", Transport.UDP, CLIENT, null));
    assertThat(toTcp.getRcode()).isZero();
    assertThat(toTcp.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(toTcp.getSection(Section.ANSWER)).isEmpty();
    assertThat(only(ask("www", Transport.TCP, CLIENT, null)).getSection(Section.ANSWER)).hasSize(1);
    assertThat(only(ask("www", Transport.UDP, SELF, null)).getSection(Section.ANSWER)).hasSize(1);
    assertThat(ledger.get(Outcome.UNPROVEN)).isEqualTo(3);
  }

  @Test
  void aForgerCannotSpendTheRateOfWhoHasACookie() {
    gate.limit(With.component(With.component(ClientSettings.DEFAULTS, "rate", 1), "rateBurst", 1));
    byte[] told = cookie(only(askNothing(OURS)));
    assertThat(ask("a", Transport.UDP, CLIENT, null).responses()).isEmpty();
    assertThat(only(ask("b", Transport.UDP, CLIENT, null)).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(ask("c", Transport.UDP, CLIENT, told).responses()).isEmpty();
    Message refused = only(ask("d", Transport.UDP, CLIENT, told));
    assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(cookie(refused)).isEqualTo(told);
  }

  @Test
  void aReloadThatLeavesTheSecretAloneMakesNoCookieVoid() {
    byte[] told = cookie(only(askNothing(OURS)));
    gate.limit(With.component(ClientSettings.DEFAULTS, "rate", 5));
    assertThat(cookie(only(askNothing(told)))).isEqualTo(told);
    gate.limit(
        With.component(
            ClientSettings.DEFAULTS,
            "cookieSecret",
            resolver.server.CookieSecrets.parse("e5e973e5a6b2a43f48e7dc849e37bfcf")));
    assertThat(only(askNothing(told)).getRcode()).isEqualTo(Rcode.BADCOOKIE);
  }

  private static ClientSettings with(CookieUse use) {
    return With.component(ClientSettings.DEFAULTS, "cookies", use);
  }

  private void kept(String label) {
    ask(label, Transport.TCP, SELF, null);
    upstream.held(upstream.asked() - 1).answer(answer(label));
  }

  private ClientDoor.Inbox ask(
      String label, Transport transport, InetSocketAddress client, byte @Nullable [] cookie) {
    return door.take(query(label, cookie, 1232).toWire(), transport, client);
  }

  private Message query(String label, byte @Nullable [] cookie, int size) {
    Message query = DnsClient.query(label + ".example.org", "A");
    query.getHeader().setID(id++);
    query.addRecord(opt(cookie, size), Section.ADDITIONAL);
    return query;
  }

  private static OPTRecord opt(byte @Nullable [] cookie, int size) {
    return cookie == null
        ? new OPTRecord(size, 0, 0, 0)
        : new OPTRecord(size, 0, 0, 0, new GenericEDNSOption(EDNSOption.Code.COOKIE, cookie));
  }

  private ClientDoor.Inbox askNothing(byte[] cookie) {
    Message query = new Message(id++);
    query.addRecord(opt(cookie, 1232), Section.ADDITIONAL);
    return door.take(query.toWire(), Transport.UDP, CLIENT);
  }

  private static byte[] cookie(Message response) {
    List<EDNSOption> options = response.getOPT().getOptions(EDNSOption.Code.COOKIE);
    assertThat(options).as("%s", response).hasSize(1);
    CookieOption option = (CookieOption) options.get(0);
    String text = HexFormat.of().formatHex(option.getClientCookie());
    return HexFormat.of()
        .parseHex(text + HexFormat.of().formatHex(option.getServerCookie().orElseThrow()));
  }

  private resolver.query.Answer answer(String label) {
    String name = label + ".example.org";
    return Answers.answer(
        Answers.question(name, "A"), 300, clock.nanos(), name + ". 300 IN A 192.0.2.1");
  }

  private static Message only(ClientDoor.Inbox inbox) {
    assertThat(inbox.responses()).hasSize(1);
    return DnsClient.parse(inbox.responses().get(0));
  }
}
