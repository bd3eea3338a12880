package resolver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Section;
import resolver.clock.Ticker;
import resolver.fixtures.Answers;
import resolver.fixtures.With;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.settings.Addresses;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/** What one run of a daemon leaves to the next one. */
class SnapshotTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final Question MAIL = Answers.question("mail.example.org", "A");
  private static final String WWW_1 = "www.example.org. 300 IN A 192.0.2.1";
  private static final String WWW_2 = "www.example.org. 300 IN A 192.0.2.2";
  private static final String MAIL_1 = "mail.example.org. 300 IN A 192.0.2.3";
  private static final String SOA =
      "example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 300";
  private static final long SEED = 20_261_125;

  /** The two clocks apart, as they are in life. */
  private static final class Clocks implements Ticker {
    private long nanos = -5_000_000_000L;
    private long wall = 1_800_000_000_000L;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long wallMillis() {
      return wall;
    }

    void advance(Duration by) {
      nanos += by.toNanos();
      wall += by.toMillis();
    }
  }

  /** One run of a daemon. */
  private final class Run {
    final Clocks clock = new Clocks();
    final AnswerCache cache;
    final Snapshot snapshot;
    Routes routes = Routes.NONE;

    Run() {
      this(CacheSettings.DEFAULTS);
    }

    Run(CacheSettings settings) {
      cache = new AnswerCache(settings, new CacheRules(settings), clock);
      snapshot = new Snapshot(file(), cache, () -> routes, clock, settings.size());
    }

    /** The next one, after a while. */
    Run next(Duration later) {
      return next(later, CacheSettings.DEFAULTS);
    }

    Run next(Duration later, CacheSettings settings) {
      Run next = new Run(settings);
      // Another boot: the ticker begins anew.
      next.clock.nanos = 77_000_000_000L;
      next.clock.wall = clock.wall + later.toMillis();
      next.routes = routes;
      return next;
    }

    Run keep(Question question, int ttl, String... records) {
      cache.keep(question, Answers.answer(question, ttl, clock.nanos(), records));
      return this;
    }

    Run write() throws IOException {
      snapshot.read(() -> true);
      snapshot.write(() -> true);
      return this;
    }

    Snapshot.Restored read() throws IOException {
      return snapshot.read(() -> true);
    }
  }

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("cache");
  }

  @Test
  void theNextRunKnowsAllThatThisOneKnew() throws IOException {
    Random random = new Random(SEED);
    Run run = new Run();
    run.snapshot.read(() -> true);
    for (int i = 0; i < 2000; i++) {
      run.clock.advance(Duration.ofMillis(random.nextInt(200)));
      Question question = randomQuestion(random, i);
      run.cache.keep(question, randomAnswer(question, random, run.clock.nanos()));
    }
    Map<Question, Answer> before = new HashMap<>();
    run.cache.all().forEach(entry -> before.put(entry.getKey(), entry.getValue()));
    assertThat(run.snapshot.write(() -> true)).isEqualTo(before.size());

    Run next = run.next(Duration.ofSeconds(7));
    Snapshot.Restored restored = next.read();

    assertThat(restored.fault()).isEmpty();
    assertThat(restored.clock()).isEmpty();
    assertThat(restored.whole()).isTrue();
    Map<Question, Answer> after = new HashMap<>();
    next.cache.all().forEach(entry -> after.put(entry.getKey(), entry.getValue()));
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach(
        (question, answer) -> {
          Answer old = Objects.requireNonNull(before.get(question));
          assertThat(answer.fromSnapshot()).isTrue();
          assertThat(same(answer, old)).as("%s, seed %d", question, SEED).isTrue();
          long ageThen = run.clock.nanos() - old.arrivedAt();
          long ageNow = next.clock.nanos() - answer.arrivedAt();
          assertThat(ageNow - ageThen).isBetween(7_000_000_000L, 7_001_000_000L);
        });
  }

  @Test
  void aFileThatWasCutAnywhereHarmsNobody() throws IOException {
    byte[] whole = smallFile();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(faultOf("cut at " + length)).isNotEmpty();
    }
    Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
    assertThat(faultOf("longer")).isNotEmpty();
    Files.write(file(), whole);
    assertThat(faultOf("whole")).isEmpty();
  }

  @Test
  void aFileWithAFlippedBitHarmsNobody() throws IOException {
    byte[] whole = smallFile();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file(), flipped);
      assertThat(faultOf("bit " + bit)).as("bit " + bit).isNotEmpty();
    }
  }

  @Test
  void aFileOfNoiseHarmsNobody() throws IOException {
    Random random = new Random(SEED);
    byte[] whole = smallFile();
    for (int i = 0; i < 2000; i++) {
      byte[] noisy = whole.clone();
      int from = random.nextInt(noisy.length);
      int length = 1 + random.nextInt(noisy.length - from);
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, noisy, from, length);
      Files.write(file(), noisy);
      faultOf("noise " + i + ", seed " + SEED);
    }
  }

  @Test
  void whatPassesTheChecksumAndMakesNoSenseIsAFault() throws IOException {
    // As a defect of the writer, or an enemy, would make it: every octet of a block is tried.
    byte[] whole = smallFile();
    for (int at = 18 + 8; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) 0xff;
      Blocks.mend(changed);
      Files.write(file(), changed);
      Run next = new Run();
      next.clock.wall += 1000;
      next.read();
    }
  }

  @Test
  void aBlockOfAnotherFileIsAFault() throws IOException {
    byte[] one = smallFile();
    byte[] other = smallFile();
    assertThat(one).hasSameSizeAs(other);
    // Their heads differ in the number alone.
    System.arraycopy(one, 18, other, 18, one.length - 18);
    Files.write(file(), other);
    assertThat(faultOf("mixed")).contains("checksum", "block 0");
  }

  @Test
  void foreignAndNewerFilesAreNamedForWhatTheyAre() throws IOException {
    Files.writeString(file(), "Dear diary, today I was not a snapshot at all.");
    assertThat(faultOf("foreign")).isEqualTo("it is no snapshot of a cache");

    byte[] newer = smallFile();
    newer[9]++;
    Files.write(file(), newer);
    assertThat(faultOf("newer")).isEqualTo("it is of version 2 (expected: 1)");
  }

  @Test
  void aDamagedFileIsSetAsideAndOnlyAFewAreKept() throws IOException {
    Run run = new Run();
    List<Path> aside = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Files.writeString(file(), "damage " + i);
      run.clock.advance(Duration.ofSeconds(1));
      aside.add(run.snapshot.setAside());
    }
    assertThat(aside.get(4).getFileName().toString()).startsWith("cache.damaged-");
    assertThat(aside.get(4)).hasContent("damage 4");
    assertThat(files()).containsExactlyInAnyOrderElementsOf(aside.subList(2, 5));
  }

  @Test
  void noFileIsNoFault() throws IOException {
    Snapshot.Restored restored = new Run().read();
    assertThat(restored).isEqualTo(new Snapshot.Restored(0, 0, "", "", true));
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    new Run().keep(WWW, 300, WWW_1).write();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(files()).containsExactly(file());
  }

  @Test
  void aWritingThatIsGivenUpLeavesTheFileBefore() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).write();
    byte[] before = Files.readAllBytes(file());
    // More than a block has room for.
    for (int i = 0; i < 1000; i++) {
      Question question = Answers.question("n" + i + ".example.org", "A");
      run.keep(question, 300, "n" + i + ".example.org. 300 IN A 192.0.2.1");
    }
    assertThat(run.snapshot.write(() -> false)).isEqualTo(-1);
    assertThat(file()).hasBinaryContent(before);
    assertThat(files()).containsExactly(file());
    assertThat(run.snapshot.write(() -> true)).isEqualTo(1001);
  }

  @Test
  void aReloadOfRoutesDuringTheWritingVoidsIt() throws IOException {
    Run run = new Run();
    run.read();
    for (int i = 0; i < 1000; i++) {
      Question question = Answers.question("n" + i + ".example.org", "A");
      run.keep(question, 300, "n" + i + ".example.org. 300 IN A 192.0.2.1");
    }
    assertThat(
            run.snapshot.write(
                () -> {
                  run.routes = run.routes.replacedBy(List.of(route("example.org 192.0.2.9")));
                  return true;
                }))
        .isEqualTo(-1);
    assertThat(files()).isEmpty();
  }

  @Test
  void noAnswerLivesLongerThanItWouldHave() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1);
    run.clock.advance(Duration.ofSeconds(100));
    run.write();

    assertThat(freshAfter(run, Duration.ofSeconds(199))).isTrue();
    assertThat(freshAfter(run, Duration.ofSeconds(200))).isFalse();
    assertThat(usableAfter(run, Duration.ofSeconds(200))).isTrue();
    Duration stale = CacheSettings.DEFAULTS.staleFor();
    assertThat(usableAfter(run, stale.plusSeconds(199))).isTrue();
    assertThat(usableAfter(run, stale.plusSeconds(200))).isFalse();
    assertThat(usableAfter(run, Duration.ofDays(20_000))).isFalse();
  }

  @Test
  void withAClockBeforeTheWritingAllIsStaleAtBest() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1);
    run.clock.advance(Duration.ofSeconds(400));
    run.keep(MAIL, 300, MAIL_1).write();

    Run next = run.next(Duration.ofMillis(-1));
    assertThat(next.read().clock()).contains("before it was written");
    assertThat(next.cache.fresh(MAIL)).isNull();
    assertThat(next.cache.evenStale(MAIL)).isNotNull();
    assertThat(next.cache.usableFor(MAIL)).isEqualTo(CacheSettings.DEFAULTS.staleFor().toNanos());
    assertThat(next.cache.usableFor(WWW))
        .as("it was stale for 100 s already")
        .isEqualTo(CacheSettings.DEFAULTS.staleFor().minusSeconds(100).toNanos());
  }

  @Test
  void withAClockFarAheadNothingIsOfUse() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).write();
    Run next = run.next(Duration.ofDays(30_000));
    Snapshot.Restored restored = next.read();
    assertThat(restored.clock()).contains("more than two weeks old");
    assertThat(restored.taken()).isZero();
    assertThat(restored.fault()).isEmpty();
  }

  @Test
  void whatWasHeardSinceTheStartStays() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).keep(MAIL, 300, MAIL_1).write();
    Run next = run.next(Duration.ofSeconds(1)).keep(WWW, 300, WWW_2);
    Answer heard = next.cache.fresh(WWW);
    assertThat(next.read().taken()).isEqualTo(1);
    assertThat(next.cache.fresh(WWW)).isSameAs(heard);
    assertThat(next.cache.fresh(MAIL)).isNotNull();
  }

  @Test
  void thatANameIsGoneStays() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).write();
    Run next = run.next(Duration.ofSeconds(1));
    Question other = Answers.question("www.example.org", "TXT");
    next.cache.keep(other, Answers.negative(other, 3, 300, next.clock.nanos(), SOA));
    next.read();
    assertThat(kept(next, WWW).rcode()).isEqualTo(3);
  }

  @Test
  void thatANameIsThereAgainStays() throws IOException {
    Run run = new Run();
    run.cache.keep(WWW, Answers.negative(WWW, 3, 300, run.clock.nanos(), SOA));
    run.write();
    Run next = run.next(Duration.ofSeconds(1)).keep(WWW, 10, WWW_1);
    assertThat(next.read().taken()).isZero();
    next.clock.advance(Duration.ofSeconds(11));
    assertThat(next.cache.fresh(WWW)).isNull();
  }

  @Test
  void whatIsNotToBeKeptAnyMoreIsNotReplacedByAnOldWord() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).write();
    Run next = run.next(Duration.ofSeconds(1)).keep(WWW, 0, WWW_2);
    assertThat(next.read().taken()).isZero();
    assertThat(next.cache.fresh(WWW)).isNull();
  }

  @Test
  void whatWasForgottenSinceTheStartStaysForgotten() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).keep(MAIL, 300, MAIL_1).write();
    Run next = run.next(Duration.ofSeconds(1));
    next.cache.clearIf(question -> question.isAt(WWW.name()));
    assertThat(next.read().taken()).isEqualTo(1);
    assertThat(next.cache.fresh(WWW)).isNull();

    Run third = run.next(Duration.ofSeconds(1));
    third.cache.clear();
    assertThat(third.read().taken()).isZero();
  }

  @Test
  void answersOfARouteThatHasChangedAreLeft() throws IOException {
    Question corp = Answers.question("www.corp.example", "A");
    Run run = new Run();
    run.routes = run.routes.replacedBy(List.of(route("corp.example 192.0.2.9")));
    run.keep(corp, 300, "www.corp.example. 300 IN A 192.0.2.1").keep(WWW, 300, WWW_1).write();

    Run same = run.next(Duration.ofSeconds(1));
    assertThat(same.read().taken()).isEqualTo(2);
    Run other = run.next(Duration.ofSeconds(1));
    other.routes = Routes.NONE.replacedBy(List.of(route("corp.example 192.0.2.10")));
    assertThat(other.read().taken()).isEqualTo(1);
    assertThat(other.cache.fresh(corp)).isNull();
    Run none = run.next(Duration.ofSeconds(1));
    none.routes = Routes.NONE;
    assertThat(none.read().taken()).isEqualTo(1);
    Run more = run.next(Duration.ofSeconds(1));
    more.routes = run.routes.replacedBy(List.of(route("example.org 192.0.2.9")));
    more.read();
    assertThat(more.cache.fresh(WWW)).as("it would take another route now").isNull();
  }

  @Test
  void whatARouteSaysOfOthersNamesIsFoundInItsNewSpace() throws IOException {
    Run run = new Run();
    run.routes = run.routes.replacedBy(List.of(route("lan 192.0.2.7")));
    run.routes =
        run.routes.replacedBy(List.of(route("lan 192.0.2.8"), route("corp.example 192.0.2.9")));
    int space = run.routes.legs().get(2).space();
    Question inSpace = WWW.inSpace(space);
    run.keep(inSpace, 300, WWW_1).keep(MAIL.inSpace(999), 300, MAIL_1).write();

    Run next = run.next(Duration.ofSeconds(1));
    next.routes = Routes.NONE.replacedBy(List.of(route("corp.example 192.0.2.9")));
    int other = next.routes.legs().get(1).space();
    assertThat(other).isNotEqualTo(space);
    assertThat(next.read()).isEqualTo(new Snapshot.Restored(1, 0, "", "", true));
    assertThat(next.cache.fresh(WWW.inSpace(other))).isNotNull();
    assertThat(next.cache.fresh(WWW)).isNull();
  }

  @Test
  void theRulesInForceDecideWhatIsTaken() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1).write();
    CacheSettings off =
        CacheSettings.DEFAULTS.withRules(List.of(CacheRule.parse("example.org off")));
    assertThat(run.next(Duration.ofSeconds(1), off).read().taken()).isZero();
    CacheSettings shorter = With.component(CacheSettings.DEFAULTS, "maxTtl", Duration.ofSeconds(9));
    assertThat(run.next(Duration.ofSeconds(1), shorter).read().taken()).isZero();
    CacheSettings noStale = With.component(CacheSettings.DEFAULTS, "staleFor", Duration.ZERO);
    assertThat(run.next(Duration.ofMinutes(5), noStale).read().taken()).isZero();
  }

  @Test
  void policyJudgesThemAnew() throws IOException {
    Run run = new Run().keep(WWW, 300, WWW_1);
    kept(run, WWW).clear(1, 1);
    run.write();
    Run next = run.next(Duration.ofSeconds(1));
    next.read();
    assertThat(kept(next, WWW).isCleared(1, 1)).isFalse();
  }

  private static Answer kept(Run run, Question question) {
    return Objects.requireNonNull(run.cache.fresh(question));
  }

  private static Route route(String text) {
    return Route.parse(text, server -> server);
  }

  private boolean freshAfter(Run run, Duration later) throws IOException {
    Run next = run.next(later);
    next.read();
    return next.cache.fresh(WWW) != null;
  }

  private boolean usableAfter(Run run, Duration later) throws IOException {
    Run next = run.next(later);
    next.read();
    return next.cache.evenStale(WWW) != null;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  private final Map<Question, Answer> known = new LinkedHashMap<>();

  private byte[] smallFile() throws IOException {
    Files.deleteIfExists(file());
    Run run = new Run();
    run.read();
    Random random = new Random(SEED);
    for (int i = 0; i < 6; i++) {
      Question question = randomQuestion(random, i);
      run.cache.keep(question, randomAnswer(question, random, run.clock.nanos()));
    }
    run.cache.all().forEach(entry -> known.put(entry.getKey(), entry.getValue()));
    run.snapshot.write(() -> true);
    return Files.readAllBytes(file());
  }

  /** Reads the file, in which nothing may be found that is not known. */
  private String faultOf(String what) throws IOException {
    Run next = new Run();
    next.clock.wall += 1000;
    Snapshot.Restored restored = next.read();
    next.cache
        .all()
        .forEach(
            entry -> {
              Answer answer = known.get(entry.getKey());
              assertThat(answer != null && same(entry.getValue(), answer)).as(what).isTrue();
            });
    return restored.fault();
  }

  private static boolean same(Answer one, Answer other) {
    return one.rcode() == other.rcode()
        && one.image(false).equals(other.image(false))
        && one.image(true).equals(other.image(true))
        && one.ttl() == other.ttl()
        && one.authentic() == other.authentic()
        && one.errors().equals(other.errors())
        && Objects.equals(one.provenance(), other.provenance());
  }

  private static Question randomQuestion(Random random, int i) {
    String[] types = {"A", "AAAA", "TXT", "MX", "TYPE65280"};
    Question question =
        Answers.question("n" + i + ".example.org", types[random.nextInt(types.length)]);
    return random.nextInt(4) > 0
        ? question
        : Question.of(question.name(), question.type(), question.dnsClass(), true);
  }

  private static Answer randomAnswer(Question question, Random random, long now) {
    String name = Answers.nameOf(question);
    int ttl = 60 + random.nextInt(800);
    String address = name + " 300 IN A 192.0.2." + random.nextInt(256);
    String alias = name + " 300 IN CNAME " + "a".repeat(1 + random.nextInt(40)) + ".example.org.";
    int kind = random.nextInt(5);
    ResponseImage plain =
        switch (kind) {
          case 0, 1 -> Answers.image(question, ttl, Section.ANSWER, address);
          case 2 -> Answers.chain(question, ttl, alias, SOA);
          default -> Answers.image(question, ttl, Section.AUTHORITY, SOA);
        };
    ResponseImage signed =
        random.nextBoolean() ? plain : Answers.image(question, ttl, Section.ANSWER, address, alias);
    InetSocketAddress server =
        Addresses.parse(random.nextBoolean() ? "192.0.2.53" : "2001:db8::53", random.nextInt(9));
    Transport[] transports = Transport.values();
    return Answer.of(
        kind == 4 ? 3 : 0,
        plain,
        signed,
        now,
        ttl,
        random.nextBoolean(),
        Answer.Failure.NONE,
        random.nextInt(3) > 0
            ? List.of()
            : List.of(new ExtendedError(random.nextInt(60_000), "wö rd"), new ExtendedError(1, "")),
        new Provenance(
            server,
            transports[random.nextInt(transports.length)],
            random.nextInt(5000) * 1000L,
            1 + random.nextInt(5),
            random.nextInt(1000)));
  }

  /** The form of the file, in the words of a test. */
  private static final class Blocks {
    /** Sets every checksum right, where the lengths still lead from block to block. */
    static void mend(byte[] file) {
      int place = 0;
      for (int at = 18; at + 8 <= file.length; place++) {
        ByteBuffer octets = ByteBuffer.wrap(file);
        int length = octets.getInt(at);
        if (length < 0 || length > file.length - at - 8) {
          return;
        }
        CRC32C crc = new CRC32C();
        crc.update(file, 0, 18);
        crc.update(ByteBuffer.allocate(4).putInt(place).flip());
        crc.update(file, at + 8, length);
        octets.putInt(at + 4, (int) crc.getValue());
        at += 8 + length;
      }
    }
  }
}
