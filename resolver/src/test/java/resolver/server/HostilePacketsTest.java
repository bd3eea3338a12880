package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.cache.CacheSettings;
import resolver.config.Settings;
import resolver.daemon.Daemon;
import resolver.daemon.StartException;
import resolver.fixtures.DnsClient;
import resolver.fixtures.EchoNameServer;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.settings.Addresses;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/**
 * A hundred thousand packets that nobody in his right mind would send, against a whole daemon. Good
 * queries are strewn in, and each must get its answer.
 */
class HostilePacketsTest {
  private static final int BATCH = 128;
  private static final int UDP_BATCHES = 390;
  private static final int TCP_BATCHES = 390;
  private static final int BROKEN_STREAMS = 300;
  private static final int WARM_UP = 40;
  private static final int GOOD_ONE_IN = 10;

  /** Live objects may differ by what caches and pools have learnt; a leak would be far more. */
  private static final long MARGIN = 12L << 20;

  private final long seed = Long.getLong("resolver.fuzz.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final HostilePackets packets = new HostilePackets(random);
  private final EchoNameServer upstream = EchoNameServer.start();
  @TempDir Path root;
  private Daemon daemon;

  private ResourceLeakDetector.Level levelBefore;

  /** At the paranoid level each buffer costs more than all work on its packet together. */
  @BeforeEach
  void watchSomeBuffers() {
    levelBefore = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.ADVANCED);
  }

  @BeforeEach
  void startDaemon() throws StartException {
    Settings defaults = Settings.DEFAULTS;
    CacheSettings cache = defaults.cache();
    UpstreamSettings base = defaults.upstream();
    daemon =
        Daemon.start(
            new Settings(
                ServerSettings.DEFAULTS.withListen(List.of(Addresses.parse("127.0.0.1", 0))),
                cache.withSize(1 << 20),
                defaults.lookup(),
                new UpstreamSettings(
                    new Servers(plain(upstream.address())),
                    base.tryTimeout(),
                    base.tries(),
                    base.udpSize(),
                    base.tcpIdle()),
                defaults.local(),
                defaults.policy(),
                defaults.log()),
            root);
  }

  @AfterEach
  void stop() {
    daemon.close();
    upstream.close();
    ResourceLeakDetector.setLevel(levelBefore);
  }

  @Test
  void everyGoodQueryAmongAHundredThousandIsAnswered() throws IOException {
    overUdp(WARM_UP);
    overTcp(WARM_UP);
    long heapBefore = heapAtRest();
    overUdp(UDP_BATCHES);
    overTcp(TCP_BATCHES);
    brokenStreams();
    long heapAfter = heapAtRest();
    assertThat(heapAfter - heapBefore).as("seed %d: octets grown", seed).isLessThan(MARGIN);
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).as("seed %d", seed).isZero();
    Ledger ledger = daemon.ledger();
    assertThat(ledger.received()).as("seed %d", seed).isGreaterThan(100_000);
    assertThat(ledger.get(Ledger.Count.LOADERS_THREW)).as("seed %d", seed).isZero();
    assertThat(ledger.get(Ledger.Count.RESPONSES_LOST))
        .as("seed %d: only those of streams that were reset", seed)
        .isLessThan(BROKEN_STREAMS * 20);
  }

  private void overUdp(int batches) throws IOException {
    List<DatagramSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        DatagramSocket socket = new DatagramSocket();
        socket.setReceiveBufferSize(1 << 20);
        socket.setSoTimeout(10_000);
        socket.connect(daemon.addresses().get(0));
        sockets.add(socket);
      }
      for (int i = 0; i < batches; i++) {
        DatagramSocket socket = sockets.get(i % sockets.size());
        Map<Integer, byte[]> awaited = new HashMap<>();
        for (byte[] packet : batch(awaited)) {
          socket.send(new DatagramPacket(packet, packet.length));
        }
        while (!awaited.isEmpty()) {
          check(DnsClient.receive(socket), awaited);
        }
      }
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }

  private void overTcp(int batches) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        sockets.add(connect());
      }
      for (int i = 0; i < batches; i++) {
        Socket socket = sockets.get(i % sockets.size());
        Map<Integer, byte[]> awaited = new HashMap<>();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (byte[] packet : batch(awaited)) {
          frames.write(DnsClient.frame(packet));
        }
        socket.getOutputStream().write(frames.toByteArray());
        while (!awaited.isEmpty()) {
          check(DnsClient.readFrame(socket), awaited);
        }
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Streams whose frames lie about their length; nothing of them needs an answer. */
  private void brokenStreams() throws IOException {
    for (int i = 0; i < BROKEN_STREAMS; i++) {
      try (Socket socket = connect()) {
        for (int j = random.nextInt(20); j >= 0; j--) {
          byte[] frame = DnsClient.frame(packets.hostile());
          frame[random.nextInt(2)] ^= (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 0);
          socket.getOutputStream().write(frame);
        }
        switch (random.nextInt(4)) {
          case 0 -> socket.setSoLinger(true, 0);
          case 1 -> drain(socket);
          default -> {}
        }
      } catch (IOException e) {
        // The daemon hung up while the rest was being written.
      }
    }
  }

  private static void drain(Socket socket) throws IOException {
    socket.shutdownOutput();
    socket.getInputStream().readAllBytes();
  }

  private Socket connect() throws IOException {
    return new DnsClient(daemon.addresses().get(0)).connect();
  }

  private List<byte[]> batch(Map<Integer, byte[]> awaited) {
    List<byte[]> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      boolean good = i == BATCH - 1 || random.nextInt(GOOD_ONE_IN) == 0;
      byte[] packet = good ? packets.good() : packets.hostile();
      if (good) {
        awaited.put(idOf(packet), packet);
      }
      batch.add(packet);
    }
    return batch;
  }

  private void check(byte[] response, Map<Integer, byte[]> awaited) throws IOException {
    assertThat(response.length).as("seed %d", seed).isGreaterThanOrEqualTo(12);
    assertThat(response[2] & 0x80).as("seed %d: QR", seed).isNotZero();
    int id = idOf(response);
    if (id >= 0x8000) {
      return;
    }
    assertThat(awaited).as("seed %d: the query with ID %d", seed, id).containsKey(id);
    byte[] query = Objects.requireNonNull(awaited.remove(id));
    int end = endOfQuestion(query);
    assertThat(Arrays.copyOfRange(response, 4, 6)).containsExactly(0, 1);
    assertThat(Arrays.copyOfRange(response, 12, end))
        .as("seed %d: question", seed)
        .isEqualTo(Arrays.copyOfRange(query, 12, end));
    assertThat(response[3] & 15).as("seed %d: RCODE", seed).isZero();
    assertThat(response[7]).as("seed %d: answers", seed).isEqualTo((byte) 1);
  }

  private static int idOf(byte[] message) {
    return (message[0] & 0xff) << 8 | (message[1] & 0xff);
  }

  private static int endOfQuestion(byte[] query) {
    int end = 12;
    while (query[end] != 0) {
      end += 1 + query[end];
    }
    return end + 5;
  }

  /** Waits until nothing is under way any more, and tells the heap that is in use then. */
  private long heapAtRest() {
    Ledger ledger = daemon.ledger();
    long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long last = -1;
    while (true) {
      long outcomes = 0;
      for (Outcome outcome : Outcome.values()) {
        outcomes += ledger.get(outcome);
      }
      long flights = ledger.get(Ledger.Count.FLIGHTS_BY_CLIENTS);
      long ended =
          ledger.get(Ledger.Count.FLIGHTS_ENDED_WELL) + ledger.get(Ledger.Count.FLIGHTS_FAILED);
      // A stream that broke may hold what it had of a query until its end is seen.
      long pinned = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
      boolean partition = outcomes == ledger.received() && flights == ended && pinned == 0;
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      if (partition && outcomes == last) {
        return used;
      }
      assertThat(System.nanoTime())
          .as(
              "seed %d: %d received, %d outcomes, %d flights, %d ended, %d octets pinned",
              seed, ledger.received(), outcomes, flights, ended, pinned)
          .isLessThan(giveUp);
      last = outcomes;
    }
  }
}
