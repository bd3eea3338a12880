package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import resolver.fixtures.ClassPath;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Programs;
import resolver.observe.QueryLogSettings.Clients;
import resolver.observe.QueryLogSettings.Format;
import resolver.settings.Secret;
import resolver.settings.SettingException;

class QueryLogTest {
  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final QueryTaps taps = new QueryTaps(ledger);

  @TempDir private Path directory;

  @Test
  void everyQueryIsALineAndNobodyElseMayRead() throws IOException {
    Path file = directory.resolve("queries.log");
    try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
      assertThat(taps.isOn()).isFalse();
      logs.use(settings(file, Format.TEXT, 64 << 20, 5));
      assertThat(taps.isOn()).isTrue();
      taps.settled(Settled.hit("one.example.org"));
      taps.settled(Settled.hit("two.example.org"));
    }
    assertThat(taps.isOn()).isFalse();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains(" 10.0.0.7 udp one.example.org. IN A hit NOERROR 0.021ms ");
    assertThat(lines.get(1)).contains(" two.example.org. ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isZero();
  }

  @Test
  void theTimeIsThatOfTheQueryNotOfTheLine() {
    List<String> written = new ArrayList<>();
    QueryLog log = log(() -> output(written), 1);
    long asked = clock.nanos();
    long wall = clock.wallMillis();
    clock.advance(Duration.ofSeconds(3));
    log.take(Settled.at(asked, "www.example.org"));
    log.writeAll();
    assertThat(written)
        .singleElement()
        .asString()
        .startsWith(
            "{\"time\":\"" + java.time.Instant.ofEpochMilli(wall).toString().substring(0, 19));
  }

  @Test
  void aFullFileIsSetAsideAndTheOldestIsDeleted() throws IOException {
    Path file = directory.resolve("queries.log");
    for (int i = 0; i < 6; i++) {
      try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
        logs.use(settings(file, Format.JSON, 64 << 10, 2));
        for (int n = 0; n < 400; n++) {
          taps.settled(Settled.hit("n" + i + "-" + n + ".example.org"));
        }
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(each -> String.valueOf(each.getFileName())))
          .containsExactlyInAnyOrder("queries.log", "queries.log.1", "queries.log.2");
    }
    for (String set : List.of("queries.log", "queries.log.1", "queries.log.2")) {
      Path each = directory.resolve(set);
      assertThat(Files.size(each)).isLessThan(100 << 10);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rw-r-----");
    }
    assertThat(Files.readString(file)).contains("n5-399.example.org.");
  }

  @Test
  void aFullDiskCostsLinesWhichAreCountedAndTold() {
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
        logs.use(settings(Path.of("/dev/full"), Format.JSON, 64 << 20, 5));
        taps.settled(Settled.hit("www.example.org"));
      }
      assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isOne();
      assertThat(told.messages())
          .containsExactly(
              "1 lines of the query log are lost: No space left on device (query-log.to is"
                  + " \"/dev/full\")");
    }
  }

  @Test
  void aPlaceThatCannotBeOpenedIsTriedAgainNowAndThen() {
    AtomicInteger tries = new AtomicInteger();
    List<String> written = new ArrayList<>();
    QueryLog log =
        log(
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new IOException("there is no such directory");
              }
              return output(written);
            },
            1);
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      log.take(Settled.hit("one.example.org"));
      log.writeAll();
      log.take(Settled.hit("two.example.org"));
      log.writeAll();
      assertThat(tries).hasValue(1);
      assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isEqualTo(2);
      assertThat(told.messages()).singleElement().asString().contains("no such directory");
      clock.advance(Duration.ofSeconds(10));
      log.take(Settled.hit("three.example.org"));
      log.writeAll();
      assertThat(written).singleElement().asString().contains("three.example.org.");
    }
  }

  @Test
  void whatComesFasterThanItIsWrittenIsCountedAndToldOnceAMinute() {
    QueryLog log = log(() -> output(new ArrayList<>()), 1);
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      for (int i = 0; i < 3; i++) {
        for (int n = 0; n < 16_384 + 5; n++) {
          log.take(Settled.hit("www.example.org"));
        }
        log.writeAll();
      }
      assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isEqualTo(15);
      assertThat(told.messages()).singleElement().asString().startsWith("5 lines ");
      clock.advance(Duration.ofMinutes(1));
      log.writeAll();
      assertThat(told.messages()).hasSize(2).last().asString().startsWith("10 lines ");
    }
  }

  @Test
  void ofASampleOneInSoManyIsWritten() {
    List<String> written = new ArrayList<>();
    QueryLog log = log(() -> output(written), 3);
    for (int i = 0; i < 30; i++) {
      log.take(Settled.hit("n" + i + ".example.org"));
    }
    log.writeAll();
    assertThat(String.join("", written).lines()).hasSize(10);
  }

  @Test
  void aReloadThatChangesNothingLeavesTheLogAlone() {
    Path file = directory.resolve("queries.log");
    try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
      logs.use(settings(file, Format.JSON, 64 << 20, 5));
      taps.settled(Settled.hit("one.example.org"));
      logs.use(settings(file, Format.JSON, 64 << 20, 5));
      logs.use(QueryLogSettings.DEFAULTS);
      assertThat(taps.isOn()).isFalse();
      assertThat(file).content().contains("one.example.org.");
    }
  }

  /** The unit of the service has this umask. */
  @Test
  void filesAreForTheGroupWhateverTheUmask() throws Exception {
    Path file = directory.resolve("queries.log");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 077 && exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ClassPath.inUse(QueryLogTest.class, RollingFile.class),
                FilledFiles.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    for (String name : List.of("queries.log", "queries.log.1", "queries.log.2")) {
      Path each = directory.resolve(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .as(name)
          .isEqualTo("rw-r-----");
    }
  }

  /** The old log is kept busy, so that the other one has to wait until it may write. */
  @Test
  @Timeout(60)
  void whatComesWhileOneLogTakesThePlaceOfAnotherIsALineOnce() throws Exception {
    Path file = directory.resolve("queries.log");
    HeldJournal journal = new HeldJournal();
    try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
      logs.use(settings(Path.of("journal"), Format.TEXT, 64 << 20, 5));
      taps.settled(Settled.hit("before.example.org"));
      Thread reload =
          new Thread(() -> logs.use(settings(file, Format.TEXT, 64 << 20, 5)), "reload");
      reload.start();
      await(() -> reload.getState() == Thread.State.TIMED_WAITING);
      taps.settled(Settled.hit("between.example.org"));
      journal.gate.countDown();
      reload.join();
      taps.settled(Settled.hit("after.example.org"));
    } finally {
      journal.close();
    }
    assertThat(journal.lines).singleElement().asString().contains(" before.example.org. ");
    assertThat(Files.readAllLines(file))
        .satisfiesExactly(
            line -> assertThat(line).contains(" between.example.org. "),
            line -> assertThat(line).contains(" after.example.org. "));
    assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isZero();
  }

  /** Opening a FIFO waits for somebody who reads. */
  @Test
  @Timeout(60)
  void aLogThatDoesNotEndKeepsTheNextOneOffItsFile() throws Exception {
    Path fifo = directory.resolve("queries.log");
    String program = Programs.need("mkfifo").toString();
    assertThat(new ProcessBuilder(program, fifo.toString()).inheritIO().start().waitFor()).isZero();
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      try (QueryLogs logs = new QueryLogs(taps, ledger, clock)) {
        logs.use(settings(fifo, Format.TEXT, 64 << 20, 5));
        taps.settled(Settled.hit("one.example.org"));
        logs.use(settings(fifo, Format.TEXT, 64 << 20, 4));
        taps.settled(Settled.hit("two.example.org"));
        await(() -> ledger.get(Ledger.Count.QUERY_LOG_LOST) == 1);
        try (BufferedReader lines = Files.newBufferedReader(fifo)) {
          assertThat(lines.readLine()).contains(" one.example.org. ");
        }
      }
      assertThat(told.messages())
          .singleElement()
          .asString()
          .contains("the log by the settings before is still being written there");
    }
  }

  @Test
  @Timeout(60)
  void aDefectCostsItsOwnLineAndNotTheLog() {
    List<String> written = new CopyOnWriteArrayList<>();
    AtomicInteger made = new AtomicInteger();
    QueryLog log =
        log(
            () -> {
              if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("a defect");
              }
              return new ClientWords(Clients.PLAIN, ClientWords.randomKey());
            },
            () -> output(written),
            1);
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      log.start();
      log.take(Settled.hit("one.example.org"));
      await(() -> ledger.get(Ledger.Count.QUERY_LOG_LOST) == 1);
      log.take(Settled.hit("two.example.org"));
      log.close();
      assertThat(written).singleElement().asString().contains("two.example.org.");
      assertThat(told.messages())
          .hasSize(2)
          .anyMatch(line -> line.startsWith("writing the query log threw; it goes on"))
          .anyMatch(line -> line.startsWith("1 lines of the query log are lost: "));
    }
  }

  @Test
  void whatALogLeavesAndWhatComesBehindItsEndIsCounted() {
    QueryLog log = log(() -> output(new ArrayList<>()), 1);
    try (LogCatcher told = new LogCatcher(QueryLog.class)) {
      log.take(Settled.hit("one.example.org"));
      log.close();
      assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isOne();
      assertThat(told.messages()).singleElement().asString().contains("before they were written");
      log.take(Settled.hit("two.example.org"));
      assertThat(ledger.get(Ledger.Count.QUERY_LOG_LOST)).isEqualTo(2);
    }
  }

  @Test
  void noMoreThanEightWatchAtOnce() {
    List<QueryWatch> watches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      watches.add(taps.watch());
    }
    assertThatThrownBy(taps::watch).isInstanceOf(IllegalStateException.class);
    watches.forEach(QueryWatch::close);
    watches.forEach(QueryWatch::close);
    assertThat(taps.isOn()).isFalse();
    taps.watch().close();
  }

  @Test
  void aPathThatIsNoneIsAMistake() {
    assertThatThrownBy(() -> settings(Path.of("queries.log"), Format.JSON, 64 << 20, 5))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("the path of a file that begins with /");
  }

  private QueryLog log(QueryLog.Place place, int sample) {
    return log(() -> new ClientWords(Clients.PLAIN, ClientWords.randomKey()), place, sample);
  }

  private QueryLog log(Supplier<ClientWords> clientWords, QueryLog.Place place, int sample) {
    AtomicInteger next = new AtomicInteger();
    return new QueryLog(
        new QueryLogSettings(
            "journal", Format.JSON, sample, Clients.PLAIN, Secret.NONE, 64 << 20, 5),
        clientWords,
        place,
        ledger,
        clock,
        bound -> next.getAndIncrement() % bound);
  }

  private static QueryLog.Output output(List<String> written) {
    return new QueryLog.Output() {
      @Override
      public void write(String lines) {
        written.add(lines);
      }

      @Override
      public void close() {}
    };
  }

  private static void await(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("the time is over").isFalse();
      Thread.onSpinWait();
    }
  }

  /** The log of the daemon, which takes the first line once it may. */
  private static final class HeldJournal extends AppenderBase<ILoggingEvent> {
    private final Logger logger = (Logger) LoggerFactory.getLogger("resolver.queries");
    final CountDownLatch gate = new CountDownLatch(1);
    final List<String> lines = new CopyOnWriteArrayList<>();

    HeldJournal() {
      start();
      logger.addAppender(this);
      logger.setAdditive(false);
      logger.setLevel(Level.INFO);
    }

    @Override
    protected void append(ILoggingEvent event) {
      try {
        gate.await();
        lines.add(event.getFormattedMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      gate.countDown();
      logger.setAdditive(true);
      logger.setLevel(null);
      logger.detachAppender(this);
    }
  }

  private static QueryLogSettings settings(Path file, Format format, long size, int files) {
    return new QueryLogSettings(
        file.toString(), format, 1, Clients.PLAIN, Secret.NONE, size, files);
  }
}
