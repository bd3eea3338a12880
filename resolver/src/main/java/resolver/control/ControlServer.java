package resolver.control;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;

/**
 * Serves the control socket: a request is one line, a JSON array of words, the first of which names
 * a command; the response is lines of JSON objects, and then the end of the connection. An error is
 * an object with {@code error} and {@code exitCode}.
 *
 * <p>One thread accepts, and each connection has one of its own, {@link #MOST} at once; all are
 * daemon threads and none is an event loop, so that there is an answer when a loop hangs. Whoever
 * comes when all are taken is told so. A client that says nothing, or does not read, holds its
 * thread for a bounded time, and nothing else.
 */
public final class ControlServer implements AutoCloseable {
  /** Connections at once. */
  static final int MOST = 16;

  /** Octets of a request. */
  static final int MOST_REQUEST = 16 << 10;

  /** The exit code where the daemon has no time for a request. */
  public static final int BUSY = 12;

  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long STACK = 256L << 10;
  private static final long LAST_WORDS_MILLIS = 500;

  private final Map<String, ControlCommand> commands = new TreeMap<>();
  private final SocketFile file;
  private final Ticker ticker;
  private final Duration patience;
  private final Thread accepting;
  private final Set<Thread> serving = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ControlServer(
      SocketFile file, List<? extends ControlCommand> commands, Ticker ticker, Duration patience) {
    this.file = file;
    this.ticker = ticker;
    this.patience = patience;
    commands.forEach(command -> this.commands.put(command.name(), command));
    this.accepting = thread("control", this::accept);
  }

  /**
   * Serves commands at a path.
   *
   * @throws IOException where it cannot; the message names the path, and the way out
   */
  public static ControlServer open(
      Path path, List<? extends ControlCommand> commands, Ticker ticker) throws IOException {
    return open(path, commands, ticker, PATIENCE);
  }

  static ControlServer open(
      Path path, List<? extends ControlCommand> commands, Ticker ticker, Duration patience)
      throws IOException {
    ControlServer server = new ControlServer(SocketFile.listen(path), commands, ticker, patience);
    server.accepting.start();
    return server;
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(null, task, name, STACK);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        admit(file.channel().accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        LOG.warn("the control socket cannot take a connection: {}", e.toString());
        pause();
      }
    }
  }

  /** What is missing, such as a file descriptor, may be there again later. */
  private void pause() {
    try {
      closed.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    if (serving.size() >= MOST) {
      try (channel;
          Connection connection = new Connection(channel, ticker, Duration.ZERO)) {
        reply(connection)
            .error("the daemon is busy: " + MOST + " requests are under way (try again)", BUSY);
      } catch (IOException e) {
        // Whoever does not take even that has left.
      }
      return;
    }
    Thread thread = thread("control-request", () -> serve(channel));
    serving.add(thread);
    boolean started = false;
    try {
      thread.start();
      started = true;
    } finally {
      if (!started) {
        serving.remove(thread);
        channel.close();
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel;
        Connection connection = new Connection(channel, ticker, patience)) {
      answer(connection);
    } catch (IOException e) {
      LOG.debug("a client of the control socket left: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      serving.remove(Thread.currentThread());
    }
  }

  private void answer(Connection connection) throws IOException, InterruptedException {
    ControlReply out = reply(connection);
    try {
      String line = connection.readLine(MOST_REQUEST);
      if (!line.isEmpty()) {
        List<String> words = words(line);
        command(words.get(0)).run(words.subList(1, words.size()), out);
      }
    } catch (ControlException e) {
      out.error(String.valueOf(e.getMessage()), e.exitCode());
    } catch (RuntimeException e) {
      LOG.error("a request on the control socket threw", e);
      out.error("the daemon met a defect: " + e + " (its log tells more)", ControlException.DEFECT);
    }
  }

  private static ControlReply reply(Connection connection) {
    return new ControlReply(connection, connection::isOpen);
  }

  private static List<String> words(String line) {
    String @Nullable [] words = null;
    try {
      words = new Gson().fromJson(line, String[].class);
    } catch (JsonParseException e) {
      // Told below.
    }
    if (words == null || words.length == 0 || Arrays.stream(words).anyMatch(Objects::isNull)) {
      throw new ControlException(
          "the request cannot be read (expected: one line, a JSON array of words such as"
              + " [\"status\"])");
    }
    return new ArrayList<>(Arrays.asList(words));
  }

  private ControlCommand command(String name) {
    ControlCommand command = commands.get(name);
    if (command == null) {
      throw new ControlException(
          "this daemon has no command \""
              + name
              + "\" (expected: one of "
              + String.join(", ", commands.keySet())
              + "; command and daemon of the same version have the same)");
    }
    return command;
  }

  /** Ends all requests, and removes the file. Does no harm twice. */
  @Override
  public void close() {
    closed.countDown();
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("the control socket is left behind: {}", e.toString());
    }
    List<Thread> left = List.copyOf(serving);
    left.forEach(Thread::interrupt);
    try {
      for (Thread thread : left) {
        thread.join(LAST_WORDS_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
