package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubScript;
import resolver.fixtures.Upstreams;
import resolver.fixtures.With;
import resolver.net.Sockets;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;
import resolver.settings.Addresses;

/** RFC 7873 with name servers that really listen. */
class CookieExchangeTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";
  private static final String FORGED = "www.example.org. 300 IN A 203.0.113.66";
  private static final byte[] SERVERS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  private final StubNameServer server = StubNameServer.start();
  private EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private Forwarder forwarder = forwarder(Sockets.best(), true);

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void theServersCookieGoesBackFromEveryPort(Sockets sockets) {
    restart(sockets, true);
    server.otherwise().replies((query, transport) -> withCookie(answer(query, ADDRESS), query));
    for (int i = 0; i < 30; i++) {
      assertThat(ask().rcode()).isEqualTo(Rcode.NOERROR);
    }
    List<CookieOption> cookies = cookies();
    assertThat(cookies.get(0).getServerCookie()).isEmpty();
    Set<String> ours = new HashSet<>();
    cookies.forEach(cookie -> ours.add(Arrays.toString(cookie.getClientCookie())));
    assertThat(ours).hasSize(1);
    assertThat(cookies.subList(1, 30))
        .allSatisfy(cookie -> assertThat(cookie.getServerCookie()).contains(SERVERS));
    assertThat(server.count(Transport.TCP)).isZero();
  }

  @Test
  void whoWantsAnotherCookieIsAskedAgainWithIt() {
    server
        .otherwise()
        .replies(
            (query, transport) ->
                sent(query).getServerCookie().isEmpty()
                    ? badCookie(query)
                    : withCookie(answer(query, ADDRESS), query));
    assertThat(ask().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.count(Transport.UDP)).isEqualTo(2);
    assertThat(server.count(Transport.TCP)).isZero();
  }

  @Test
  void whoIsNeverContentIsAskedOverTcp() {
    server
        .otherwise()
        .replies(
            (query, transport) -> transport.isStream() ? answer(query, ADDRESS) : badCookie(query));
    assertThat(ask().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.count(Transport.UDP)).isEqualTo(2);
    assertThat(server.count(Transport.TCP)).isEqualTo(1);
  }

  @Test
  void aResponseWithAnotherCookieIsPassedOver() {
    twice(
        (query, transport) -> {
          Message forged = answer(query, FORGED);
          byte[] wrong = sent(query).getClientCookie().clone();
          wrong[0] ^= 1;
          return with(forged, new CookieOption(wrong, SERVERS));
        },
        (query, transport) -> withCookie(answer(query, ADDRESS), query));
    Answer answer = ask();
    assertThat(answer.image(false)).isEqualTo(Answers.image(WWW, 300, 1, ADDRESS));
    assertThat(server.count()).isEqualTo(1);
  }

  @Test
  void aForgedResponseWithoutACookieDoesNotCountAndTheServerIsAskedOverTcp() {
    server.otherwise().replies((query, transport) -> withCookie(answer(query, ADDRESS), query));
    ask();
    server.otherwise().silentOverTcp().replies((query, transport) -> answer(query, FORGED));
    Catcher catcher = begin();
    await(() -> server.count(Transport.TCP) == 1);
    assertThat(catcher.answers()).isEmpty();
  }

  @Test
  void whoStopsSendingCookiesIsBelievedOverTcpAndSparedAfterAWhile() {
    server.otherwise().replies((query, transport) -> withCookie(answer(query, ADDRESS), query));
    ask();
    server.otherwise().answers(ADDRESS);
    for (int i = 0; i < Cookies.MOST_BARE; i++) {
      Answer answer = ask();
      assertThat(Objects.requireNonNull(answer.provenance()).transport()).isEqualTo(Transport.TCP);
    }
    Answer answer = ask();
    assertThat(Objects.requireNonNull(answer.provenance()).transport()).isEqualTo(Transport.UDP);
  }

  @Test
  void aTruncatedResponseNeedsTheCookieToo() {
    server.otherwise().replies((query, transport) -> withCookie(answer(query, ADDRESS), query));
    ask();
    server.otherwise().truncatedOverUdp().answers(ADDRESS);
    assertThat(ask().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.count(Transport.TCP)).isEqualTo(1);
  }

  @Test
  void overTcpAndWithoutEdnsThereIsNone() {
    server
        .otherwise()
        .replies(
            (query, transport) ->
                query.getOPT() != null && !transport.isStream()
                    ? StubScript.reply(query, Rcode.FORMERR, List.of(), Section.ANSWER)
                    : answer(query, ADDRESS));
    ask();
    assertThat(server.received().get(1).message().getOPT()).isNull();
    server.otherwise().truncatedOverUdp().answers(ADDRESS);
    ask();
    Message overTcp = server.received().get(3).message();
    assertThat(overTcp.getOPT().getOptions()).isEmpty();
  }

  @Test
  void inAnotherNetworkNeitherCookieIsUsedAgain() {
    server.otherwise().replies((query, transport) -> withCookie(answer(query, ADDRESS), query));
    ask();
    forwarder.networkChanged();
    ask();
    List<CookieOption> cookies = cookies();
    assertThat(cookies.get(1).getClientCookie()).isNotEqualTo(cookies.get(0).getClientCookie());
    assertThat(cookies.get(1).getServerCookie()).isEmpty();
  }

  @Test
  void eachServerKnowsUsByAnotherCookie() {
    server.otherwise().answers(ADDRESS);
    ask();
    try (StubNameServer other = StubNameServer.start()) {
      other.otherwise().answers(ADDRESS);
      forwarder.use(Upstreams.plain(other.address()));
      ask();
      CookieOption theirs = sent(other.received().get(0).message());
      assertThat(theirs.getClientCookie()).isNotEqualTo(cookies().get(0).getClientCookie());
    }
  }

  @Test
  void withoutTheSettingThereIsNone() {
    restart(Sockets.best(), false);
    server.otherwise().answers(ADDRESS);
    ask();
    assertThat(server.received().get(0).message().getOPT().getOptions()).isEmpty();
  }

  /** The cookies are those of our address, which the kernel chooses as the socket is connected. */
  @ParameterizedTest
  @EnumSource(Sockets.class)
  void aConnectedSocketKnowsItsAddress(Sockets sockets) {
    restart(sockets, true);
    EventLoop loop = loops.next();
    Channel channel =
        loop.submit(
                () -> {
                  Channel made = sockets.newDatagramChannel(server.address().getAddress(), 512, 1);
                  loop.register(made);
                  made.bind(new InetSocketAddress(Addresses.parse("0.0.0.0", 0).getAddress(), 0));
                  made.connect(server.address());
                  return made;
                })
            .syncUninterruptibly()
            .getNow();
    assertThat(((InetSocketAddress) channel.localAddress()).getAddress())
        .isEqualTo(server.address().getAddress());
    channel.close().syncUninterruptibly();
  }

  /** Two responses to each query, the first one first. */
  private void twice(
      BiFunction<Message, Transport, Message> first,
      BiFunction<Message, Transport, Message> second) {
    server.otherwise().precededBy(first).replies(second);
  }

  private static Message badCookie(Message query) {
    Message reply = StubScript.reply(query, Rcode.BADCOOKIE & 15, List.of(), Section.ANSWER);
    byte[] ours = sent(query).getClientCookie();
    reply.addRecord(
        new OPTRecord(1232, Rcode.BADCOOKIE >> 4, 0, 0, new CookieOption(ours, SERVERS)),
        Section.ADDITIONAL);
    return reply;
  }

  private static Message answer(Message query, String record) {
    return StubScript.reply(query, Rcode.NOERROR, StubScript.parse(record), Section.ANSWER);
  }

  private static Message withCookie(Message reply, Message query) {
    return with(reply, new CookieOption(sent(query).getClientCookie(), SERVERS));
  }

  private static Message with(Message reply, EDNSOption option) {
    reply.addRecord(new OPTRecord(1232, 0, 0, 0, option), Section.ADDITIONAL);
    return reply;
  }

  private List<CookieOption> cookies() {
    List<CookieOption> cookies = new ArrayList<>();
    server.received().forEach(query -> cookies.add(sent(query.message())));
    return cookies;
  }

  private static CookieOption sent(Message query) {
    return (CookieOption) query.getOPT().getOptions(EDNSOption.Code.COOKIE).get(0);
  }

  private Answer ask() {
    return begin().answer();
  }

  private Catcher begin() {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(WWW, 0), catcher);
    return catcher;
  }

  private void restart(Sockets sockets, boolean cookies) {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    loops = sockets.newLoops(1, "test");
    forwarder = forwarder(sockets, cookies);
  }

  private Forwarder forwarder(Sockets sockets, boolean cookies) {
    UpstreamSettings plain =
        new UpstreamSettings(Servers.AUTO, Duration.ofSeconds(10), 5, 1232, Duration.ofSeconds(5));
    UpstreamSettings settings = With.component(plain, "cookies", cookies);
    Forwarder made =
        new Forwarder(
            loops,
            sockets,
            new SystemTicker(),
            settings,
            question -> new TtlLimits(0, 86_400, 900),
            Duration.ofSeconds(9),
            Runnable::run,
            QueryObserver.NONE);
    made.use(Upstreams.plain(server.address()));
    return made;
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("ten seconds are over").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
