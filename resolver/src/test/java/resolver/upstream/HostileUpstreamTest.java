package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.DnsClient;
import resolver.fixtures.EchoNameServer;
import resolver.fixtures.HandExecutor;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver.Send;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;

/** Upstream servers, and those who pretend to be, that send anything but what they should. */
class HostileUpstreamTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final Duration TRY = Duration.ofMillis(150);
  private static final Duration LOOKUP = Duration.ofMillis(1200);

  private Executor offLoop = Runnable::run;
  private final Ledger ledger = new Ledger();
  private final EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private final List<AutoCloseable> servers = new ArrayList<>();
  private final List<Forwarder> forwarders = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    forwarders.forEach(forwarder -> forwarder.use(plain()));
    loops.submit(() -> {}).awaitUninterruptibly();
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    for (AutoCloseable server : servers) {
      server.close();
    }
  }

  /** Octets that nobody should take for the response, sent before it. */
  private static List<byte[]> forgeries(byte[] query) {
    byte[] right = RawNameServer.answer(query);
    List<byte[]> all = new ArrayList<>();
    for (int bit = 0; bit < 16; bit++) {
      all.add(with(right, bit / 8, right[bit / 8] ^ 1 << bit % 8));
    }
    all.add(with(right, 2, right[2] & 0x7f)); // QR
    all.add(with(right, 2, right[2] | 0x10)); // opcode
    all.add(with(right, 5, 0)); // no question, but a record
    all.add(with(right, 5, 2));
    all.add(with(right, 13, 'x')); // the name
    all.add(with(right, 30, 28)); // the type
    all.add(with(right, 32, 3)); // the class
    all.add(Arrays.copyOf(right, 11));
    all.add(Arrays.copyOf(right, 12)); // a header with RCODE 0
    all.add(Arrays.copyOf(right, 30));
    all.add(new byte[0]);
    all.add(new byte[1]);
    return all;
  }

  @Test
  void rfc5452Section91forgeriesArePassedOver() {
    RawNameServer server =
        udp(
            query -> {
              List<byte[]> all = forgeries(query);
              all.add(RawNameServer.answer(query));
              return all;
            });
    Answer answer = ask(patient(server), WWW);
    assertThat(answer.rcode()).isZero();
    assertThat(answer.image(false).answers()).isEqualTo(1);
    assertThat(ledger.get(Send.FIRST)).isEqualTo(1);
    assertThat(ledger.get(Send.RETRY)).isZero();
  }

  @Test
  void forgeriesAloneAreSilence() {
    Answer answer = ask(forwarder(udp(HostileUpstreamTest::forgeries)), WWW);
    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.TIMEOUT);
  }

  @Test
  void aLateResponseToAnotherLookupIsPassedOver() {
    Set<byte[]> late = ConcurrentHashMap.newKeySet();
    RawNameServer server =
        udp(
            query -> {
              List<byte[]> all = new ArrayList<>(late);
              late.add(RawNameServer.answer(query));
              all.add(RawNameServer.answer(query));
              all.add(RawNameServer.answer(query));
              return all;
            });
    Forwarder forwarder = patient(server);
    for (int i = 0; i < 200; i++) {
      Answer answer = ask(forwarder, Answers.question("n" + i + ".example.org", "A"));
      assertThat(answer.image(false).answers()).isEqualTo(1);
    }
  }

  @Test
  void aHeaderAloneWithARcodeIsTheServersFailure() {
    RawNameServer server =
        udp(
            query -> {
              byte[] header = Arrays.copyOf(RawNameServer.response(query), 12);
              return List.of(with(with(header, 5, 0), 3, Rcode.SERVFAIL));
            });
    Answer answer = ask(patient(server), WWW);
    assertThat(answer.failure()).isEqualTo(Answer.Failure.UPSTREAM_RCODE);
    assertThat(ledger.get(Send.FIRST)).isEqualTo(1);
    assertThat(ledger.get(Send.RETRY)).as("it may recover").isEqualTo(1);
  }

  @Test
  void aResponseCutAnywhereIsAskedForOverTcp() {
    Random random = new Random(7);
    RawNameServer server =
        server(
            query -> {
              byte[] right = RawNameServer.answer(query);
              int question = right.length - 16;
              return List.of(Arrays.copyOf(right, question + random.nextInt(16)));
            },
            socket -> {
              while (true) {
                byte[] query = RawNameServer.read(socket);
                socket.getOutputStream().write(DnsClient.frame(RawNameServer.answer(query)));
              }
            });
    Forwarder forwarder = patient(server);
    for (int i = 0; i < 50; i++) {
      Answer answer = ask(forwarder, Answers.question("n" + i + ".example.org", "A"));
      assertThat(answer.image(false).answers()).isEqualTo(1);
      assertThat(Objects.requireNonNull(answer.provenance()).transport()).isEqualTo(Transport.TCP);
    }
    assertThat(server.accepted()).isEqualTo(1);
  }

  @Test
  void garbageInRecordsNeverEndsALookupWithoutAnAnswer() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RawNameServer server =
        server(
            query -> {
              byte[] reply = RawNameServer.answer(query);
              for (int i = random.nextInt(5); i >= 0; i--) {
                int from = reply.length - 16;
                reply[from + random.nextInt(16)] = (byte) random.nextInt(256);
              }
              return List.of(reply);
            },
            socket -> {});
    Forwarder forwarder = forwarder(server);
    for (int i = 0; i < 500; i++) {
      assertThat(ask(forwarder, Answers.question("n" + i + ".example.org", "A")))
          .as("seed %d", seed)
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "lies", "cut", "silence", "hangs up", "endless", "echo"})
  void aBrokenStreamEndsInTime(String kind) {
    RawNameServer.Talk talk =
        switch (kind) {
          case "garbage" ->
              socket -> {
                byte[] garbage = new byte[65_535];
                new Random(1).nextBytes(garbage);
                RawNameServer.read(socket);
                socket.getOutputStream().write(garbage);
                socket.getInputStream().read();
              };
          case "lies" ->
              socket -> {
                byte[] frame = DnsClient.frame(RawNameServer.answer(RawNameServer.read(socket)));
                frame[0] = 1;
                socket.getOutputStream().write(frame);
                socket.getInputStream().read();
              };
          case "cut" ->
              socket -> {
                byte[] frame = DnsClient.frame(RawNameServer.answer(RawNameServer.read(socket)));
                socket.getOutputStream().write(frame, 0, 20);
              };
          case "silence" -> socket -> socket.getInputStream().readAllBytes();
          case "hangs up" -> RawNameServer::read;
          case "endless" ->
              socket -> {
                byte[] frame = DnsClient.frame(new byte[40]);
                while (true) {
                  socket.getOutputStream().write(frame);
                }
              };
          default ->
              socket -> socket.getOutputStream().write(DnsClient.frame(RawNameServer.read(socket)));
        };
    RawNameServer server = server(RawNameServer::truncated, talk);
    Answer answer = ask(forwarder(server), WWW);
    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(server.accepted()).as("connections").isBetween(1, 4);
  }

  @Test
  void aServerThatAnswersAndHangsUpIsNotAskedForEver() {
    RawNameServer server =
        server(
            RawNameServer::truncated,
            socket -> {
              // Any frame proves that the connection worked.
              RawNameServer.read(socket);
              socket.getOutputStream().write(DnsClient.frame(new byte[40]));
            });
    Answer answer = ask(forwarder(server), WWW);
    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(server.accepted()).isLessThanOrEqualTo(2);
  }

  @Test
  void aServerThatSendsWithoutEndIsRidOfItsConnection() throws InterruptedException {
    CountDownLatch hungUp = new CountDownLatch(2);
    RawNameServer server =
        server(
            RawNameServer::truncated,
            socket -> {
              byte[] frame = DnsClient.frame(new byte[40]);
              try {
                while (true) {
                  socket.getOutputStream().write(frame);
                }
              } finally {
                hungUp.countDown();
              }
            });
    // Long before the lookup's time is over, and the connection's idle time after it.
    Forwarder forwarder = forwarder(Duration.ofSeconds(2), Duration.ofSeconds(60));
    forwarder.use(plain(server.address()));
    assertThat(ask(forwarder, WWW).failure()).isEqualTo(Answer.Failure.NETWORK);
    assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.accepted()).isEqualTo(2);
  }

  @Test
  void aConnectionThatFellSilentIsGivenUp() {
    AtomicInteger connection = new AtomicInteger();
    RawNameServer server =
        server(
            RawNameServer::truncated,
            socket -> {
              boolean silent = connection.getAndIncrement() == 0;
              while (true) {
                byte[] query = RawNameServer.read(socket);
                if (!silent) {
                  socket.getOutputStream().write(DnsClient.frame(RawNameServer.answer(query)));
                }
              }
            });
    Forwarder forwarder = forwarder(Duration.ofMillis(500), Duration.ofSeconds(2));
    forwarder.use(plain(server.address()));
    assertThat(ask(forwarder, WWW).rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(ask(forwarder, WWW).rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.accepted()).isEqualTo(2);
  }

  @Test
  void aLargeResponseIsWaitedForThoughAnotherCannotBeUnderstood() {
    HandExecutor slowly = new HandExecutor();
    offLoop = slowly;
    RawNameServer broken = server(RawNameServer::truncated, large(false));
    RawNameServer sound = server(RawNameServer::truncated, large(true));
    Forwarder forwarder = forwarder(TRY, Duration.ofSeconds(8), 3);
    forwarder.use(plain(broken.address(), sound.address()));
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(WWW, 0), catcher);
    long giveUp = System.nanoTime() + Duration.ofSeconds(8).toNanos();
    while (slowly.waiting() < 2) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
    slowly.runOne();
    loops.submit(() -> {}).awaitUninterruptibly();
    assertThat(catcher.answers()).isEmpty();
    slowly.runOne();
    assertThat(catcher.answer().rcode()).isZero();
    assertThat(catcher.answer().image(false).answers()).isEqualTo(400);
  }

  /** Answers over TCP with a response that is large for its other records, sound or not. */
  private static RawNameServer.Talk large(boolean sound) {
    return socket -> {
      byte[] reply = RawNameServer.answer(RawNameServer.read(socket));
      int record = reply.length - 16;
      byte[] all = Arrays.copyOf(reply, record + 16 * 400);
      for (int i = 1; i < 400; i++) {
        System.arraycopy(reply, record, all, record + 16 * i, 16);
        all[record + 16 * i + 13] = (byte) i;
      }
      all[6] = 400 >> 8;
      all[7] = (byte) 400;
      if (!sound) {
        all[record + 11] = 5;
      }
      socket.getOutputStream().write(DnsClient.frame(all));
      socket.getInputStream().read();
    };
  }

  @Test
  void whatWouldTakeTooLongToParseIsNotParsed() {
    RawNameServer hostile = server(RawNameServer::truncated, HostileUpstreamTest::longNames);
    RawNameServer sound = server(query -> List.of(RawNameServer.answer(query)), socket -> {});
    Forwarder forwarder = forwarder(TRY, Duration.ofSeconds(8), 3);
    forwarder.use(plain(hostile.address()));
    Answer refused = ask(forwarder, WWW);
    assertThat(refused.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(refused.errors().toString()).contains("cannot be understood");
    forwarder.use(plain(hostile.address(), sound.address()));
    assertThat(ask(forwarder, WWW).rcode()).isEqualTo(Rcode.NOERROR);
  }

  /** 4,000 records whose names have 120 labels each, in two octets. */
  private static void longNames(Socket socket) throws IOException {
    byte[] query = RawNameServer.read(socket);
    ByteBuf reply = Unpooled.buffer().writeBytes(RawNameServer.answer(query));
    int name = reply.writerIndex();
    for (int i = 0; i < 120; i++) {
      reply.writeByte(1).writeByte('x');
    }
    reply.writeByte(0).writeShort(16).writeShort(1).writeInt(60).writeShort(0);
    for (int i = 0; i < 4000; i++) {
      reply.writeShort(0xc000 | name).writeShort(16).writeShort(1).writeInt(60).writeShort(0);
    }
    reply.setShort(6, 4002);
    socket.getOutputStream().write(DnsClient.frame(ByteBufUtil.getBytes(reply)));
    socket.getInputStream().read();
  }

  @Test
  void serversAfterABrokenOneAreAsked() {
    RawNameServer broken = server(RawNameServer::truncated, RawNameServer::read);
    RawNameServer sound = udp(query -> List.of(RawNameServer.answer(query)));
    assertThat(ask(patient(broken, sound), WWW).rcode()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thousandsOfLookupsLeakNoSocket() throws IOException, InterruptedException {
    try (EchoNameServer echo = EchoNameServer.start()) {
      Forwarder forwarder = forwarder(Duration.ofSeconds(3), Duration.ofSeconds(9));
      forwarder.use(plain(echo.address()));
      lookUp(forwarder, 500);
      int before = openDescriptors();
      for (int i = 0; i < 10; i++) {
        lookUp(forwarder, 500);
      }
      assertThat(openDescriptors() - before).isBetween(-10, 10);
      forwarder.use(plain());
      loops.submit(() -> {}).await();
      int closed = openDescriptors();
      assertThat(before - closed).as("sockets closed with the server").isBetween(4, 12);
    }
  }

  @Test
  void aPortIsGoodForSoManyExchangesAndNoMore() {
    try (EchoNameServer echo = EchoNameServer.start()) {
      Forwarder forwarder = forwarder(Duration.ofSeconds(3), Duration.ofSeconds(9));
      forwarder.use(plain(echo.address()));
      for (int i = 0; i < 8; i++) {
        lookUp(forwarder, 500);
      }
      assertThat(echo.countByPort().values())
          .allMatch(count -> count <= UdpPort.MOST_EXCHANGES)
          .hasSizeGreaterThanOrEqualTo(4000 / UdpPort.MOST_EXCHANGES);
    }
  }

  private void lookUp(Forwarder forwarder, int lookups) {
    EventExecutor loop = loops.next();
    List<Catcher> all = new ArrayList<>();
    for (int i = 0; i < lookups; i++) {
      Catcher catcher = new Catcher(loop);
      forwarder.ask(Ask.byClient(Answers.question("n" + i + ".example.org", "A"), 0), catcher);
      all.add(catcher);
    }
    all.forEach(catcher -> assertThat(catcher.answer().rcode()).isZero());
  }

  private static int openDescriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return (int) all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RawNameServer udp(Function<byte[], List<byte[]>> datagrams) {
    return server(datagrams, Socket::close);
  }

  private RawNameServer server(Function<byte[], List<byte[]>> datagrams, RawNameServer.Talk talk) {
    RawNameServer server = new RawNameServer(datagrams, talk);
    servers.add(server);
    return server;
  }

  /** For tests that need an answer, however busy the machine is. */
  private Forwarder patient(RawNameServer... ask) {
    Forwarder forwarder = forwarder(Duration.ofSeconds(3), Duration.ofSeconds(9));
    forwarder.use(Stream.of(ask).map(RawNameServer::address).map(Server::plain).toList());
    return forwarder;
  }

  private Forwarder forwarder(RawNameServer... ask) {
    Forwarder forwarder = forwarder(TRY, LOOKUP);
    forwarder.use(Stream.of(ask).map(RawNameServer::address).map(Server::plain).toList());
    return forwarder;
  }

  private Forwarder forwarder(Duration tryTimeout, Duration lookupTime) {
    return forwarder(tryTimeout, lookupTime, 5);
  }

  private Forwarder forwarder(Duration tryTimeout, Duration lookupTime, int tries) {
    UpstreamSettings settings =
        new UpstreamSettings(Servers.AUTO, tryTimeout, tries, 1232, Duration.ofSeconds(5));
    Forwarder forwarder =
        new Forwarder(
            loops,
            Sockets.best(),
            new SystemTicker(),
            settings,
            question -> new TtlLimits(0, 86_400, 900),
            lookupTime,
            offLoop,
            ledger);
    forwarders.add(forwarder);
    return forwarder;
  }

  private Answer ask(Forwarder forwarder, Question question) {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(question, 0), catcher);
    return catcher.answer();
  }

  private static byte[] with(byte[] message, int at, int octet) {
    byte[] changed = message.clone();
    changed[at] = (byte) octet;
    return changed;
  }
}
