package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Gates;
import resolver.fixtures.Policies;
import resolver.fixtures.ScriptedSource;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.settings.Addresses;

/** The listeners with real sockets, before a scripted shared half. */
class ListenersTest {
  private static final int PIPELINE = 10;
  private static final Answer BIG = big();

  private final Ledger ledger = new Ledger();
  private final ScriptedSource source = new ScriptedSource();
  private AnswerSource resolving = source;
  private final List<EventLoopGroup> groups = new ArrayList<>();
  private final List<Listeners> opened = new ArrayList<>();

  @AfterEach
  void stop() {
    opened.forEach(Listeners::close);
    groups.forEach(group -> Sockets.end(group, 1000).awaitUninterruptibly(2000));
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void whatIsSentAheadOfAHalfCloseIsTakenInPortions(Sockets sockets) throws IOException {
    Listeners listeners = open(sockets, 10);
    int queries = 300;
    try (Socket socket = client(listeners).connect()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < queries; i++) {
        all.writeBytes(frame("n" + i + ".example.org"));
      }
      socket.getOutputStream().write(all.toByteArray());
      socket.shutdownOutput();
      Set<String> names = new HashSet<>();
      for (int i = 0; i < queries; i++) {
        int asked = i + 1;
        await(() -> source.asked() >= asked);
        assertThat(source.asked() - i).as("under way at once").isLessThanOrEqualTo(PIPELINE);
        answer(i);
        Message response = DnsClient.parse(DnsClient.readFrame(socket));
        names.add(response.getQuestion().getName().toString());
      }
      assertThat(names).hasSize(queries);
      assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
    }
    await(() -> listeners.connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void whoSendsNoMoreMayStillTakeMuch(Sockets sockets) throws IOException {
    resolving =
        (ask, to) -> {
          to.receive(BIG, Delivery.AT_ONCE);
          return Pending.DONE;
        };
    Listeners listeners = open(sockets, 10);
    int queries = 200;
    try (Socket socket = client(listeners).connect()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < queries; i++) {
        all.writeBytes(frame("big.example.org"));
      }
      socket.getOutputStream().write(all.toByteArray());
      socket.shutdownOutput();
      for (int i = 0; i < 3; i++) {
        client(listeners).tcp(DnsClient.query("big.example.org", "TXT"));
      }
      assertThat(ledger.received()).as("the queue is full").isLessThan(queries);
      for (int i = 0; i < queries; i++) {
        assertThat(DnsClient.readFrame(socket)).hasSizeGreaterThan(50_000);
      }
      assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void whoSendsNoMoreMayTakeALongResponseLater(Sockets sockets) throws IOException {
    Listeners listeners = open(sockets, 10);
    try (Socket socket = client(listeners).connect()) {
      socket.getOutputStream().write(frame("big.example.org"));
      socket.getOutputStream().write(frame("big.example.org"));
      socket.shutdownOutput();
      await(() -> source.asked() == 2);
      for (int i = 0; i < 2; i++) {
        client(listeners).tcp(DnsClient.query("any.example.org", "ANY"));
        source.answer(i, BIG);
      }
      for (int i = 0; i < 2; i++) {
        assertThat(DnsClient.readFrame(socket)).hasSizeGreaterThan(50_000);
      }
      assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
    }
  }

  @Test
  void tooManyConnectionsAreRefusedUntilOneIsClosed() throws IOException {
    Listeners listeners = open(Sockets.best(), 2);
    Socket first = client(listeners).connect();
    try (first;
        Socket second = client(listeners).connect()) {
      await(() -> listeners.connections() == 2);
      try (Socket third = client(listeners).connect()) {
        assertThat(isClosedByPeer(third)).isTrue();
      }
      assertThat(ledger.get(Ledger.Count.CONNECTIONS_REFUSED)).isEqualTo(1);
      first.close();
      await(() -> listeners.connections() == 1);
      try (Socket fourth = client(listeners).connect()) {
        fourth.getOutputStream().write(frame("www.example.org"));
        await(() -> source.asked() == 1);
        answer(0);
        DnsClient.readFrame(fourth);
      }
      assertThat(second.isClosed()).isFalse();
    }
  }

  @Test
  void aClientThatResetsTheConnectionCostsItsResponsesAlone() throws IOException {
    Listeners listeners = open(Sockets.best(), 10);
    try (Socket socket = client(listeners).connect()) {
      socket.getOutputStream().write(frame("one.example.org"));
      socket.getOutputStream().write(frame("two.example.org"));
      await(() -> source.asked() == 2);
      socket.setSoLinger(true, 0);
    }
    await(() -> listeners.connections() == 0);
    answer(0);
    answer(1);
    // A connection counts as closed a moment before its waiters are told; an answer may be sooner.
    await(
        () ->
            ledger.get(Ledger.Count.GAVE_UP_AT_DISCONNECT) + ledger.get(Ledger.Count.RESPONSES_LOST)
                == 2);
    try (Socket socket = client(listeners).connect()) {
      socket.getOutputStream().write(frame("three.example.org"));
      await(() -> source.asked() == 3);
      answer(2);
      DnsClient.readFrame(socket);
    }
  }

  @Test
  void closingEndsEveryConnection() throws IOException {
    Listeners listeners = open(Sockets.best(), 10);
    try (Socket socket = client(listeners).connect()) {
      await(() -> listeners.connections() == 1);
      listeners.close();
      assertThat(isClosedByPeer(socket)).isTrue();
    }
    await(() -> listeners.connections() == 0);
  }

  @Test
  void whereOneAddressCannotBeHadNoneIs() throws IOException {
    InetSocketAddress free = open(Sockets.best(), 10).addresses().get(0);
    opened.remove(0).close();
    assertThatExceptionOfType(CannotListen.class)
        .isThrownBy(() -> open(Sockets.best(), 10, free, Addresses.parse("198.51.100.1", 5300)));
    Listeners again = open(Sockets.best(), 10, free);
    assertThat(again.addresses()).containsExactly(free);
  }

  @Test
  void addressesAreFollowedOnceTheMachineTellsThem() throws IOException {
    int port = open(Sockets.best(), 10).addresses().get(0).getPort();
    opened.remove(0).close();
    Listeners listeners = open(Sockets.best(), 10, Addresses.parse("0.0.0.0", port));
    InetSocketAddress first = Addresses.parse("127.0.0.1", port);
    InetSocketAddress second = Addresses.parse("127.0.0.2", port);
    listeners.follow(() -> Optional.of(List.of(first.getAddress(), second.getAddress())));
    assertThat(listeners.addresses()).containsExactlyInAnyOrder(first, second);
    assertThat(listeners.follow(Optional::empty)).as("it does not tell").isFalse();
    assertThat(listeners.addresses()).containsExactlyInAnyOrder(first, second);
    assertThat(listeners.follow(() -> Optional.of(List.of(first.getAddress())))).isTrue();
    assertThat(listeners.addresses()).containsExactly(first);
  }

  @Test
  void otherAddressesAreTakenAndWhatStaysIsNotTouched() throws IOException {
    int port = open(Sockets.best(), 10).addresses().get(0).getPort();
    opened.remove(0).close();
    InetSocketAddress first = Addresses.parse("127.0.0.1", port);
    InetSocketAddress second = Addresses.parse("127.0.0.2", port);
    Listeners listeners = open(Sockets.best(), 10, first);
    try (Socket socket = client(listeners).connect()) {
      socket.getOutputStream().write(frame("one.example.org"));
      await(() -> source.asked() == 1);

      assertThat(listeners.use(List.of(second, first))).isTrue();
      assertThat(listeners.use(List.of(first, second))).as("the same ones").isFalse();
      assertThat(listeners.addresses()).containsExactlyInAnyOrder(first, second);
      assertThatExceptionOfType(CannotListen.class)
          .isThrownBy(
              () ->
                  listeners.use(
                      List.of(
                          Addresses.parse("127.0.0.3", port),
                          Addresses.parse("198.51.100.1", port))));
      assertThat(listeners.addresses()).containsExactlyInAnyOrder(first, second);
      assertThat(listeners.use(List.of(second, Addresses.parse("127.0.0.3", port))))
          .as("of what failed nothing was left open")
          .isTrue();

      answer(0);
      DnsClient.readFrame(socket);
    }
    assertThat(open(Sockets.best(), 10, first).addresses()).containsExactly(first);
  }

  private Listeners open(Sockets sockets, int connections, InetSocketAddress... addresses)
      throws CannotListen {
    List<InetSocketAddress> listen =
        addresses.length == 0 ? List.of(Addresses.parse("127.0.0.1", 0)) : List.of(addresses);
    ServerSettings settings =
        new ServerSettings(
            listen,
            ServerSettings.DEFAULTS.allow(),
            1,
            Duration.ofSeconds(30),
            1232,
            1 << 20,
            1000,
            connections,
            connections,
            Duration.ofSeconds(30),
            PIPELINE);
    EventLoopGroup group = sockets.newLoops(1, "test");
    groups.add(group);
    Listeners listeners =
        Listeners.create(
            settings,
            sockets,
            group,
            new SystemTicker(),
            ledger,
            Gates.open(settings.allow()),
            Policies.byTypeAlone(),
            Policies.letAllOut(),
            new Sources(resolving, source, source),
            resolver.query.QueryTap.NONE);
    opened.add(listeners);
    listeners.use(listen);
    return listeners;
  }

  private void answer(int index) {
    Question question = source.held(index).ask().question();
    String record = Answers.nameOf(question) + " 300 IN A 192.0.2.1";
    source.answer(index, Answers.answer(question, 300, 0, record));
  }

  private static Answer big() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 230; i++) {
      records.add("big.example.org. 300 IN TXT \"" + "x".repeat(250) + i + "\"");
    }
    Question question = Answers.question("big.example.org", "TXT");
    return Answers.answer(question, 300, 0, records.toArray(String[]::new));
  }

  private static DnsClient client(Listeners listeners) {
    return new DnsClient(listeners.addresses().get(0));
  }

  private static byte[] frame(String name) {
    return DnsClient.frame(DnsClient.query(name, "A").toWire());
  }

  private static boolean isClosedByPeer(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (IOException e) {
      return true;
    }
  }

  private static void await(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }
}
