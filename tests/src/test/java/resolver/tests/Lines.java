package resolver.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The lines that a process writes, kept as they come. A thread of its own reads them, so the
 * process never waits for its reader.
 */
final class Lines {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String what;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private Lines(String what) {
    this.what = what;
  }

  /**
   * Reads a stream to its end.
   *
   * @param what the stream, for messages
   */
  static Lines of(String what, InputStream stream) {
    Lines lines = new Lines(what);
    Thread thread = new Thread(() -> lines.read(stream), what);
    thread.setDaemon(true);
    thread.start();
    return lines;
  }

  /** The lines so far. */
  synchronized List<String> soFar() {
    return List.copyOf(lines);
  }

  /** All lines, when the stream has ended. */
  synchronized List<String> all() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!ended) {
      wait(left(end, "ended"));
    }
    return soFar();
  }

  /**
   * The first line with this text.
   *
   * @throws AssertionError where the stream ends without it, or after 30 s
   */
  String await(String text) throws InterruptedException {
    return await(text, 0);
  }

  /** The first line with this text, the given number of lines left aside. */
  synchronized String await(String text, int from) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (int next = from; ; next++) {
      while (next >= lines.size()) {
        if (ended) {
          throw new AssertionError(what + " ended without \"" + text + "\":\n" + this);
        }
        wait(left(end, "said \"" + text + "\""));
      }
      if (lines.get(next).contains(text)) {
        return lines.get(next);
      }
    }
  }

  /** How many milliseconds are left; not zero, which would mean for ever. */
  private synchronized long left(long end, String wanted) {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (left <= 0) {
      throw new AssertionError(what + " had not " + wanted + " within 30 s:\n" + this);
    }
    return left;
  }

  private void read(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("[the rest is lost: " + e.getMessage() + "]");
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", lines);
  }
}
