package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubScript;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Pending;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Send;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;
import resolver.settings.Addresses;
import resolver.wire.ExtendedError;

/** The forwarder against name servers that really listen. */
class ForwarderTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";
  private static final String SOA =
      "example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";

  private final ExecutorService offLoop = Executors.newSingleThreadExecutor();
  private final AtomicInteger parsedOffLoop = new AtomicInteger();
  private final StubNameServer first = StubNameServer.start();
  private final StubNameServer second = StubNameServer.start();
  private final Ledger ledger = new Ledger();
  private EventLoopGroup loops = Sockets.best().newLoops(2, "test");
  private Forwarder forwarder = forwarder(Sockets.best());

  @BeforeEach
  void useTheFirst() {
    forwarder.use(plain(first.address()));
  }

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    offLoop.shutdownNow();
    first.close();
    second.close();
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void theAnswerComesBackWithItsProvenance(Sockets sockets) {
    restartOn(sockets);
    first.on("www.example.org", "A").answers(ADDRESS);
    Answer answer = ask(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.ttl()).isEqualTo(300);
    assertThat(answer.image(false)).isEqualTo(Answers.image(WWW, 300, 1, ADDRESS));
    assertThat(origin(answer).server()).isEqualTo(first.address());
    assertThat(origin(answer).transport()).isEqualTo(Transport.UDP);
    assertThat(origin(answer).tries()).isEqualTo(1);
    assertThat(origin(answer).roundTripNanos()).isPositive();
    assertThat(ledger.get(Send.FIRST)).isEqualTo(1);
  }

  /** What is told of flights adds up only without what is asked for none. */
  @Test
  void aQuestionBesideTheServersInUseCountsAsAProbe() {
    second.on("www.example.org", "A").answers(ADDRESS);
    for (List<Server> others : List.of(plain(second.address()), List.<Server>of())) {
      Catcher catcher = new Catcher(loops.next());
      forwarder.ask(others, Ask.byClient(WWW, 0), catcher);
      catcher.answer();
    }
    assertThat(second.count()).isEqualTo(1);
    assertThat(first.count()).isZero();
    assertThat(ledger.get(Send.PROBE)).isEqualTo(1);
    assertThat(ledger.get(Send.FIRST)).isZero();
    assertThat(ledger.get(Ledger.Count.FAILED_BEFORE_SEND)).isZero();
  }

  @Test
  void theQueryAsksAsAForwarderShould() {
    first.on("www.example.org", "A").answers(ADDRESS);
    byte[] name = Answers.name("WWW.Example.ORG").toWire();
    ask(Question.of(name, 1, 1, true)).answer();
    Message query = first.received().get(0).message();
    assertThat(query.getQuestion()).hasToString("www.example.org.\t0\tIN\tA");
    assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
    assertThat(query.getHeader().getFlag(Flags.CD)).isTrue();
    OPTRecord opt = query.getOPT();
    assertThat(opt.getPayloadSize()).isEqualTo(1232);
    assertThat(opt.getFlags() & ExtendedFlags.DO).isNotZero();
    assertThat(opt.getOptions())
        .singleElement()
        .isInstanceOfSatisfying(
            CookieOption.class, cookie -> assertThat(cookie.getServerCookie()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void aTruncatedResponseIsAskedForOverTcp(Sockets sockets) {
    restartOn(sockets);
    first.on("www.example.org", "A").truncatedOverUdp().answers(ADDRESS);
    Answer answer = ask(WWW).answer();
    assertThat(answer.image(false).answers()).isEqualTo(1);
    assertThat(origin(answer).transport()).isEqualTo(Transport.TCP);
    assertThat(ledger.get(Send.TCP)).isEqualTo(1);
  }

  /** RFC 2181 section 9: what is truncated is no answer. */
  @Test
  void aResponseTruncatedOverTcpIsNoAnswer() {
    forwarder.use(plain(first.address(), second.address()));
    first
        .on("www.example.org", "A")
        .replies(
            (query, transport) -> {
              Message reply =
                  StubScript.reply(query, Rcode.NOERROR, StubScript.parse(ADDRESS), Section.ANSWER);
              reply.getHeader().setFlag(Flags.TC);
              return reply;
            });
    second.on("www.example.org", "A").answers(ADDRESS);
    assertThat(origin(ask(WWW).answer()).server()).isEqualTo(second.address());
    forwarder.use(plain(first.address()));
    Answer alone = ask(WWW).answer();
    assertThat(alone.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(alone.errors().get(0).text()).contains("truncated");
  }

  @Test
  void oneTcpConnectionServesManyQueriesAndSurvivesAHangUp() {
    for (int i = 0; i < 4; i++) {
      first
          .on("n" + i + ".example.org", "A")
          .truncatedOverUdp()
          .answers("n" + i + ".example.org. 60 IN A 192.0.2.1");
    }
    assertThat(ask(Answers.question("n0.example.org", "A")).answer().rcode()).isZero();
    assertThat(ask(Answers.question("n1.example.org", "A"), 0).answer().rcode()).isZero();
    assertThat(first.connections()).isEqualTo(1);
    first.hangUp();
    assertThat(ask(Answers.question("n2.example.org", "A"), 0).answer().rcode()).isZero();
    assertThat(first.connections()).isEqualTo(2);
  }

  @Test
  void aSilentServerIsFollowedByTheNext() {
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").silent();
    second.on("www.example.org", "A").answers(ADDRESS);
    Answer answer = ask(WWW).answer();
    assertThat(origin(answer).server()).isEqualTo(second.address());
    assertThat(origin(answer).tries()).isEqualTo(2);
  }

  @Test
  void theAnswerToAnEarlierTryStillCounts() {
    CountDownLatch gate = new CountDownLatch(1);
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").gatedBy(gate).answers(ADDRESS);
    second
        .on("www.example.org", "A")
        .replies(
            (query, transport) -> {
              gate.countDown();
              throw new IllegalStateException("no reply");
            });
    Answer answer = ask(WWW).answer();
    assertThat(origin(answer).server()).isEqualTo(first.address());
  }

  @Test
  void aFailureEndsTheLookupThoughAnEarlierTryWasLost() {
    forwarder = forwarder(Sockets.best(), Duration.ofMillis(100), Duration.ofMinutes(1));
    useTheFirst();
    first.on("www.example.org", "A").silentFirst(1).rcode(Rcode.SERVFAIL);
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).as("lost, failed, and asked once more").isEqualTo(3);
  }

  @Test
  void whenAllServersFailThoseThatMayRecoverAreAskedOnceMore() {
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").failingFirst(1, Rcode.SERVFAIL).answers(ADDRESS);
    second.on("www.example.org", "A").rcode(Rcode.REFUSED);
    Answer answer = ask(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(origin(answer).tries()).isEqualTo(3);
    assertThat(second.count()).as("it will refuse again").isEqualTo(1);
  }

  /** Else everybody would wait for the silent one until the lookup's whole time is over. */
  @Test
  void whoHasFailedAndIsSilentThenIsNotWaitedForLong() {
    forwarder = forwarder(Sockets.best(), Duration.ofMillis(100), Duration.ofMinutes(1));
    useTheFirst();
    AtomicBoolean hasFailed = new AtomicBoolean();
    first
        .on("www.example.org", "A")
        .replies(
            (query, transport) -> {
              if (hasFailed.getAndSet(true)) {
                throw new IllegalStateException("no reply");
              }
              return StubScript.reply(query, Rcode.SERVFAIL, List.of(), Section.ANSWER);
            });
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).isEqualTo(2);
  }

  @Test
  void aFailureOverTcpEndsTheLookupThoughTriesOverUdpWereLost() {
    forwarder = forwarder(Sockets.best(), Duration.ofMillis(100), Duration.ofMinutes(1));
    useTheFirst();
    first.on("www.example.org", "A").silentOverUdp().rcode(Rcode.SERVFAIL);
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).as("lost twice, and over TCP").isEqualTo(3);
  }

  @Test
  void aServerWithoutEdnsIsAskedOnceMoreWithout() {
    useTheFirst();
    first
        .on("www.example.org", "A")
        .replies(
            (query, transport) -> {
              int rcode = query.getOPT() == null ? Rcode.SERVFAIL : Rcode.FORMERR;
              return StubScript.reply(query, rcode, List.of(), Section.ANSWER);
            });
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).as("with EDNS, and twice without").isEqualTo(3);
  }

  @Test
  void aNameThatFailsForGoodCostsTwoQueriesAServer() {
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").rcode(Rcode.SERVFAIL);
    second.on("www.example.org", "A").rcode(Rcode.SERVFAIL);
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).isEqualTo(2);
    assertThat(second.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2", // other
    "6, 1", // DNSSEC bogus
    "13, 1", // cached error
    "14, 2", // not ready
    "17, 1", // filtered
    "22, 1", // no reachable authority
    "23, 1" // network error
  })
  void aServerIsAskedOnceMoreWhereItsReasonMayPass(int error, int times) {
    useTheFirst();
    first.on("www.example.org", "A").extendedError(error, "").rcode(Rcode.SERVFAIL);
    assertThat(ask(WWW).answer().failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(first.count()).isEqualTo(times);
  }

  @ParameterizedTest
  @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP})
  void aServerThatFailsIsFollowedByTheNext(int rcode) {
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").rcode(rcode);
    second.on("www.example.org", "A").answers(ADDRESS);
    assertThat(ask(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
  }

  /** RFC 2308 section 2.2: NS without an SOA says where to ask, not that there is nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"A", "MX"})
  void aServerThatGivesAReferralIsFollowedByTheNext(String type) {
    forwarder.use(plain(first.address(), second.address()));
    Question question = Answers.question("www.example.org", type);
    first
        .on("www.example.org", type)
        .replies(withoutRecursion("example.org. 300 IN NS ns.example.org."));
    second.on("www.example.org", type).nodata(SOA);
    Answer answer = ask(question).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(origin(answer).server()).isEqualTo(second.address());
    forwarder.use(plain(first.address()));
    Answer alone = ask(question).answer();
    assertThat(alone.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(alone.failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(alone.errors())
        .extracting(ExtendedError::text)
        .containsExactly(
            Addresses.format(first.address()) + " gave a referral: the server does not resolve");
  }

  @Test
  void nothingButAReferralIsTakenForOne() {
    forwarder.use(plain(first.address(), second.address()));
    String ns = "example.org. 300 IN NS ns.example.org.";
    first.on("bare.example.org", "A").replies(withoutRecursion());
    first.on("soa.example.org", "A").replies(withoutRecursion(ns, SOA));
    first.on("resolves.example.org", "A").nodata(ns);
    first.on("authority.example.org", "A").replies(authoritative(ns));
    for (String name : List.of("bare", "soa", "resolves", "authority")) {
      Answer answer = ask(Answers.question(name + ".example.org", "A")).answer();
      assertThat(answer.failure()).as(name).isEqualTo(Answer.Failure.NONE);
      assertThat(origin(answer).server()).as(name).isEqualTo(first.address());
    }
  }

  /** Logs and terminals shall show the words of a server, and do nothing else. */
  @Test
  void theWordsOfAServerHaveNoControlCharacters() {
    first
        .on("www.example.org", "A")
        .extendedError(9, "no\u001b[31m key\nforged\u009b\u007f \u2028line")
        .rcode(Rcode.SERVFAIL);
    assertThat(ask(WWW).answer().errors())
        .extracting(ExtendedError::text)
        .containsExactly("upstream: no?[31m key?forged?? ?line");
  }

  @Test
  void whenAllServersFailTheLastFailureIsTheAnswer() {
    forwarder.use(plain(first.address(), second.address()));
    first.on("www.example.org", "A").rcode(Rcode.REFUSED);
    second.on("www.example.org", "A").extendedError(9, "no key").rcode(Rcode.SERVFAIL);
    Answer answer = ask(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(answer.ttl()).isZero();
    assertThat(answer.errors())
        .singleElement()
        .hasToString("ExtendedError[code=9, text=upstream: no key]");
    assertThat(first.count()).isEqualTo(1);
    assertThat(second.count()).isEqualTo(1);
  }

  /** BADVERS has zeros in the header, so a client without EDNS would read NOERROR. */
  @ParameterizedTest
  @ValueSource(ints = {Rcode.FORMERR, Rcode.NOTIMP, Rcode.NOTAUTH, Rcode.BADVERS})
  void anRcodeThatIsBetweenUsAndTheServerIsServfailToClients(int rcode) {
    forwarder.use(plain(first.address(), second.address()));
    first
        .on("www.example.org", "A")
        .replies(
            (query, transport) -> {
              Message reply = StubScript.reply(query, rcode, List.of(), Section.ANSWER);
              if (rcode > 15) {
                reply.addRecord(new OPTRecord(1232, rcode >> 4, 0), Section.ADDITIONAL);
              }
              return reply;
            });
    second.on("www.example.org", "A").answers(ADDRESS);
    assertThat(ask(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
    forwarder.use(plain(first.address()));
    Answer alone = ask(WWW).answer();
    assertThat(alone.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(alone.failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(alone.errors().get(0).text())
        .isEqualTo(Addresses.format(first.address()) + " answered " + Rcode.string(rcode));
  }

  @Test
  void aPortWhereNobodyListensFailsAtOnce() {
    InetSocketAddress gone = second.address();
    second.close();
    forwarder.use(plain(gone));
    Answer answer = ask(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.NETWORK);
    assertThat(answer.errors())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(23);
              assertThat(error.text()).contains(Addresses.format(gone));
            });
  }

  @Test
  void withoutServersTheAnswerIsServfail() {
    forwarder.use(plain());
    Answer answer = ask(WWW).answer();
    assertThat(answer.failure()).isEqualTo(Answer.Failure.NETWORK);
    assertThat(answer.errors().get(0).text()).isEqualTo("no upstream server is known");
  }

  @Test
  void silenceEndsWithTheLookupsTime() {
    forwarder = forwarder(Sockets.best(), Duration.ofMillis(100), Duration.ofMillis(1500));
    useTheFirst();
    first.on("www.example.org", "A").silent();
    Answer answer = ask(WWW).answer();
    assertThat(answer.failure()).isEqualTo(Answer.Failure.TIMEOUT);
    assertThat(answer.errors().get(0).code()).isEqualTo(22);
    assertThat(first.count()).as("RFC 9520: two retries").isEqualTo(3);
  }

  @Test
  void aWrongIdIsIgnored() {
    first.on("www.example.org", "A").wrongIdFirst().answers(ADDRESS);
    assertThat(ask(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(first.count()).isEqualTo(1);
  }

  @Test
  void aResponseToAnotherQuestionIsIgnored() {
    forwarder.use(plain(first.address(), second.address()));
    first
        .on("www.example.org", "A")
        .distortedBy(
            reply -> {
              reply[13] = 'x';
              return reply;
            })
        .answers(ADDRESS);
    second.on("www.example.org", "A").answers(ADDRESS);
    Answer answer = ask(WWW).answer();
    assertThat(origin(answer).server()).isEqualTo(second.address());
  }

  /** RFC 5452 section 9.1: only an error may come without the question. */
  @Test
  void aNameIsNotDeniedByAHeaderAlone() {
    forwarder.use(plain(first.address(), second.address()));
    first
        .on("www.example.org", "A")
        .distortedBy(
            reply -> {
              byte[] header = java.util.Arrays.copyOf(reply, 12);
              java.util.Arrays.fill(header, 4, 12, (byte) 0);
              return header;
            })
        .rcode(Rcode.NXDOMAIN);
    second.on("www.example.org", "A").answers(ADDRESS);
    assertThat(ask(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void rfc6891Section622FormerrIsRetriedWithoutEdns() {
    first
        .on("www.example.org", "A")
        .withoutEdns()
        .replies(
            (query, transport) ->
                query.getOPT() == null
                    ? StubScript.reply(query, Rcode.NOERROR, StubScript.parse(ADDRESS), 1)
                    : StubScript.reply(query, Rcode.FORMERR, List.of(), 1));
    assertThat(ask(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(first.count()).isEqualTo(2);
  }

  @Test
  void aGarbledDatagramIsAskedForOverTcp() {
    first
        .on("www.example.org", "A")
        .replies(
            (query, transport) ->
                StubScript.reply(query, Rcode.NOERROR, StubScript.parse(ADDRESS), 1));
    first
        .on("www.example.org", "A")
        .distortedBy(
            new java.util.function.UnaryOperator<byte[]>() {
              private int turn;

              @Override
              public synchronized byte[] apply(byte[] reply) {
                return turn++ == 0 ? java.util.Arrays.copyOf(reply, reply.length - 14) : reply;
              }
            })
        .answers(ADDRESS);
    Answer answer = ask(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(origin(answer).transport()).isEqualTo(Transport.TCP);
  }

  @Test
  void aLargeResponseIsParsedOffTheLoop() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      records.add("www.example.org. 300 IN A 192.0." + i / 250 + "." + i % 250);
    }
    first.on("www.example.org", "A").truncatedOverUdp().answers(records.toArray(String[]::new));
    assertThat(ask(WWW).answer().image(false).answers()).isEqualTo(1500);
  }

  /** Names of 127 labels, each told in two octets, take their time even in a small response. */
  @Test
  void aResponseOfManyRecordsIsParsedOffTheLoop() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add("www.example.org. 300 IN A 192.0.2." + i);
    }
    first.on("www.example.org", "A").answers(records.toArray(String[]::new));
    first.on("few.example.org", "A").answers("few.example.org. 300 IN A 192.0.2.1");
    assertThat(ask(WWW).answer().image(false).answers()).isEqualTo(40);
    ask(Answers.question("few.example.org", "A")).answer();
    assertThat(parsedOffLoop).hasValue(1);
  }

  @Test
  void whoLeavesGetsNothing() {
    CountDownLatch gate = new CountDownLatch(1);
    first.on("www.example.org", "A").gatedBy(gate).answers(ADDRESS);
    first.on("other.example.org", "A").answers("other.example.org. 300 IN A 192.0.2.1");
    Catcher catcher = new Catcher(loops.next());
    Pending pending = forwarder.ask(Ask.byClient(WWW, 0), catcher);
    pending.leave();
    pending.leave();
    gate.countDown();
    ask(Answers.question("other.example.org", "A")).answer();
    assertThat(catcher.answers()).isEmpty();
  }

  @Test
  void rfc5452PortsAndIdsAreSpread() {
    first.otherwise().rcode(Rcode.NXDOMAIN);
    List<Catcher> catchers = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      catchers.add(ask(Answers.question("n" + i + ".example.org", "A")));
    }
    catchers.forEach(Catcher::answer);
    Set<Integer> ports = new HashSet<>();
    Set<Integer> ids = new HashSet<>();
    first
        .received()
        .forEach(
            query -> {
              ports.add(query.client().getPort());
              ids.add(query.message().getHeader().getID());
            });
    assertThat(ports).hasSizeGreaterThanOrEqualTo(8).allMatch(port -> port >= 16_384);
    assertThat(ids).hasSizeGreaterThan(550);
  }

  private void restartOn(Sockets sockets) {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    loops = sockets.newLoops(2, "test");
    forwarder = forwarder(sockets);
    useTheFirst();
  }

  private Forwarder forwarder(Sockets sockets) {
    return forwarder(sockets, Duration.ofMillis(400), Duration.ofSeconds(8));
  }

  private Forwarder forwarder(Sockets sockets, Duration tryTimeout, Duration lookupTime) {
    UpstreamSettings settings =
        new UpstreamSettings(Servers.AUTO, tryTimeout, 5, 1232, Duration.ofSeconds(5));
    return new Forwarder(
        loops,
        sockets,
        new SystemTicker(),
        settings,
        question -> new TtlLimits(0, 86_400, 900),
        lookupTime,
        task -> {
          parsedOffLoop.incrementAndGet();
          offLoop.execute(task);
        },
        ledger);
  }

  /** No answer, these records in the authority section, and RA not set. */
  private static BiFunction<Message, Transport, Message> withoutRecursion(String... authority) {
    return (query, transport) -> {
      Message reply =
          StubScript.reply(query, Rcode.NOERROR, StubScript.parse(authority), Section.AUTHORITY);
      reply.getHeader().unsetFlag(Flags.RA);
      return reply;
    };
  }

  private static BiFunction<Message, Transport, Message> authoritative(String... authority) {
    return (query, transport) -> {
      Message reply = withoutRecursion(authority).apply(query, transport);
      reply.getHeader().setFlag(Flags.AA);
      return reply;
    };
  }

  private static Provenance origin(Answer answer) {
    return Objects.requireNonNull(answer.provenance());
  }

  private Catcher ask(Question question) {
    return ask(question, 0);
  }

  private Catcher ask(Question question, int loop) {
    Catcher catcher = new Catcher(loopNumber(loop));
    forwarder.ask(Ask.byClient(question, 0), catcher);
    return catcher;
  }

  private java.util.concurrent.Executor loopNumber(int number) {
    List<java.util.concurrent.Executor> all = new ArrayList<>();
    loops.forEach(all::add);
    return all.get(number);
  }
}
