package resolver.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import resolver.clock.SystemTicker;
import resolver.fixtures.ControlSocketClient;
import resolver.fixtures.Programs;

/** The control socket from outside. */
@Timeout(60)
class ControlServerTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<ControlCommand> commands =
      List.of(
          command("echo", (words, out) -> out.object(json -> json.name("said").value("" + words))),
          command(
              "wait",
              (words, out) -> {
                out.object(json -> json.name("waits").value(true));
                gate.await();
              }),
          command(
              "flood",
              (words, out) -> {
                try {
                  while (true) {
                    out.object(json -> json.name("x").value("x".repeat(10_000)));
                  }
                } finally {
                  ended.countDown();
                }
              }),
          command(
              "break",
              (words, out) ->
                  out.object(
                      json -> {
                        json.name("begun").value(1);
                        throw new IllegalStateException("a defect");
                      })),
          command(
              "refuse",
              (words, out) -> {
                throw new ControlException("not like this", 3);
              }));

  @TempDir Path directory;

  private interface Run {
    void run(List<String> words, ControlReply out) throws IOException, InterruptedException;
  }

  private static ControlCommand command(String name, Run run) {
    return new ControlCommand() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void run(List<String> words, ControlReply out)
          throws IOException, InterruptedException {
        run.run(words, out);
      }
    };
  }

  private Path path() {
    return directory.resolve("control");
  }

  private ControlServer open(Duration patience) throws IOException {
    return ControlServer.open(path(), commands, new SystemTicker(), patience);
  }

  private List<String> ask(String line) throws IOException {
    return ControlSocketClient.ask(path(), line);
  }

  @Test
  @SuppressWarnings("try") // It is what closing leaves that is looked at.
  void aRequestIsAnsweredAndTheConnectionEnds() throws IOException {
    ControlServer server = open(LONG);
    try {
      assertThat(ask("[\"echo\",\"a b\",\"c\"]")).containsExactly("{\"said\":\"[a b, c]\"}");
      assertThat(ask("[\"refuse\"]"))
          .containsExactly("{\"error\":\"not like this\",\"exitCode\":3}");
    } finally {
      server.close();
    }
    assertThat(path()).doesNotExist();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void onlyTheOwnerAndTheGroupMayOpenIt() throws IOException {
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-rw----");
      try (var files = Files.list(directory)) {
        assertThat(files).as("nothing else is left").containsExactly(path());
      }
    }
  }

  @Test
  void aSocketThatNobodyListensOnIsReplaced() throws IOException {
    try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      old.bind(UnixDomainSocketAddress.of(path()));
    }
    assertThat(path()).exists();
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      assertThat(ask("[\"echo\"]")).containsExactly("{\"said\":\"[]\"}");
    }
  }

  @Test
  void oneThatAnswersIsLeftAlone() throws IOException {
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      assertThatThrownBy(() -> open(LONG))
          .hasMessageContaining(path() + ": another daemon listens there (stop it");
      assertThat(ask("[\"echo\"]")).hasSize(1);
    }
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(path(), "precious");
    assertThatThrownBy(() -> open(LONG))
        .hasMessageContaining(path() + ": there is a file, which is no socket");
    assertThat(path()).hasContent("precious");
    Path nowhere = directory.resolve("missing/control");
    assertThatThrownBy(() -> ControlServer.open(nowhere, commands, new SystemTicker()))
        .hasMessageContaining(nowhere + ": the directory does not exist");
  }

  /** Nor is a device, which is looked at in the same way; a try would cost the machine one. */
  @Test
  void aFifoIsNoOldSocket() throws Exception {
    Path fifo = path();
    String program = Programs.need("mkfifo").toString();
    assertThat(new ProcessBuilder(program, fifo.toString()).inheritIO().start().waitFor()).isZero();

    assertThatThrownBy(() -> open(LONG))
        .hasMessageContaining(fifo + ": there is a FIFO, which is no socket")
        .hasMessageContaining("set control.socket to another path");
    assertThat(Files.readAttributes(fifo, BasicFileAttributes.class).isOther()).isTrue();
  }

  @Test
  void theSocketOfASuccessorIsNotRemoved() throws IOException {
    ControlServer first = open(LONG);
    Files.delete(path());
    try (ControlServer second = open(LONG)) {
      assertThat(second).isNotNull();
      first.close();
      assertThat(ask("[\"echo\"]")).hasSize(1);
    }
  }

  @Test
  void requestsThatCannotBeReadAreToldSo() throws IOException {
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      for (String line : List.of("status", "[", "[]", "[null]", "{}", "3", "[[\"a\"]]")) {
        assertThat(ask(line)).as(line).singleElement().asString().contains("cannot be read");
      }
      assertThat(ask("[\"eco\"]"))
          .singleElement()
          .asString()
          .contains("no command \\\"eco\\\" (expected: one of break, echo, flood, refuse, wait;")
          .contains("\"exitCode\":2");
      assertThat(ask("[\"" + "x".repeat(ControlServer.MOST_REQUEST) + "\"]"))
          .singleElement()
          .asString()
          .contains("more than 16384 octets");
    }
  }

  @Test
  void whoeverSaysNothingIsToldSoAndLeft() throws IOException {
    try (ControlServer server = open(SHORT);
        ControlSocketClient silent = new ControlSocketClient(path())) {
      assertThat(server).isNotNull();
      assertThat(silent.say("[\"ec").rest())
          .singleElement()
          .asString()
          .contains("no request within 200 ms");
    }
  }

  @Test
  void whoeverDoesNotReadHoldsNothingForLong() throws Exception {
    try (ControlServer server = open(SHORT);
        ControlSocketClient deaf = new ControlSocketClient(path())) {
      assertThat(server).isNotNull();
      deaf.say("[\"flood\"]\n");
      assertThat(ended.await(30, TimeUnit.SECONDS)).as("the command is ended").isTrue();
      assertThat(ask("[\"echo\"]")).hasSize(1);
    }
  }

  @Test
  void theSeventeenthIsToldThatTheDaemonIsBusy() throws IOException {
    List<ControlSocketClient> clients = new ArrayList<>();
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      for (int i = 0; i < ControlServer.MOST; i++) {
        ControlSocketClient client = new ControlSocketClient(path());
        clients.add(client);
        assertThat(client.say("[\"wait\"]\n").line()).contains("waits");
      }
      try (ControlSocketClient next = new ControlSocketClient(path())) {
        assertThat(next.line()).contains("busy: 16 requests").contains("\"exitCode\":12");
      }
      gate.countDown();
      for (ControlSocketClient client : clients) {
        assertThat(client.rest()).isEmpty();
        client.close();
      }
      // Its thread may still be about to end.
      String again = "busy";
      while (again.contains("busy")) {
        again = String.join("", ask("[\"echo\"]"));
      }
      assertThat(again).contains("said");
    }
  }

  @Test
  void aDefectIsToldBehindWhatWasBegun() throws IOException {
    try (ControlServer server = open(LONG)) {
      assertThat(server).isNotNull();
      assertThat(ask("[\"break\"]"))
          .last()
          .asString()
          .contains("\"exitCode\":10")
          .contains("a defect");
    }
  }

  @Test
  @SuppressWarnings("try") // It is what closing leaves that is looked at.
  void aStopEndsRequestsThatWait() throws IOException {
    ControlServer server = open(LONG);
    try (ControlSocketClient waiting = new ControlSocketClient(path())) {
      assertThat(waiting.say("[\"wait\"]\n").line()).contains("waits");
      server.close();
      assertThat(waiting.rest()).isEmpty();
    }
  }
}
