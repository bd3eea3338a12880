package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubNameServer.Received;
import resolver.fixtures.StubScript;
import resolver.query.Transport;
import resolver.settings.Addresses;

/** The crowd on real sockets, against servers that merge nothing. */
@Timeout(60)
class StampedeTest {
  private static final InetSocketAddress ANY = Addresses.parse("127.0.0.1", 0);

  private final CountingUpstream upstream;

  StampedeTest() throws IOException {
    upstream = CountingUpstream.start(ANY, Duration.ZERO, FaultPlan.NONE, 1);
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void everybodyIsAnsweredAndEveryQueryIsCounted() throws InterruptedException {
    List<RoundResult> told = new ArrayList<>();
    Scorecard card =
        new Stampede(crowd(new Molecule(40, 10), 3, 2, 7), upstream.address(), upstream, told::add)
            .run();
    assertThat(card.right()).isEqualTo(150);
    assertThat(card.rounds()).isEqualTo(3);
    assertThat(card.upstream().queries()).isEqualTo(150);
    assertThat(card.upstream().askers()).as("IDs differ on one socket").isEqualTo(50);
    assertThat(upstream.otherQueries()).as("two rounds to warm up").isEqualTo(100);
    assertThat(card.complaints()).containsExactly("150 upstream queries, where 3 would do");
    assertThat(told)
        .hasSize(3)
        .allSatisfy(
            result -> {
              assertThat(result.tcp()).isEqualTo(10);
              assertThat(result.atFirst()).isEqualTo(50);
              assertThat(result.queries()).isEqualTo(50);
              assertThat(result.skew()).isLessThanOrEqualTo(result.last());
            });
  }

  @Test
  void eachConsecutiveThreeAreTwoOverUdpAndOneOverTcpAndAskOneName() throws InterruptedException {
    assertMolecules(Molecule.WATER, 100);
  }

  @Test
  void peroxideIsTwoAndTwo() throws InterruptedException {
    assertMolecules(new Molecule(2, 2), 100);
  }

  private void assertMolecules(Molecule molecule, int number) throws InterruptedException {
    StampedeSettings settings =
        new StampedeSettings(
            molecule, 1, number, 0, molecule.size(), false, Duration.ofSeconds(30), 1, true, false);
    try (StubNameServer server = StubNameServer.start()) {
      // Refuses everything, which is an answer, too.
      Scorecard card = new Stampede(settings, server.address(), upstream, result -> {}).run();
      assertThat(card.verdicts())
          .containsEntry(Verdict.OTHER_RCODE, (long) number * molecule.size());
      List<Received> received = server.received();
      assertThat(received).hasSize(number * molecule.size());
      for (int i = 0; i < received.size(); i += molecule.size()) {
        List<Received> together = received.subList(i, i + molecule.size());
        assertThat(together)
            .filteredOn(query -> query.transport() == Transport.UDP)
            .hasSize(molecule.udp());
        Set<Name> names =
            together.stream()
                .map(query -> query.message().getQuestion().getName())
                .collect(Collectors.toSet());
        assertThat(names).as("names are equal whatever their case").hasSize(1);
      }
      Set<InetSocketAddress> clients =
          received.stream().map(Received::client).collect(Collectors.toSet());
      assertThat(clients).as("each client asked once").hasSizeGreaterThan(molecule.size());
    }
  }

  @Test
  void eachClientSpellsTheNameInItsOwnWayUnlessToldOtherwise() throws InterruptedException {
    for (boolean own : new boolean[] {true, false}) {
      StampedeSettings settings =
          new StampedeSettings(
              Molecule.SINGLE, 20, 1, 0, 20, true, Duration.ofSeconds(30), 1, own, false);
      try (StubNameServer server = StubNameServer.start()) {
        new Stampede(settings, server.address(), upstream, result -> {}).run();
        Set<String> spellings =
            server.received().stream()
                .map(query -> query.message().getQuestion().getName().toString())
                .collect(Collectors.toSet());
        assertThat(spellings.size()).isEqualTo(own ? 20 : 1);
      }
    }
  }

  @Test
  void whoGetsNoAnswerIsMissingOnceItsTimeIsOver() throws InterruptedException {
    StampedeSettings settings =
        new StampedeSettings(
            Molecule.WATER, 1, 1, 0, 1, true, Duration.ofMillis(200), 1, true, true);
    try (StubNameServer server = StubNameServer.start()) {
      server.otherwise().silent();
      Scorecard card = new Stampede(settings, server.address(), upstream, result -> {}).run();
      assertThat(card.missing()).isEqualTo(3);
      assertThat(card.complaints()).containsExactly("3 of 3 questions went unanswered");
    }
  }

  @Test
  void aDatagramThatIsLostIsSentAgain() throws Exception {
    try (CountingUpstream dropping =
        CountingUpstream.start(ANY, Duration.ZERO, FaultPlan.parse("drop@1"), 1)) {
      StampedeSettings settings =
          new StampedeSettings(
              Molecule.SINGLE, 3, 1, 0, 3, true, Duration.ofSeconds(30), 1, true, true);
      Scorecard card = new Stampede(settings, dropping.address(), dropping, result -> {}).run();
      assertThat(card.right()).isEqualTo(3);
      assertThat(card.atFirst()).isEqualTo(2);
      assertThat(card.resends()).isEqualTo(1);
    }
  }

  @Test
  void whereNobodyListensAllAreMissing() throws InterruptedException {
    StampedeSettings settings =
        new StampedeSettings(
            Molecule.WATER, 2, 1, 0, 2, true, Duration.ofMillis(200), 1, true, true);
    Scorecard card =
        new Stampede(settings, Addresses.parse("127.83.19.7", 5300), upstream, result -> {}).run();
    assertThat(card.missing()).isEqualTo(6);
  }

  @Test
  void aStopKeepsTheWholeRounds() throws InterruptedException {
    Stampede[] stampede = new Stampede[1];
    List<RoundResult> told = new ArrayList<>();
    stampede[0] =
        new Stampede(
            crowd(new Molecule(4, 1), 100_000, 0, 4),
            upstream.address(),
            upstream,
            result -> {
              told.add(result);
              if (told.size() == 5) {
                stampede[0].stop();
              }
            });
    Scorecard card = stampede[0].run();
    assertThat(card.rounds()).isEqualTo(5);
    assertThat(card.right()).isEqualTo(25);
    assertThat(card.roundsWanted()).isEqualTo(100_000);
  }

  @Test
  void aStopBeforeTheStartEndsItAtOnce() throws InterruptedException {
    Stampede stampede =
        new Stampede(
            crowd(new Molecule(4, 1), 1_000, 0, 4), upstream.address(), upstream, result -> {});
    stampede.stop();
    assertThat(stampede.run().rounds()).isZero();
  }

  @Test
  void aStopWhileNobodyIsAnsweredDoesNotWaitForTheAnswers() throws Exception {
    StampedeSettings settings =
        new StampedeSettings(
            Molecule.WATER, 10, 1, 0, 10, true, Duration.ofMinutes(1), 1, true, true);
    try (StubNameServer server = StubNameServer.start()) {
      server.otherwise().silent();
      Stampede stampede = new Stampede(settings, server.address(), upstream, result -> {});
      CompletableFuture<Scorecard> card =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return stampede.run();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      server.awaitQueries(30);
      stampede.stop();
      assertThat(card.get(20, TimeUnit.SECONDS).questions()).isZero();
    }
  }

  @Test
  void noThreadAndNoSocketIsLeft() throws Exception {
    long before = openSockets();
    try (CountingUpstream other = CountingUpstream.start(ANY, Duration.ZERO, FaultPlan.NONE, 1)) {
      new Stampede(crowd(new Molecule(20, 10), 2, 0, 20), other.address(), other, result -> {})
          .run();
      StampedeSettings each =
          new StampedeSettings(
              Molecule.WATER, 1, 5, 0, 3, false, Duration.ofSeconds(30), 1, true, true);
      new Stampede(each, other.address(), other, result -> {}).run();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("crowd")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
    assertThat(openSockets()).isLessThanOrEqualTo(before);
  }

  /** Of this process, where the kernel tells; it has forgotten them when their close returns. */
  private static long openSockets() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    long sockets = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path each : all) {
        try {
          sockets += Files.readSymbolicLink(each).toString().startsWith("socket:") ? 1 : 0;
        } catch (NoSuchFileException e) {
          // That of the directory itself, or of somebody who is done.
        }
      }
    }
    return sockets;
  }

  @Test
  void aSocketIsSharedByAsManyAsThereAreIds() {
    assertThat(StampedeSettings.leastSockets(0)).isEqualTo(1);
    assertThat(StampedeSettings.leastSockets(65_536)).isEqualTo(1);
    assertThat(StampedeSettings.leastSockets(65_537)).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> crowd(new Molecule(65_537, 0), 1, 0, 1))
        .withMessageContaining("sockets")
        .withMessageContaining("2 to 100000");
  }

  @Test
  void aThousandOnOneSocketAreToldApart() throws InterruptedException {
    Scorecard card =
        new Stampede(
                crowd(new Molecule(1_000, 0), 1, 0, 1), upstream.address(), upstream, result -> {})
            .run();
    assertThat(card.right()).isEqualTo(1_000);
    assertThat(card.upstream().askers()).isEqualTo(1_000);
  }

  @Test
  void anAnswerThatComesARoundLateIsAStrayThoughItsIdIsTakenAgain() throws Exception {
    // The second round gets the answer of the first, with an ID that fits.
    try (StubNameServer server = StubNameServer.start()) {
      List<Message> before = new ArrayList<>();
      server
          .otherwise()
          .replies(
              (query, transport) -> {
                Message late = before.isEmpty() ? null : before.remove(0);
                before.add(query);
                if (late == null) {
                  return StubScript.reply(query, 0, List.of(), Section.ANSWER);
                }
                late.getHeader().setID(query.getHeader().getID());
                return StubScript.reply(late, 0, List.of(), Section.ANSWER);
              });
      StampedeSettings settings =
          new StampedeSettings(
              Molecule.SINGLE, 1, 2, 0, 1, true, Duration.ofMillis(200), 1, true, false);
      Scorecard card = new Stampede(settings, server.address(), upstream, result -> {}).run();
      assertThat(card.verdicts())
          .containsEntry(Verdict.OTHER_ADDRESS, 1L)
          .containsEntry(Verdict.MISSING, 1L);
      assertThat(card.strays()).isEqualTo(1);
    }
  }

  @Test
  void aTrialThatIsStoppedEndsAtOnceAndStaysStopped() throws Exception {
    try (StubNameServer server = StubNameServer.start()) {
      server.otherwise().silent();
      Trial trial = new Trial(server.address());
      CompletableFuture<Boolean> tried =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return trial.succeeds(1_000_000);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      server.awaitQueries(1);
      assertThat(trial.isStopped()).isFalse();
      trial.stop();
      assertThat(tried.get(20, TimeUnit.SECONDS)).isFalse();
      assertThat(trial.isStopped()).isTrue();
      assertThat(trial.succeeds(1_000_000)).isFalse();
    }
  }

  @Test
  void aTrialTellsWhetherAServerForwardsToTheUpstream() throws InterruptedException {
    assertThat(new Trial(upstream.address()).succeeds(1)).isTrue();
    Trial nobody = new Trial(Addresses.parse("127.83.19.7", 5300));
    assertThat(nobody.succeeds(1)).isFalse();
    assertThat(nobody.trouble()).isEqualTo("nobody listens there");
    try (StubNameServer server = StubNameServer.start()) {
      Trial other = new Trial(server.address());
      assertThat(other.succeeds(1)).isFalse();
      assertThat(other.trouble()).isEqualTo("the answer is other rcode");
    }
  }

  private static StampedeSettings crowd(Molecule molecule, int rounds, int warmUps, int sockets) {
    return new StampedeSettings(
        molecule, 1, rounds, warmUps, sockets, true, Duration.ofSeconds(30), 1, true, true);
  }
}
