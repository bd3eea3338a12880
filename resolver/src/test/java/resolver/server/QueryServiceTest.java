package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.HandExecutor;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.RecordingObserver;
import resolver.fixtures.ScriptedSource;
import resolver.policy.AnswerRules;
import resolver.policy.PolicySettings;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Provenance;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.settings.Addresses;
import resolver.settings.Network;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/** The client half with a scripted shared half and a clock moved by hand. */
class QueryServiceTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final String ADDRESS = "www.example.org. 300 IN A 192.0.2.1";
  private static final InetSocketAddress SELF = Addresses.parse("127.0.0.1", 40_000);
  private static final InetSocketAddress STRANGER = Addresses.parse("192.0.2.7", 40_000);
  private static final Duration DEADLINE = ServerSettings.DEFAULTS.clientDeadline();
  private static final String NO_DIRECT_MEMORY =
      "Cannot reserve 65536 bytes of direct buffer memory (allocated: 67108000, limit: 67108864)";

  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final ScriptedSource source = new ScriptedSource();
  private final ScriptedSource cacheOnly = new ScriptedSource();
  private final Client client = new Client();
  private final QueryService service = service(source, Runnable::run);
  private final LogCatcher log = new LogCatcher(QueryService.class);
  private final LogCatcher faults = new LogCatcher(QueryService.class);

  /** Keeps what it gets. */
  private static class Client implements Responder {
    private final List<byte[]> responses = new ArrayList<>();
    private int ignored;

    @Override
    public ByteBuf newBuffer() {
      // Like a frame over TCP: rendering must not suppose that it begins at zero.
      return PooledByteBufAllocator.DEFAULT.directBuffer(16).writeShort(0);
    }

    @Override
    public void respond(ByteBuf response) {
      byte[] octets = new byte[response.skipBytes(2).readableBytes()];
      response.readBytes(octets);
      response.release();
      responses.add(octets);
    }

    @Override
    public void ignore() {
      ignored++;
    }

    Message only() {
      assertThat(responses).hasSize(1);
      return DnsClient.parse(responses.get(0));
    }
  }

  @AfterEach
  void everyBufferIsReleased() {
    log.close();
    faults.close();
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isZero();
  }

  @Test
  void atTheClientsDeadlineTheAnswerIsServfail() {
    ask(DnsClient.query("www.example.org", "A", 1232, 0));
    clock.advance(DEADLINE.minusNanos(1));
    assertThat(client.responses).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(client.only().getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(errorsOf(client.only())).containsExactly(22);
    assertThat(source.held(0).left()).isTrue();
    assertThat(observer.count("gaveUp(DEADLINE)")).isEqualTo(1);
    assertThat(source.held(0).ask().deadline() - clock.nanos()).isZero();
  }

  @Test
  void theDeadlineIsTakenBackWithTheAnswer() {
    ask(DnsClient.query("www.example.org", "A"));
    source.answer(0, answer());
    clock.advance(DEADLINE);
    assertThat(client.responses).hasSize(1);
    assertThat(source.held(0).left()).isFalse();
  }

  @Test
  void anAnswerInTheTurnOfTheDeadlineIsGivenOnce() {
    HandExecutor loop = new HandExecutor();
    QueryService inTurns = service(source, loop);
    ask(inTurns, DnsClient.query("www.example.org", "A"));
    source.answer(0, answer());
    clock.advance(DEADLINE);
    loop.runAll();
    assertThat(client.only().getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void aDeadlineInTheTurnOfTheAnswerDoesNothing() {
    HandExecutor loop = new HandExecutor();
    QueryService inTurns = service(source, loop);
    ask(inTurns, DnsClient.query("www.example.org", "A"));
    source.answer(0, answer());
    loop.runAll();
    clock.advance(DEADLINE);
    assertThat(client.only().getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aSourceThatThrowsMakesServfail() {
    AnswerSource broken =
        (ask, to) -> {
          throw new IllegalStateException("broken on purpose");
        };
    ask(service(broken, Runnable::run), DnsClient.query("www.example.org", "A", 1232, 0));
    assertThat(client.only().getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(errorsOf(client.only())).containsExactly(0);
    assertThat(log.messages()).containsExactly("looking up www.example.org. IN A threw");
    assertThat(observer.count("classified(DEFECT)")).isEqualTo(1);
    assertThat(clock.pending()).isZero();
  }

  @Test
  void aSourceThatAnswersAndThrowsHasAnswered() {
    AnswerSource broken =
        (ask, to) -> {
          to.receive(answer(), Delivery.AT_ONCE);
          throw new IllegalStateException("broken on purpose");
        };
    ask(service(broken, Runnable::run), DnsClient.query("www.example.org", "A"));
    assertThat(client.only().getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void anAnswerAtOnceSetsNoDeadline() {
    AnswerSource quick =
        (ask, to) -> {
          to.receive(answer(), Delivery.AT_ONCE);
          return Pending.DONE;
        };
    ask(service(quick, Runnable::run), DnsClient.query("www.example.org", "A"));
    assertThat(client.responses).hasSize(1);
    assertThat(clock.pending()).isZero();
  }

  @Test
  void aClientOffTheListIsRefused() {
    handle(service, DnsClient.query("www.example.org", "A", 1232, 0).toWire(), STRANGER);
    assertThat(client.only().getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(errorsOf(client.only())).containsExactly(18);
    assertThat(observer.count("classified(REFUSED)")).isEqualTo(1);
    assertThat(source.asked()).isZero();
  }

  @Test
  void aStrangersNoiseIsMetWithSilence() {
    handle(service, new byte[11], STRANGER);
    assertThat(client.responses).isEmpty();
    assertThat(client.ignored).isEqualTo(1);
    assertThat(observer.count("classified(DROPPED)")).isEqualTo(1);
  }

  @Test
  void whoDoesNotDesireRecursionIsAnsweredFromTheCacheAlone() {
    Message query = DnsClient.query("www.example.org", "A");
    query.getHeader().unsetFlag(Flags.RD);
    ask(query);
    assertThat(source.asked()).isZero();
    cacheOnly.answer(0, answer());
    assertThat(client.only().getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(client.only().getHeader().getFlag(Flags.RA)).isTrue();
  }

  @Test
  void rfc8482anyIsAnsweredByRule() {
    ask(DnsClient.query("www.example.org", "ANY"));
    assertThat(client.only().getSection(Section.ANSWER))
        .singleElement()
        .asString()
        .isEqualTo("www.example.org.\t300\tIN\tHINFO\t\"RFC8482\" \"\"");
    assertThat(observer.count("classified(LOCAL)")).isEqualTo(1);
    assertThat(source.asked()).isZero();
  }

  @Test
  void anAnswerThatMayNotGoOutIsRefusedAndCounted() {
    AnswerRules rules = new AnswerRules(PolicySettings.DEFAULTS, Policies.EDITION);
    QueryService guarded = service(source, Runnable::run, rules);
    ask(guarded, DnsClient.query("www.example.org", "A", 1232, 0));
    Answer kept = answer(0, image("www.example.org. 300 IN A 10.0.0.1"), false);
    source.answer(0, kept);
    assertThat(client.only().getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(client.only().getSection(Section.ANSWER)).isEmpty();
    assertThat(errorsOf(client.only())).containsExactly(17);
    assertThat(observer.count("answerRefused")).isEqualTo(1);
    assertThat(observer.count("classified(REFUSED)")).as("that is for clients").isZero();

    rules.use(new PolicySettings(true, List.of(Answers.name("example.org"))));
    client.responses.clear();
    ask(guarded, DnsClient.query("www.example.org", "A", 1232, 0));
    source.answer(1, kept);
    assertThat(client.only().getSection(Section.ANSWER)).hasSize(1);
    assertThat(observer.count("answerRefused")).isEqualTo(1);
  }

  @Test
  void idAndSpellingOfTheNameAreTheClients() {
    Message query = DnsClient.query("wWw.eXAMPLE.oRg", "A");
    ask(query);
    assertThat(source.held(0).ask().question()).isEqualTo(WWW);
    source.answer(0, answer());
    Message response = client.only();
    assertThat(response.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(response.getQuestion()).hasToString("wWw.eXAMPLE.oRg.\t0\tIN\tA");
    assertThat(response.getSection(Section.ANSWER))
        .singleElement()
        .hasToString("wWw.eXAMPLE.oRg.\t300\tIN\tA\t192.0.2.1");
  }

  @ParameterizedTest
  @CsvSource({"0x0100, 0x8180", "0x0110, 0x8190", "0x0120, 0x8180", "0x0340, 0x8180"})
  void rdAndCdAreRepeatedAndNothingElse(String asked, String answered) {
    byte[] query = DnsClient.query("www.example.org", "A").toWire();
    query[2] = (byte) (Integer.decode(asked) >> 8);
    query[3] = (byte) (int) Integer.decode(asked);
    handle(service, query, SELF);
    source.answer(0, answer());
    byte[] response = client.responses.get(0);
    assertThat((response[2] & 0xff) << 8 | (response[3] & 0xff))
        .isEqualTo(Integer.decode(answered));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false, false",
    "true, false, false, false",
    "true, true, false, true",
    "true, false, true, true",
    "true, true, true, true",
    "false, true, true, false"
  })
  void rfc6840Section58adIsToldToThoseWhoAsk(
      boolean authentic, boolean ad, boolean dnssecOk, boolean told) {
    Message query =
        dnssecOk
            ? DnsClient.query("www.example.org", "A", 1232, ExtendedFlags.DO)
            : DnsClient.query("www.example.org", "A");
    if (ad) {
      query.getHeader().setFlag(Flags.AD);
    }
    ask(query);
    source.answer(0, answer(Rcode.NOERROR, image(ADDRESS), authentic));
    assertThat(client.only().getHeader().getFlag(Flags.AD)).isEqualTo(told);
  }

  @Test
  void rfc6891Section611optIsForThoseWhoSentOne() {
    ask(DnsClient.query("www.example.org", "A"));
    source.answer(0, answer());
    assertThat(client.only().getOPT()).isNull();
  }

  @Test
  void optTellsOurSizeAndRepeatsDoAlone() {
    ask(DnsClient.query("www.example.org", "A", 4096, 0xffff));
    source.answer(0, answer());
    OPTRecord opt = client.only().getOPT();
    assertThat(opt.getPayloadSize()).isEqualTo(1232);
    assertThat(opt.getFlags()).isEqualTo(ExtendedFlags.DO);
    assertThat(opt.getVersion()).isZero();
    assertThat(opt.getOptions()).isEmpty();
  }

  @Test
  void rfc6891Section613anExtendedRcodeIsSplit() {
    ask(DnsClient.query("www.example.org", "A", 1232, 0));
    source.answer(0, answer(Rcode.BADCOOKIE, ResponseImage.EMPTY, false));
    assertThat(client.only().getRcode()).isEqualTo(Rcode.BADCOOKIE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 512, 513, 1231, 1232, 4096, 65_535})
  void noResponseIsLongerThanItMayBe(int size) {
    int limit = Math.min(1232, Math.max(512, size));
    int whole = 0;
    for (int length = 300; length < 1300; length++) {
      client.responses.clear();
      Message query =
          size == 0
              ? DnsClient.query("www.example.org", "TXT")
              : DnsClient.query("www.example.org", "TXT", size, 0);
      ask(query);
      source.answer(source.asked() - 1, answer(Rcode.NOERROR, text(length), false, "why", "how"));
      assertThat(client.responses.get(0).length).isLessThanOrEqualTo(limit);
      Message response = client.only();
      boolean cut = response.getHeader().getFlag(Flags.TC);
      assertThat(response.getSection(Section.ANSWER).isEmpty()).isEqualTo(cut);
      assertThat(response.getOPT() == null).isEqualTo(size == 0);
      whole += cut ? 0 : 1;
    }
    // Header, question, OPT, and the record around its text take 12 + 21 + 11 + 12 octets.
    int bare = size == 0 ? 45 : 56;
    assertThat(whole).isBetween(limit - bare - 310, limit - bare - 290);
  }

  @Test
  void extendedErrorsAreLeftOutWhereTheyDoNotFit() {
    for (int length = 400; length < 460; length++) {
      ask(DnsClient.query("www.example.org", "TXT", 512, 0));
      source.answer(source.asked() - 1, answer(Rcode.NOERROR, text(length), false, "aa", "bb"));
    }
    List<Integer> errors = new ArrayList<>();
    for (byte[] octets : client.responses) {
      Message response = DnsClient.parse(octets);
      if (!response.getHeader().getFlag(Flags.TC)) {
        errors.add(errorsOf(response).size());
      }
    }
    assertThat(errors).isSortedAccordingTo((a, b) -> b - a).contains(2, 1, 0);
  }

  @Test
  void overTcpNothingIsCut() {
    service.handle(
        Unpooled.wrappedBuffer(DnsClient.query("www.example.org", "TXT").toWire()),
        Transport.TCP,
        SELF,
        client);
    source.answer(0, answer(Rcode.NOERROR, text(60_000), false));
    assertThat(client.only().getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(client.responses.get(0).length).isGreaterThan(60_000);
  }

  @Test
  void ttlsAreCountedDownAndStopAtZero() {
    Answer answer = answer();
    clock.advance(Duration.ofSeconds(100));
    ask(DnsClient.query("www.example.org", "A"));
    source.answer(0, answer);
    clock.advance(Duration.ofMinutes(5));
    ask(DnsClient.query("www.example.org", "A"));
    source.answer(1, answer);
    List<Long> ttls = new ArrayList<>();
    for (byte[] response : client.responses) {
      ttls.add(DnsClient.parse(response).getSection(Section.ANSWER).get(0).getTTL());
    }
    assertThat(ttls).containsExactly(200L, 0L);
  }

  @Test
  void aRenderingThatThrowsLeaksNothingAndFreesThePlace() {
    Client small = withBuffers(() -> PooledByteBufAllocator.DEFAULT.directBuffer(4, 4));
    askAtOnce(small);
    assertThat(small.ignored).isEqualTo(1);
    assertThat(small.responses).isEmpty();
    assertThat(observer.count("responseLost")).isEqualTo(1);
    assertThat(faults.messages()).containsExactly("rendering a response threw");
  }

  @Test
  void withoutDirectMemoryAResponseIsLostAndCountedAndToldSeldom() {
    Client poor =
        withBuffers(
            () -> {
              throw new OutOfMemoryError(NO_DIRECT_MEMORY);
            });
    for (int i = 0; i < 100; i++) {
      askAtOnce(poor);
    }
    assertThat(poor.ignored).isEqualTo(100);
    assertThat(observer.count("responseLost")).isEqualTo(100);
    assertThat(faults.messages()).containsExactly("rendering a response threw");
    clock.advance(Duration.ofSeconds(10));
    askAtOnce(poor);
    assertThat(faults.messages())
        .hasSize(2)
        .contains("rendering a response threw (99 more such faults were not logged)");
  }

  @Test
  void aBufferThatCannotGrowIsReleased() {
    ByteBuf stiff = stiff(NO_DIRECT_MEMORY);
    Client poor = withBuffers(() -> stiff);
    askAtOnce(poor);
    assertThat(stiff.refCnt()).isZero();
    assertThat(poor.ignored).isEqualTo(1);
  }

  @Test
  void anErrorOfTheHeapIsPassedOn() {
    ByteBuf stiff = stiff("Java heap space");
    Client poor = withBuffers(() -> stiff);
    assertThatThrownBy(() -> askAtOnce(poor)).isInstanceOf(OutOfMemoryError.class);
    assertThat(stiff.refCnt()).isZero();
    assertThat(faults.messages()).isEmpty();
  }

  @Test
  void thePacketIsNeitherMovedNorReleased() {
    ByteBuf packet = Unpooled.wrappedBuffer(DnsClient.query("www.example.org", "A").toWire());
    int length = packet.readableBytes();
    service.handle(packet, Transport.UDP, SELF, client);
    assertThat(packet.refCnt()).isEqualTo(1);
    assertThat(packet.readableBytes()).isEqualTo(length);
    packet.setZero(0, length).release();
    source.answer(0, answer());
    assertThat(client.only().getQuestion().getName()).isEqualTo(Answers.name("www.example.org"));
  }

  @Test
  void everyQueryIsReceivedOnce() {
    ask(DnsClient.query("www.example.org", "A"));
    handle(service, new byte[12], SELF);
    handle(service, new byte[0], SELF);
    handle(service, new byte[12], STRANGER);
    assertThat(observer.count("received(UDP)")).isEqualTo(4);
    assertThat(observer.count("classified(MALFORMED)")).isEqualTo(1);
    assertThat(observer.count("classified(DROPPED)")).isEqualTo(1);
    assertThat(observer.count("classified(REFUSED)")).isEqualTo(1);
  }

  private QueryService service(AnswerSource resolving, Executor loop) {
    return service(resolving, loop, Policies.letAllOut());
  }

  private QueryService service(AnswerSource resolving, Executor loop, AnswerRules answerRules) {
    QueryService.Parts parts =
        new QueryService.Parts(
            Gates.open(List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128"))),
            Policies.byTypeAlone(),
            answerRules,
            new Sources(resolving, cacheOnly, cacheOnly),
            new WaitingClients(ServerSettings.DEFAULTS.waitingPerClient()),
            clock,
            observer,
            QueryTap.NONE,
            ServerSettings.DEFAULTS);
    return new QueryService(parts, loop, clock);
  }

  private static Client withBuffers(Supplier<ByteBuf> buffers) {
    return new Client() {
      @Override
      public ByteBuf newBuffer() {
        return buffers.get();
      }
    };
  }

  /** A buffer of four octets for which there is no more memory. */
  private static ByteBuf stiff(String why) {
    return new UnpooledHeapByteBuf(UnpooledByteBufAllocator.DEFAULT, 4, 1000) {
      @Override
      public ByteBuf capacity(int capacity) {
        throw new OutOfMemoryError(why);
      }
    };
  }

  /** What is answered by rule. */
  private void askAtOnce(Client from) {
    byte[] query = DnsClient.query("www.example.org", "ANY").toWire();
    service.handle(Unpooled.wrappedBuffer(query), Transport.UDP, SELF, from);
  }

  private void ask(Message query) {
    ask(service, query);
  }

  private void ask(QueryService asked, Message query) {
    handle(asked, query.toWire(), SELF);
  }

  private void handle(QueryService asked, byte[] packet, InetSocketAddress from) {
    asked.handle(Unpooled.wrappedBuffer(packet), Transport.UDP, from, client);
  }

  private Answer answer() {
    return answer(Rcode.NOERROR, image(ADDRESS), false);
  }

  private Answer answer(int rcode, ResponseImage image, boolean authentic, String... errors) {
    List<ExtendedError> list = new ArrayList<>();
    for (String error : errors) {
      list.add(new ExtendedError(0, error));
    }
    return Answer.of(
        rcode,
        image,
        image,
        clock.nanos(),
        300,
        authentic,
        Answer.Failure.NONE,
        list,
        new Provenance(Addresses.parse("192.0.2.53", 53), Transport.UDP, 1, 1, 1));
  }

  private static ResponseImage image(String... records) {
    return Answers.image(WWW, 300, Section.ANSWER, records);
  }

  /** One TXT record with about so many octets. */
  private static ResponseImage text(int length) {
    StringBuilder record = new StringBuilder("www.example.org. 300 IN TXT");
    for (int left = length; left > 0; left -= 256) {
      record.append(" \"").append("x".repeat(Math.min(left, 256) - 1)).append('"');
    }
    return Answers.image(
        Answers.question("www.example.org", "TXT"), 300, Section.ANSWER, record.toString());
  }

  private static List<Integer> errorsOf(Message message) {
    List<Integer> codes = new ArrayList<>();
    for (EDNSOption option : message.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
      codes.add(((ExtendedErrorCodeOption) option).getErrorCode());
    }
    return codes;
  }
}
