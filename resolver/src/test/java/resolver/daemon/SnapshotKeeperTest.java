package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.cache.AnswerCache;
import resolver.cache.CacheRules;
import resolver.cache.CacheSettings;
import resolver.cache.Snapshot;
import resolver.cache.SnapshotSettings;
import resolver.clock.Ticker;
import resolver.fixtures.Answers;
import resolver.fixtures.LogCatcher;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Routes;

/** When a snapshot is read, written and told of. */
class SnapshotKeeperTest {
  private static final Question WWW = Answers.question("www.example.org", "A");

  @TempDir Path directory;
  private long nanos = 5_000_000_000L;
  private long wall = 1_800_000_000_000L;

  private final Ticker clock =
      new Ticker() {
        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public long wallMillis() {
          return wall;
        }
      };

  @Test
  void whatWasReadIsForgottenWhereTheClockIsPutForward() {
    keepAndWrite();
    AnswerCache cache = cache();
    SnapshotKeeper keeper = keeper(cache, "cache");
    keeper.read();
    pass(Duration.ofSeconds(100));
    keeper.lookAtClock();
    assertThat(cache.fresh(WWW)).isNotNull();

    try (LogCatcher log = new LogCatcher(SnapshotKeeper.class)) {
      wall += Duration.ofHours(10).toMillis();
      keeper.lookAtClock();
      assertThat(log.messages()).singleElement().asString().contains("clock was put forward");
    }
    assertThat(cache.fresh(WWW)).isNull();

    cache.keep(WWW, answer());
    keeper.lookAtClock();
    assertThat(cache.fresh(WWW)).as("heard since").isNotNull();
  }

  @Test
  void nothingIsWrittenBeforeWhatWasThereIsRead() throws IOException {
    keepAndWrite();
    byte[] before = Files.readAllBytes(directory.resolve("cache"));
    SnapshotKeeper keeper = keeper(cache(), "cache");
    keeper.write(() -> true);
    assertThat(directory.resolve("cache")).hasBinaryContent(before);
  }

  @Test
  void aFaultThatStaysIsToldOnce() {
    SnapshotKeeper keeper = keeper(cache(), "nowhere/cache");
    try (LogCatcher log = new LogCatcher(SnapshotKeeper.class)) {
      keeper.read();
      keeper.write(() -> true);
      keeper.write(() -> true);
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains("nowhere/cache", "no such directory", "snapshot.file");
    }
  }

  @Test
  void whatIsNoFileIsTold() throws IOException {
    Files.createDirectory(directory.resolve("cache"));
    SnapshotKeeper keeper = keeper(cache(), "cache");
    try (LogCatcher log = new LogCatcher(SnapshotKeeper.class)) {
      keeper.read();
      assertThat(log.messages()).singleElement().asString().contains("it is no file");
    }
    assertThat(directory.resolve("cache")).isDirectory();
  }

  private void keepAndWrite() {
    AnswerCache cache = cache();
    SnapshotKeeper keeper = keeper(cache, "cache");
    keeper.read();
    cache.keep(WWW, answer());
    keeper.write(() -> true);
  }

  private Answer answer() {
    return Answers.answer(WWW, 3600, nanos, "www.example.org. 300 IN A 192.0.2.1");
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall += time.toMillis();
  }

  private AnswerCache cache() {
    return new AnswerCache(CacheSettings.DEFAULTS, new CacheRules(CacheSettings.DEFAULTS), clock);
  }

  private SnapshotKeeper keeper(AnswerCache cache, String file) {
    Path path = directory.resolve(file);
    return new SnapshotKeeper(
        new Snapshot(path, cache, () -> Routes.NONE, clock, 1 << 20),
        new SnapshotSettings(path.toString(), Duration.ofMinutes(5)),
        clock);
  }
}
