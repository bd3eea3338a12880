package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;
import resolver.observe.QueryLogSettings.Clients;
import resolver.observe.QueryLogSettings.Format;
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
    AtomicInteger next = new AtomicInteger();
    return new QueryLog(
        new QueryLogSettings("journal", Format.JSON, sample, Clients.PLAIN, "", 64 << 20, 5),
        () -> new ClientWords(Clients.PLAIN, ClientWords.randomKey()),
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

  private static QueryLogSettings settings(Path file, Format format, long size, int files) {
    return new QueryLogSettings(file.toString(), format, 1, Clients.PLAIN, "", size, files);
  }
}
